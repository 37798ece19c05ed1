using AlexNetSharp.Kernels.Imaging;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Imaging;

public sealed class BilinearSamplingTests
{
    private const int Places = 200;

    // Far outside, just outside, at both ends and between.
    private static readonly float[] Extremes = [float.NegativeInfinity, -1e9f, -3, -0.001f, -0f, 0, 0.5f, 1, 1e9f, float.MaxValue, float.PositiveInfinity];

    public static TheoryData<int, int, int> Sizes => new() { { 2, 2, 1 }, { 2, 7, 1 }, { 5, 2, 3 }, { 6, 5, 3 }, { 4, 3, 2 }, { 3, 4, 5 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sample_AnyPlaces_AgreesWithTheTwin(int height, int width, int channels)
    {
        float[] picture = Draw.Uniform(1, height * width * channels, 0, 255);
        float[] rows = Draw.Uniform(2, Places, -2, height + 1), columns = Draw.Uniform(3, Places, -2, width + 1);

        double[] expected = ReferenceBilinearSampling.Sample(picture.Widen(), height, width, channels, rows.Widen(), columns.Widen());

        Close.WithinScale("bilinear sampling", expected, Sample(picture, height, width, channels, rows, columns), Tolerances.Bilinear, 255);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sample_EveryPixelsOwnPlace_GivesItsBits(int height, int width, int channels)
    {
        float[] picture = Draw.Uniform(4, height * width * channels, 0, 255);
        float[] rows = [.. Enumerable.Range(0, height * width).Select(i => (float)(i / width))], columns = [.. Enumerable.Range(0, height * width).Select(i => (float)(i % width))];

        float[] sampled = Sample(picture, height, width, channels, rows, columns);

        // The last row and column are b = a + 1 · (b − a), which rounds unless the pixels are whole numbers, as bytes are.
        for (int i = 0; i < sampled.Length; i++)
            Assert.Equal(picture[i], sampled[i], 255 * Tolerances.Bilinear);
        float[] bytes = Draw.Integers(5, picture.Length);
        Close.SameBits("own places", [.. bytes.Select(value => value + 0f)], Sample(bytes, height, width, channels, rows, columns));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sample_ConstantPicture_StaysConstantToTheBit(int height, int width, int channels)
    {
        float[] picture = new float[height * width * channels];
        Array.Fill(picture, 0.1f);

        float[] sampled = Sample(picture, height, width, channels, Draw.Uniform(6, Places, -2, height + 1), Draw.Uniform(7, Places, -2, width + 1));

        Assert.All(sampled, value => Assert.Equal(0.1f, value));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sample_PlacesOutside_AreMovedToTheEdge(int height, int width, int channels)
    {
        float[] picture = Draw.Integers(8, height * width * channels);
        float[] rows = [.. from y in Extremes from x in Extremes select y], columns = [.. from y in Extremes from x in Extremes select x];
        float[] within = [.. rows.Select(y => Math.Clamp(y, 0, height - 1))], across = [.. columns.Select(x => Math.Clamp(x, 0, width - 1))];

        Assert.Equal(Sample(picture, height, width, channels, within, across), Sample(picture, height, width, channels, rows, columns));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sample_PlacesThatAreNoNumbers_ReadTheFirstPixel(int height, int width, int channels)
    {
        // Around the picture the guarded memory holds NaN, which would show.
        float[] picture = Draw.Integers(9, height * width * channels);

        float[] sampled = Sample(picture, height, width, channels, [float.NaN, 0, float.NaN], [float.NaN, float.NaN, 0]);

        Assert.Equal([.. picture[..channels], .. picture[..channels], .. picture[..channels]], sampled);
    }

    [Theory]
    [InlineData(1, 4, 3, 12, 5, 5, 15)]
    [InlineData(4, 1, 3, 12, 5, 5, 15)]
    [InlineData(2, 2, 0, 0, 5, 5, 0)]
    [InlineData(2, 2, 3, 11, 5, 5, 15)]
    [InlineData(2, 2, 3, 12, 5, 4, 15)]
    [InlineData(2, 2, 3, 12, 5, 5, 14)]
    public void Sample_SizesThatDoNotFit_Throw(int height, int width, int channels, int pixels, int rows, int columns, int output) =>
        Assert.ThrowsAny<ArgumentException>(() => BilinearSampling.Sample(new float[pixels], height, width, channels, new float[rows], new float[columns], new float[output]));

    private static float[] Sample(float[] picture, int height, int width, int channels, float[] rows, float[] columns)
    {
        Guarded<float> output = new(rows.Length * channels);
        BilinearSampling.Sample(new Guarded<float>(picture).Span, height, width, channels, new Guarded<float>(rows).Span, new Guarded<float>(columns).Span, output.Span);
        return output.Values();
    }
}
