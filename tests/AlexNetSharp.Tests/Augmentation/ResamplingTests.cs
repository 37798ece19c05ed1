using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Augmentation;

/// <summary>Pictures of any size and channels brought to a model's input.</summary>
public sealed class ResamplingTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(20, 28)]
    [InlineData(45, 29)]
    [InlineData(300, 401)]
    [InlineData(1, 2000)]
    public void View_OfAConstantPicture_IsConstantToTheEdges(int height, int width)
    {
        foreach (PictureFit fit in Enum.GetValues<PictureFit>())
            Assert.All(Pictures.View(new(28, 28, 3), Pictures.Constant(height, width, 3, 77), new() { Fit = fit }), value => Assert.Equal(77 / 255f, value));
    }

    // Blocks of an odd number of pixels hold one more of one colour: 1 of 49.
    [Theory]
    [InlineData(256)]
    [InlineData(250)]
    [InlineData(224)]
    [InlineData(100)]
    public void View_OfAFineCheckerboard_IsGrey(int side)
    {
        StoredImage board = Pictures.Of(side, side, 1, (row, column, _) => (row + column) % 2 * 255);

        Assert.All(Pictures.View(new(32, 32, 1), board), value => Assert.InRange(value, 0.44, 0.56));
    }

    [Theory]
    [InlineData(140, 84, 28, 28)]
    [InlineData(100, 75, 28, 28)]
    [InlineData(200, 333, 40, 64)]
    [InlineData(47, 41, 30, 28)]
    public void View_OfASmoothLargePicture_IsTheAverageUnderEachPixel(int height, int width, int rows, int columns)
    {
        StoredImage image = Pictures.Of(height, width, 1, (row, column, _) => 127.5 + (60 * Math.Sin(9.0 * row / height)) + (60 * Math.Cos(7.0 * column / width)));

        float[] seen = Pictures.View(new(rows, columns, 1), image);

        // Within a pixel of the input, a third of a radian at most, the picture bends by little; blocks begin up to half a pixel off at the edge.
        Pictures.AssertClose(AreaAverages(image, rows, columns), seen, 0.015);
    }

    [Fact]
    public void View_OfAGreyPictureForAColourModel_GivesItToAllChannels()
    {
        StoredImage image = Pictures.Noise(1, 5, 6, 1);
        Preprocessing preprocessing = new() { Mean = [0.1f, 0.2f, 0.3f], Deviation = [0.5f, 1, 2] };

        float[] seen = Pictures.View(new(5, 6, 3), image, preprocessing, setChannels: 1);

        for (int i = 0; i < seen.Length; i++)
            Assert.Equal(((image.Pixels.Span[i / 3] / 255f) - preprocessing.Mean[i % 3]) / preprocessing.Deviation[i % 3], seen[i]);
    }

    [Fact]
    public void View_OfAColourPictureForAGreyModel_IsItsBrightness()
    {
        StoredImage colors = Pictures.Noise(2, 5, 6, 3), greys = Pictures.Of(16, 16, 3, (row, column, _) => (16 * row) + column);

        float[] seen = Pictures.View(new(5, 6, 1), colors, setChannels: 3), same = Pictures.View(new(16, 16, 1), greys, setChannels: 3);

        for (int i = 0; i < seen.Length; i++)
        {
            byte[] pixel = colors.Pixels.Slice(3 * i, 3).ToArray();
            Assert.Equal(((0.299 * pixel[0]) + (0.587 * pixel[1]) + (0.114 * pixel[2])) / 255, seen[i], 1e-6);
        }
        Assert.Equal([.. Enumerable.Range(0, 256).Select(level => level / 255f)], same);
    }

    private static float[] AreaAverages(StoredImage image, int rows, int columns)
    {
        float[] averages = new float[rows * columns];
        for (int i = 0; i < averages.Length; i++)
        {
            double top = i / columns * image.Height / (double)rows, bottom = top + (image.Height / (double)rows);
            double left = i % columns * image.Width / (double)columns, right = left + (image.Width / (double)columns), sum = 0;
            for (int row = 0; row < image.Height; row++)
            {
                for (int column = 0; column < image.Width; column++)
                {
                    double covered = Math.Max(0, Math.Min(row + 1, bottom) - Math.Max(row, top)) * Math.Max(0, Math.Min(column + 1, right) - Math.Max(column, left));
                    sum += covered * image.Pixels.Span[(row * image.Width) + column];
                }
            }
            averages[i] = (float)(sum / ((bottom - top) * (right - left)) / 255);
        }
        return averages;
    }
}
