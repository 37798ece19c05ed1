using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Augmentation;

public sealed class CropTests
{
    private static readonly FeatureShape Input = new(6, 7, 1);

    [Theory]
    [InlineData(PictureFill.Black)]
    [InlineData(PictureFill.Edge)]
    [InlineData(PictureFill.Reflect)]
    public void RandomCrop_WithPadding_CopiesAllPlacesExactly(PictureFill fill)
    {
        const int Padding = 2, Count = 400;
        StoredImage image = Pictures.Noise(1, 6, 7, 1, low: 1);
        float[][] places = [.. from down in Enumerable.Range(-Padding, 5) from right in Enumerable.Range(-Padding, 5)
                               select Pictures.Moved(image, Input, (row, column) => (Fold(row + down, 6, fill), Fold(column + right, 7, fill)))];

        float[] batch = Pictures.Train(new() { RandomCrop = new(Padding), Fill = fill }, Input, Pictures.Repeat(image, Count));

        int[] found = [.. Enumerable.Range(0, Count).Select(i => Array.FindIndex(places, place => place.SequenceEqual(batch.Picture(i, Input))))];
        Assert.DoesNotContain(-1, found);
        Assert.Equal(places.Length, found.Distinct().Count());
    }

    [Fact]
    public void RandomCrop_OfAResizedPicture_TakesAnyPartOfIt()
    {
        StoredImage image = Pictures.Noise(2, 9, 12, 1);
        float[][] places = [.. from top in Enumerable.Range(0, 4) from left in Enumerable.Range(0, 6) select Pictures.Moved(image, Input, (row, column) => (row + top, column + left))];

        float[] batch = Pictures.Train(new() { RandomCrop = new() }, Input, Pictures.Repeat(image, 400), new() { Fit = PictureFit.Crop, ResizeTo = 9 });

        Assert.Equal(places.Length, Enumerable.Range(0, 400).Select(i => Array.FindIndex(places, place => place.SequenceEqual(batch.Picture(i, Input)))).Where(place => place >= 0).Distinct().Count());
    }

    [Fact]
    public void RandomCrop_OfAStretchedPictureWithoutPadding_LeavesNoRoom()
    {
        StoredImage image = Pictures.Noise(3, 9, 12, 1);

        Assert.Equal(Pictures.View(Input, image), Pictures.Train(new() { RandomCrop = new() }, Input, [image]));
    }

    [Fact]
    public void RandomResizedCrop_ManyDraws_SpreadAsTheOptionsSay()
    {
        const int Count = 4000, Height = 375, Width = 500;
        RandomResizedCrop options = new(MinimalArea: 0.2f, MaximalArea: 0.3f, MinimalAspect: 0.5f, MaximalAspect: 2);
        List<(int Left, int Top, int Width, int Height)> parts = [];
        for (int i = 0; i < Count; i++)
        {
            AugmentationRandom random = new(5, (ulong)i, AugmentationPurpose.Crop);
            parts.Add(ResizedCrop.Part(options, Height, Width, ref random));
        }

        double[] areas = [.. parts.Select(part => part.Width * part.Height / (double)(Width * Height))], aspects = [.. parts.Select(part => Math.Log(part.Width / (double)part.Height))];
        Assert.All(areas, area => Assert.InRange(area, 0.198, 0.302));
        Assert.All(aspects, aspect => Assert.InRange(aspect, -0.7, 0.7));
        // Five deviations of the mean: 0.1/√12/√4000 and 2·ln 2/√12/√4000.
        Assert.Equal(0.25, areas.Average(), 0.0025);
        Assert.Equal(0, aspects.Average(), 0.032);
        Assert.All(parts, part => Assert.True(part.Left >= 0 && part.Top >= 0 && part.Left + part.Width <= Width && part.Top + part.Height <= Height));
        Assert.Equal(0.5, parts.Average(part => part.Left / (double)(Width - part.Width)), 0.025);
        Assert.Equal(0.5, parts.Average(part => part.Top / (double)(Height - part.Height)), 0.025);
    }

    [Theory]
    [InlineData(100, 1000, 433, 0, 133, 100)]
    [InlineData(1000, 100, 0, 433, 100, 133)]
    [InlineData(100, 1, 0, 49, 1, 1)]
    public void RandomResizedCrop_NoneOfTenDrawsFits_TakesTheCentre(int height, int width, int left, int top, int partWidth, int partHeight)
    {
        AugmentationRandom random = new(1, 1, AugmentationPurpose.Crop);

        Assert.Equal((left, top, partWidth, partHeight), ResizedCrop.Part(new RandomResizedCrop(MinimalArea: 1), height, width, ref random));
    }

    [Fact]
    public void RandomResizedCrop_OfTheWholePicture_GivesItsBytes()
    {
        StoredImage image = Pictures.Noise(4, 8, 8, 3);

        float[] whole = Pictures.Train(new() { RandomResizedCrop = new(1, 1, 1, 1) }, new(8, 8, 3), [image]);

        Assert.Equal([.. image.Pixels.ToArray().Select(level => level / 255f)], whole);
    }

    [Fact]
    public void Fit_Stretch_AveragesWhatLiesUnderAPixel()
    {
        StoredImage image = Pictures.Of(2, 8, 1, (row, column, _) => (10 * row) + column);

        Assert.Equal([0.5f / 255, 2.5f / 255, 4.5f / 255, 6.5f / 255, 10.5f / 255, 12.5f / 255, 14.5f / 255, 16.5f / 255], Pictures.View(new(2, 4, 1), image));
    }

    [Theory]
    [InlineData(0, 4, 12, 4)]
    [InlineData(4, 4, 12, 4)]
    [InlineData(6, 6, 12, 3)]
    public void Fit_Crop_TakesTheCentreOfThePictureResizedTo(int resizeTo, int height, int width, int left)
    {
        // The picture has its size after resizing already, so that pixels are copied.
        StoredImage image = Pictures.Noise(5, height, width, 1);
        FeatureShape input = new(4, resizeTo == 6 ? 6 : 4, 1);

        Assert.Equal(
            Pictures.Moved(image, input, (row, column) => (row + ((height - 4) / 2), column + left)),
            Pictures.View(input, image, new() { Fit = PictureFit.Crop, ResizeTo = resizeTo }));
    }

    [Fact]
    public void Fit_Crop_KeepsTheAspectOfATallPicture()
    {
        // 6x3 to a shorter side of 6: 12x6, of which rows 3 to 8 are the picture's 1.5 to 4.5.
        StoredImage image = Pictures.Of(6, 3, 1, (row, _, _) => 20 * row);

        float[] seen = Pictures.View(new(6, 6, 1), image, new() { Fit = PictureFit.Crop });

        // Pixel i covers (i + 3 + ½)/2 − ½ of the picture.
        for (int row = 0; row < 6; row++)
            Assert.All(seen[(row * 6)..((row + 1) * 6)], value => Assert.Equal(20 * (((row + 3.5) / 2) - 0.5) / 255, value, 1e-6));
    }

    private static int Fold(int place, int count, PictureFill fill) => fill switch
    {
        PictureFill.Edge => Math.Clamp(place, 0, count - 1),
        PictureFill.Reflect => place < 0 ? -place : place >= count ? (2 * (count - 1)) - place : place,
        _ => place,
    };
}
