using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Inspection;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Inspection;

public sealed class InspectionPictureTests
{
    [Fact]
    public void FilterPicture_GreyFilters_ScalesEachByItsLargestWeightAroundMidGrey()
    {
        // Twelve filters of 3x3: the k-th is 0 but for a weight of k + 1 in the middle and half of that, negative, in a corner; the last is 0.
        const int Filters = 12;
        using Network network = Convolution(channels: 1, Filters);
        float[] weights = new float[Filters * 9];
        for (int filter = 0; filter < Filters - 1; filter++)
            (weights[(filter * 9) + 4], weights[filter * 9]) = (filter + 1, -(filter + 1) / 2f);
        network.Write(network.Parameters[0], weights);

        StoredImage picture = FilterPicture.Draw(network);

        // Four columns, three rows.
        Assert.Equal(4, Math.Round(3.0 * picture.Width / picture.Height));
        for (int filter = 0; filter < Filters - 1; filter++)
        {
            Assert.Equal((255, 255, 255), At(picture, 3, 4, filter, 0.5, 0.5));
            Assert.Equal((64, 64, 64), At(picture, 3, 4, filter, 0.2, 0.2));
            Assert.Equal((128, 128, 128), At(picture, 3, 4, filter, 0.8, 0.8));
        }
        Assert.Equal((128, 128, 128), At(picture, 3, 4, Filters - 1, 0.5, 0.5));
    }

    [Fact]
    public void FilterPicture_FiltersOfThreeChannels_AreInColourOnOneScale()
    {
        using Network network = Convolution(channels: 3, filters: 2);
        float[] weights = new float[2 * 27];
        // The second filter's middle: red 2, green 0, blue −1.
        (weights[27 + 12], weights[27 + 14]) = (2, -1);
        network.Write(network.Parameters[0], weights);

        StoredImage picture = FilterPicture.Draw(network);

        Assert.Equal((255, 128, 64), At(picture, 1, 2, 1, 0.5, 0.5));
    }

    [Theory]
    [InlineData("MlpOnly", "'MlpOnly' has no convolution")]
    [InlineData("ConvolutionOnly", "'conv1': its filters have 2 channels")]
    public void FilterPicture_NothingToShow_SaysWhy(string model, string problem)
    {
        using Network network = new(TestModels.Find(model));

        Assert.Contains(problem, Assert.Throws<InvalidModelException>(() => FilterPicture.Draw(network)).Message);
    }

    [Fact]
    public void FeatureMapPicture_Channels_StandInOrderOnOneScale()
    {
        // Two channels of 2x2: the first rises to 4, the second is −2 at its last place.
        LayerActivation activation = new(Layer(new FeatureShape(2, 2, 2)), new float[] { 0, 0, 1, 0, 2, 0, 4, -2 });

        StoredImage picture = FeatureMapPicture.Draw(activation);

        Assert.Equal(HeatColors.At(0), At(picture, 1, 2, 0, 0.25, 0.25));
        Assert.Equal(HeatColors.At(0.25f), At(picture, 1, 2, 0, 0.25, 0.75));
        Assert.Equal(HeatColors.At(0.5f), At(picture, 1, 2, 0, 0.75, 0.25));
        Assert.Equal(HeatColors.At(1), At(picture, 1, 2, 0, 0.75, 0.75));
        Assert.Equal(HeatColors.At(-0.5f), At(picture, 1, 2, 1, 0.75, 0.75));
    }

    [Fact]
    public void FeatureMapPicture_OneOutlierAmongMany_LeavesTheOthersVisible()
    {
        float[] values = [.. Enumerable.Repeat(1f, 100)];
        values[7] = 1000;

        StoredImage picture = FeatureMapPicture.Draw(new LayerActivation(Layer(new FeatureShape(1, 1, 100)), values));

        Assert.Equal(HeatColors.At(1), At(picture, 10, 10, 55, 0.5, 0.5));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 4096)]
    [InlineData(28, 28, 64)]
    [InlineData(7, 7, 257)]
    [InlineData(224, 224, 64)]
    public void FeatureMapPicture_AnyShape_HasRoomForEveryValueAndFitsAScreenWhereItCan(int height, int width, int channels)
    {
        FeatureShape shape = new(height, width, channels);

        StoredImage picture = FeatureMapPicture.Draw(new LayerActivation(Layer(shape), new float[shape.Length]));

        Assert.Equal(picture.Height * picture.Width * 3, picture.Pixels.Length);
        Assert.InRange((long)picture.Height * picture.Width, shape.Length, long.MaxValue);
        // Eight channels of 224 columns are wider than a screen even as they are.
        Assert.InRange(picture.Width, 3, width == 224 ? 8 * 232 : 1000);
    }

    [Fact]
    public void InputPicture_NormalizedInput_IsThePictureAgain()
    {
        Preprocessing preprocessing = new() { Mean = [0.5f, 0.25f, 0.4f], Deviation = [0.2f, 0.3f, 0.5f] };
        ModelSpec model = TestModels.Model("small", new FeatureShape(1, 2, 3), 2) with { Preprocessing = preprocessing };
        byte[] pixels = [0, 100, 200, 255, 17, 3];
        float[] input = [.. pixels.Select((pixel, i) => ((pixel / 255f) - preprocessing.Mean[i % 3]) / preprocessing.Deviation[i % 3])];

        StoredImage picture = InputPicture.Draw(model, input), twice = InputPicture.Draw(model, input, 2);

        Assert.Equal((1, 2), (picture.Height, picture.Width));
        Assert.Equal(pixels, picture.Pixels.ToArray());
        Assert.Equal((2, 4), (twice.Height, twice.Width));
        byte[] row = [0, 100, 200, 0, 100, 200, 255, 17, 3, 255, 17, 3];
        Assert.Equal([.. row, .. row], twice.Pixels.ToArray());
    }

    [Fact]
    public void InputPicture_OtherChannelsOrLength_SaysSo()
    {
        Assert.Contains("2 channels", Assert.Throws<InvalidModelException>(() => InputPicture.Draw(TestModels.Find("Groups"), new float[126])).Message);
        Assert.Contains("[N,4,4,1]", Assert.Throws<ArgumentException>(() => InputPicture.Draw(TestModels.Find("MlpOnly"), new float[15])).Message);
    }

    [Fact]
    public void HeatOverlay_HotAndColdHalf_GetTheirColoursAndKeepThePictureUnderThem()
    {
        ModelSpec model = TestModels.Model("small", new FeatureShape(8, 8, 1), 2);
        // White in its upper left quarter, else black; the map is hot on the right alone.
        float[] input = [.. Enumerable.Range(0, 64).Select(i => i / 8 < 4 && i % 8 < 4 ? 1f : 0)];
        ClassActivationMap map = new(0, "relu", 1, 2, new float[] { 0, 1 });

        StoredImage both = HeatOverlay.DrawBesidePicture(model, input, map);

        Assert.True(both.Width > 2 * both.Height && both.Height > 100);
        Assert.Equal((255, 255, 255), Pixel(both, 0.1, 0.1));
        Assert.Equal((0, 0, 0), Pixel(both, 0.9, 0.1));
        (byte Red, byte Green, byte Blue) dark = Pixel(both, 0.9, 0.56), white = Pixel(both, 0.1, 0.56), hot = Pixel(both, 0.9, 0.98);
        Assert.InRange(dark.Red + dark.Green + dark.Blue, 0, 20);
        Assert.InRange(white.Green, 60, 120);
        Assert.True(hot.Red > 120 && hot.Green > 120 && hot.Red > hot.Blue);
        Assert.Throws<ArgumentException>(() => HeatOverlay.Draw(new StoredImage(2, 2, new byte[4]), map));
    }

    [Fact]
    public void HeatColors_FromZeroOutward_GrowLighterEvenlyAndAlikeOnBothSides()
    {
        const int Steps = 100;
        double[] lightness = [.. Enumerable.Range(0, Steps + 1).Select(i => Lightness(HeatColors.At(i / (float)Steps)))];

        Assert.InRange(lightness[0], 0, 1);
        Assert.InRange(lightness[^1], 95, 100);
        for (int i = 1; i <= Steps; i++)
        {
            Assert.InRange(lightness[i] - lightness[i - 1], 0.3, 1.7);
            Assert.Equal(lightness[i], Lightness(HeatColors.At(-i / (float)Steps)), 2.0);
        }
        Assert.Equal(HeatColors.At(1), HeatColors.At(7));
        Assert.Equal(HeatColors.At(-1), HeatColors.At(float.NegativeInfinity));
        Assert.Equal(HeatColors.At(0), HeatColors.At(float.NaN));
    }

    private static Network Convolution(int channels, int filters) => new(TestModels.Model(
        "filters", new FeatureShape(3, 3, channels), filters, new Convolution2D { Name = "conv", Filters = filters, Kernel = 3, Padding = Padding.Valid }));

    private static LayerShape Layer(FeatureShape shape) => new(new Relu { Name = "relu" }, shape, shape, null, []);

    // The pixel at a share of a tile's height and width.
    private static (byte Red, byte Green, byte Blue) At(StoredImage mosaic, int rows, int columns, int tile, double down, double right) =>
        Pixel(mosaic, ((tile / columns) + down) / rows, ((tile % columns) + right) / columns);

    private static (byte Red, byte Green, byte Blue) Pixel(StoredImage picture, double down, double right)
    {
        ReadOnlySpan<byte> pixel = picture.Pixels.Span.Slice(((((int)(down * picture.Height)) * picture.Width) + (int)(right * picture.Width)) * 3, 3);
        return (pixel[0], pixel[1], pixel[2]);
    }

    // CIE L* of an sRGB colour.
    private static double Lightness((byte Red, byte Green, byte Blue) color)
    {
        double luminance = (0.2126 * Linear(color.Red)) + (0.7152 * Linear(color.Green)) + (0.0722 * Linear(color.Blue));
        return luminance > 0.008856 ? (116 * Math.Cbrt(luminance)) - 16 : 903.3 * luminance;

        static double Linear(byte value) => value / 255.0 <= 0.04045 ? value / 255.0 / 12.92 : Math.Pow(((value / 255.0) + 0.055) / 1.055, 2.4);
    }
}
