using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Augmentation;

public sealed class ErasingTests
{
    private const int Side = 60;
    private const int Count = 1000;

    private static readonly FeatureShape Input = new(Side, Side, 1);
    private static readonly StoredImage White = Pictures.Constant(Side, Side, 1, 255);

    [Fact]
    public void Erasing_ManyPictures_ErasesRectanglesOfTheAreasAndAspectsAsked()
    {
        float[] batch = Pictures.Train(new() { Erasing = new(Probability: 0.5f, MinimalArea: 0.05f, MaximalArea: 0.25f) }, Input, Pictures.Repeat(White, Count));
        (int Width, int Height)[] erased = [.. Enumerable.Range(0, Count).Select(i => Rectangle(batch.Picture(i, Input))).Where(size => size.Width > 0)];

        Assert.Equal(0.5, erased.Length / (double)Count, 5 * 0.5 / Math.Sqrt(Count));
        double[] areas = [.. erased.Select(size => size.Width * size.Height / (double)(Side * Side))], aspects = [.. erased.Select(size => Math.Log(size.Width / (double)size.Height))];
        // Sides are rounded to whole pixels.
        Assert.All(areas, area => Assert.InRange(area, 0.045, 0.265));
        Assert.All(aspects, aspect => Assert.InRange(aspect, Math.Log(0.27), -Math.Log(0.27)));
        Assert.Equal(0.15, areas.Average(), 0.013);
        Assert.Equal(0, aspects.Average(), 0.16);
        // Evenly in the logarithm between ±ln 0.3: its deviation is −ln 0.3/√3.
        Assert.Equal(-Math.Log(0.3) / Math.Sqrt(3), Math.Sqrt(aspects.Average(aspect => aspect * aspect)), 0.06);
    }

    [Fact]
    public void Erasing_FilledWithTheMean_IsZeroToTheModel()
    {
        FeatureShape input = new(20, 20, 3);
        Preprocessing preprocessing = new() { Mean = [0.2f, 0.4f, 0.6f], Deviation = [0.5f, 0.25f, 0.2f] };

        float[] values = Pictures.Train(new() { Erasing = new(Probability: 1, MinimalArea: 0.2f) }, input, [Pictures.Constant(20, 20, 3, 255)], preprocessing);

        float[] white = [(1 - 0.2f) / 0.5f, (1 - 0.4f) / 0.25f, (1 - 0.6f) / 0.2f];
        float[][] pixels = [.. values.Chunk(3)];
        Assert.All(pixels, pixel => Assert.True(pixel.All(value => value == 0) || pixel.SequenceEqual(white), string.Join(", ", pixel)));
        Assert.InRange(pixels.Count(pixel => pixel[0] == 0), 70, 170);
    }

    [Fact]
    public void Erasing_FilledWithNoise_HoldsEveryByteAsTheModelSeesIt()
    {
        FeatureShape input = new(60, 60, 3);
        Preprocessing preprocessing = new() { Mean = [0.2f, 0.4f, 0.6f], Deviation = [0.5f, 0.25f, 0.2f] };

        float[] values = Pictures.Train(new() { Erasing = new(1, 0.9f, 1, ErasingFill.Noise) }, input, Pictures.Repeat(Pictures.Constant(60, 60, 3, 255), 20), preprocessing);

        for (int channel = 0; channel < 3; channel++)
        {
            float mean = preprocessing.Mean[channel], deviation = preprocessing.Deviation[channel];
            float[] levels = [.. Enumerable.Range(0, 256).Select(level => ((level / 255f) - mean) / deviation)];
            Assert.Equal(levels, values.Where((_, i) => i % 3 == channel).Distinct().Order());
        }
    }

    [Fact]
    public void Erasing_NoneOfTenRectanglesFits_LeavesThePicture()
    {
        // The whole area, but nearly never square.
        FeatureShape thin = new(1, 40, 1);

        Assert.All(Pictures.Train(new() { Erasing = new(Probability: 1, MinimalArea: 1, MaximalArea: 1) }, thin, [Pictures.Constant(1, 40, 1, 255)]), value => Assert.Equal(1, value));
    }

    // The black part's size; that it is a full rectangle.
    private static (int Width, int Height) Rectangle(float[] picture)
    {
        int[] black = [.. Enumerable.Range(0, picture.Length).Where(i => picture[i] == 0)];
        if (black.Length == 0)
            return default;
        int width = black.Max(i => i % Side) - black.Min(i => i % Side) + 1, height = (black[^1] / Side) - (black[0] / Side) + 1;
        Assert.Equal(width * height, black.Length);
        return (width, height);
    }
}
