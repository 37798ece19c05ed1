using AlexNetSharp.Images;
using SkiaSharp;

namespace AlexNetSharp.Data.Tests;

/// <summary>Pictures of many pixels: how many may be, what reading them takes, and that a JPEG read by rows is the one read at once.</summary>
public sealed class PictureMemoryTests
{
    private const long MostBytes = 256_000_000;

    [Fact]
    public void Decode_JpegOfATelephone_IsReadInLessThan256MB()
    {
        byte[] jpeg = FlatJpeg.Make(8160, 6120, progressive: false, sampling: 2);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Picture picture = PictureReader.Decode(jpeg, "a.jpg");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        Assert.Equal((6120, 8160), (picture.Height, picture.Width));
        Assert.False(picture.Rgb.ContainsAnyExcept((byte)128));
    }

    [Fact]
    public void Decode_LargestPng_IsReadInLessThan256MB()
    {
        byte[] png = PngFile.Make(7000, 8, PngFile.Grey, [.. Enumerable.Repeat(new byte[7000], 5000)]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Picture picture = PictureReader.Decode(png, "a.png");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        Assert.Equal((5000, 7000), (picture.Height, picture.Width));
    }

    public static TheoryData<byte[], string> TooLarge => new()
    {
        { PngFile.Header(7001, 5000), "7001x5000, 35005000 pixels; expected 35000000 at most of a PNG." },
        { Interlaced(PngFile.Header(5000, 5000)), "5000x5000, 25000000 pixels; expected 22000000 at most of an interlaced PNG." },
        { Interlaced(PngFile.Header(5000, 5000, depth: 16)), "5000x5000, 25000000 pixels; expected 16000000 at most of an interlaced PNG." },
        { FlatJpeg.Make(10_000, 5_001, progressive: false, sampling: 2), "10000x5001, 50010000 pixels; expected 50000000 at most of a JPEG." },
        { FlatJpeg.Make(8160, 6120, progressive: true, sampling: 2), "8160x6120, 49939200 pixels; expected 40000000 at most of a JPEG of several scans (progressive)." },
        { FlatJpeg.Make(7000, 5000, progressive: true, sampling: 1), "7000x5000, 35000000 pixels; expected 27000000 at most of a JPEG of several scans (progressive)." },
        { [.. "GIF89a"u8, 0x88, 0x13, 0x88, 0x13, 0x80, 0, 0, 255, 0, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 0x88, 0x13, 0x88, 0x13, 0, 2, 2, 0x44, 1, 0, 0x3b], "5000x5000, 25000000 pixels; expected 20000000 at most of a GIF." },
    };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void Decode_MorePixelsThanItsKindMayHave_IsRefusedByItsHeader(byte[] encoded, string problem)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PictureReader.Decode(encoded, "a"));

        Assert.Equal($"'a': the picture is {problem} Make it smaller first.", e.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData(SKWebpEncoderCompression.Lossy, false, "a WebP", 35)]
    [InlineData(SKWebpEncoderCompression.Lossy, true, "a lossless, transparent or animated WebP", 30)]
    [InlineData(SKWebpEncoderCompression.Lossless, false, "a lossless, transparent or animated WebP", 30)]
    public void Of_Webp_TellsWhatItsDecoderKeeps(SKWebpEncoderCompression compression, bool isTransparent, string kind, int millions)
    {
        using SKBitmap bitmap = TestPictures.Solid(8, 8, new SKColor(200, 100, 50, (byte)(isTransparent ? 100 : 255)));
        using SKPixmap pixels = bitmap.PeekPixels() ?? throw new InvalidOperationException("The bitmap has no pixels.");
        using SKData data = pixels.Encode(new SKWebpEncoderOptions(compression, 80)) ?? throw new InvalidOperationException("It cannot be encoded.");

        PictureMemory memory = PictureMemory.Of(data.AsSpan());

        Assert.Equal((kind, millions * 1_000_000L), (memory.Kind, memory.LargestPixelCount(1)));
    }

    // At an eighth of its sides the coefficients count and the result hardly.
    [Fact]
    public void DecodeStored_ProgressiveJpeg_MayBeLargerAtAFraction()
    {
        byte[] jpeg = FlatJpeg.Make(8160, 6120, progressive: true, sampling: 2);

        StoredImage image = PictureReader.DecodeStored(jpeg, "a.jpg", 3);

        Assert.Equal((765, 1020), (image.Height, image.Width));
    }

    public static TheoryData<string, byte> JpegsOfSeveralBands
    {
        get
        {
            TheoryData<string, byte> rows = [];
            for (byte orientation = 1; orientation <= 8; orientation++)
                rows.Add("noise", orientation);
            rows.Add("progressive", 1);
            rows.Add("progressive", 6);
            rows.Add("progressive, full colour", 8);
            return rows;
        }
    }

    // More than 4 MiB at four bytes a pixel, so that more than one band of rows is read; sides that no block divides.
    [Theory]
    [MemberData(nameof(JpegsOfSeveralBands))]
    public void Decode_JpegOfSeveralBands_IsTheOneReadAtOnce(string kind, byte orientation)
    {
        const int height = 1023, width = 1285;
        byte[] jpeg = TestPictures.WithOrientation(kind == "noise" ? Noise(height, width) : FlatJpeg.Make(width, height, progressive: true, kind == "progressive" ? 2 : 1, new Random(5)), orientation);
        byte[] stored = ReadAtOnce(jpeg, height, width);

        Picture picture = PictureReader.Decode(jpeg, "a.jpg");

        Assert.Equal(orientation < 5 ? (height, width) : (width, height), (picture.Height, picture.Width));
        ReadOnlySpan<byte> rgb = picture.Rgb;
        int differences = 0;
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                (int storedY, int storedX) = Stored(orientation, y, x, height, width);
                if (!rgb.Slice(3 * ((y * picture.Width) + x), 3).SequenceEqual(stored.AsSpan(4 * ((storedY * width) + storedX), 3)))
                    differences++;
            }
        }
        Assert.Equal(0, differences);
    }

    // Exif 2.3, table "Orientation": where the upright picture's row and column lie in the stored one.
    private static (int Y, int X) Stored(byte orientation, int y, int x, int height, int width) => orientation switch
    {
        1 => (y, x),
        2 => (y, width - 1 - x),
        3 => (height - 1 - y, width - 1 - x),
        4 => (height - 1 - y, x),
        5 => (x, y),
        6 => (height - 1 - x, y),
        7 => (height - 1 - x, width - 1 - y),
        _ => (x, width - 1 - y),
    };

    private static byte[] ReadAtOnce(byte[] jpeg, int height, int width)
    {
        using SKData data = SKData.CreateCopy(jpeg);
        using SKCodec codec = SKCodec.Create(data);
        using SKColorSpace srgb = SKColorSpace.CreateSrgb();
        SKImageInfo info = new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, srgb);
        Assert.Equal(SKCodecResult.Success, codec.GetPixels(info, out byte[] pixels));
        return pixels;
    }

    private static byte[] Noise(int height, int width)
    {
        using SKBitmap bitmap = BrokenPictures.Noise(height, width, seed: 3);
        return TestPictures.Encode(bitmap, SKEncodedImageFormat.Jpeg);
    }

    private static byte[] Interlaced(byte[] header)
    {
        header[28] = 1;
        return header;
    }
}
