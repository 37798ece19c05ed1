using SkiaSharp;

namespace AlexNetSharp.Data.Tests;

/// <summary>MNIST's own pictures, disguised, must come back as they were.</summary>
public sealed class DigitPreparationTests
{
    private const int Count = 40;
    private const int Side = 28;

    /// <summary>
    /// Mean absolute difference in grey levels that the median picture stays within, where each pixel became a square: only what is
    /// under the edge threshold (0.06 of the contrast) is lost.
    /// </summary>
    private const double SharpBound = 0.5;

    /// <summary>
    /// The same where pixels were blended into each other: the blur stays, and where the centre of mass lies between two pixels it
    /// may fall to the other one, which shifts the picture by a pixel (about 16). Measured over 300 pictures: median 3.9 to 5.8.
    /// </summary>
    private const double SmoothBound = 8;

    public static TheoryData<string, double> Disguises { get; } = new()
    {
        { "as it is", SharpBound },
        { "enlarged", SharpBound },
        { "enlarged, dark on light", SharpBound },
        { "enlarged, padded", SharpBound },
        { "enlarged, jpeg", 1 },
        { "smooth", SmoothBound },
        { "smooth, dark on light, jpeg", SmoothBound },
        { "smooth, padded, dark on light", SmoothBound },
        { "photo lit from one side", SmoothBound },
        { "specks of dust", SharpBound },
    };

    [Theory]
    [MemberData(nameof(Disguises))]
    public void Prepare_DisguisedMnistPicture_ComesBack(string disguise, double bound)
    {
        double[] differences = [.. Enumerable.Range(0, Count).Select(index =>
        {
            byte[] original = Mnist.TestImage(index);
            using SKBitmap bitmap = TestPictures.Grey(original, Side, Side);
            float[] prepared = DigitPreparation.Prepare(PictureReader.Decode(Disguise(bitmap, disguise), "digit"), Side, Side);
            return Difference(original, prepared);
        }).Order()];

        Assert.True(differences[Count / 2] <= bound, $"{disguise}: median {differences[Count / 2]:0.00}, bound {bound}");
        // The rest are digits whose box or centre lies on the brink, and come out a pixel larger or further.
        Assert.True(differences[Count * 9 / 10] <= 3 * bound, $"{disguise}: 90th percentile {differences[Count * 9 / 10]:0.00}, bound {3 * bound}");
    }

    [Fact]
    public void Prepare_ShiftedDigit_IsPlacedTheSame()
    {
        using SKBitmap bitmap = TestPictures.Grey(Mnist.TestImage(3), Side, Side);
        using SKBitmap shifted = TestPictures.Pad(bitmap, 9, 0, 1, 17, 0);

        Assert.Equal(Prepare(bitmap), Prepare(shifted));
    }

    [Fact]
    public void Prepare_OtherSize_ScalesTheBoxWithIt()
    {
        using SKBitmap square = TestPictures.Pad(TestPictures.Solid(30, 30, SKColors.White), 10, 10, 10, 10, 0);

        float[] prepared = DigitPreparation.Prepare(PictureReader.Decode(TestPictures.Encode(square), "square"), 56, 42);

        // 40x30 is the box of 56x42, so the square becomes 30x30 around (28, 21).
        Assert.Equal(900, prepared.Sum());
        Assert.Equal(1, prepared[14 * 42 + 6]);
        Assert.Equal(0, prepared[12 * 42 + 6]);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(0)]
    [InlineData(128)]
    public void Prepare_BlankPicture_SaysThatNothingStandsOut(byte level)
    {
        using SKBitmap blank = TestPictures.Solid(50, 60, new SKColor(level, level, level));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Prepare(blank));

        Assert.Contains("'digit': expected a digit that stands out", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_NoiseAlone_IsBlank()
    {
        Random random = new(1);
        using SKBitmap paper = TestPictures.Solid(100, 100, SKColors.White);
        using SKBitmap noise = TestPictures.Map(paper, (_, _, _) => 200 + 20 * random.NextDouble());

        Assert.Throws<InvalidDataException>(() => Prepare(noise));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 40)]
    [InlineData(3, 2)]
    public void Prepare_TinyPicture_NeverFailsOtherwise(int height, int width)
    {
        byte[] rgb = new byte[height * width * 3];
        rgb.AsSpan(0, 3).Fill(255);
        Picture picture = new("tiny", height, width, rgb);

        float[]? prepared = null;
        Exception? e = Record.Exception(() => prepared = DigitPreparation.Prepare(picture, Side, Side));

        Assert.True(e is InvalidDataException || (prepared is not null && prepared.All(float.IsFinite)), e?.ToString());
    }

    [Fact]
    public void Prepare_LargerThanTheWorkingSize_ComesBackAlike()
    {
        byte[] original = Mnist.TestImage(0);
        using SKBitmap bitmap = TestPictures.Grey(original, Side, Side);
        using SKBitmap large = TestPictures.Enlarge(bitmap, 80, TestPictures.Nearest);

        Assert.True(Difference(original, Prepare(large)) <= 1);
    }

    private static float[] Prepare(SKBitmap bitmap) =>
        DigitPreparation.Prepare(PictureReader.Decode(TestPictures.Encode(bitmap), "digit"), Side, Side);

    private static double Difference(byte[] original, float[] prepared) =>
        original.Zip(prepared, (before, after) => Math.Abs(before - after * 255)).Average();

    private static byte[] Disguise(SKBitmap digit, string disguise)
    {
        using SKBitmap sharp = TestPictures.Enlarge(digit, 5, TestPictures.Nearest);
        using SKBitmap smooth = TestPictures.Enlarge(digit, 10, TestPictures.Smooth);
        return disguise switch
        {
            "as it is" => TestPictures.Encode(digit),
            "enlarged" => TestPictures.Encode(sharp),
            "enlarged, dark on light" => TestPictures.Encode(Inverted(sharp)),
            "enlarged, padded" => TestPictures.Encode(TestPictures.Pad(sharp, 40, 0, 13, 77, 0)),
            "enlarged, jpeg" => TestPictures.Encode(sharp, SKEncodedImageFormat.Jpeg),
            "smooth" => TestPictures.Encode(smooth),
            "smooth, dark on light, jpeg" => TestPictures.Encode(Inverted(smooth), SKEncodedImageFormat.Jpeg),
            "smooth, padded, dark on light" => TestPictures.Encode(TestPictures.Pad(Inverted(smooth), 10, 100, 90, 20, 255)),
            "photo lit from one side" => TestPictures.Encode(Photo(smooth), SKEncodedImageFormat.Jpeg),
            "specks of dust" => TestPictures.Encode(Dusty(TestPictures.Pad(sharp, 20, 20, 20, 20, 0))),
            _ => throw new ArgumentException($"'{disguise}' is no disguise.", nameof(disguise)),
        };
    }

    private static SKBitmap Inverted(SKBitmap bitmap) => TestPictures.Map(bitmap, (_, _, level) => 255 - level);

    /// <summary>Ink on paper: half the contrast, a light that fades by 110 levels from corner to corner, and grain.</summary>
    private static SKBitmap Photo(SKBitmap bitmap)
    {
        Random grain = new(7);
        return TestPictures.Map(bitmap, (y, x, level) => 240 - 0.45 * level - 0.3 * y - 0.1 * x + 6 * (grain.NextDouble() - 0.5));
    }

    private static SKBitmap Dusty(SKBitmap bitmap) =>
        TestPictures.Map(bitmap, (y, x, level) => (y, x) is (4 or 5, 150 or 151) or (170, 8) ? 255 : level);
}
