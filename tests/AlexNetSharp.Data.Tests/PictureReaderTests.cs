using AlexNetSharp.Images;
using SkiaSharp;

namespace AlexNetSharp.Data.Tests;

public sealed class PictureReaderTests
{
    /// <summary>The smallest BMP with a red, a green and a blue, a white pixel (the rows are stored bottom first).</summary>
    private static readonly byte[] Bmp =
    [
        .. "BM"u8, 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0,
        40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        255, 0, 0, 255, 255, 255, 0, 0,
        0, 0, 255, 0, 255, 0, 0, 0,
    ];

    /// <summary>A GIF of one black pixel.</summary>
    private static readonly byte[] Gif =
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b,
    ];

    [Fact]
    public void Read_Png_GivesItsPixels()
    {
        using TemporaryDirectory directory = new();
        using SKBitmap bitmap = TestPictures.Grey([0, 10, 20, 30, 40, 255], 2, 3);
        string path = directory.Write("a.png", TestPictures.Encode(bitmap));

        Picture picture = PictureReader.Read(path);

        Assert.Equal((2, 3, path), (picture.Height, picture.Width, picture.Name));
        Assert.Equal([0, 0, 0, 10, 10, 10, 20, 20, 20, 30, 30, 30, 40, 40, 40, 255, 255, 255], picture.Rgb.ToArray());
    }

    [Fact]
    public void Decode_Bmp_GivesItsPixels()
    {
        Assert.Equal([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255], PictureReader.Decode(Bmp, "a.bmp").Rgb.ToArray());
    }

    [Fact]
    public void ReadSize_Header_GivesHeightAndWidth()
    {
        using SKBitmap bitmap = TestPictures.Grey([0, 10, 20, 30, 40, 255], 2, 3);
        byte[] png = TestPictures.Encode(bitmap);

        Assert.Equal(new ImageSize(2, 3), PictureReader.ReadSize(png, "a.png"));
        Assert.Contains("not a picture", Assert.Throws<InvalidDataException>(() => PictureReader.ReadSize("no picture"u8, "a.png")).Message, StringComparison.Ordinal);
        Assert.Contains("a.png", Assert.Throws<InvalidDataException>(() => PictureReader.ReadSize(png.AsSpan(0, 20), "a.png")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_Gif_GivesItsPixels()
    {
        Assert.Equal([0, 0, 0], PictureReader.Decode(Gif, "a.gif").Rgb.ToArray());
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Decode_LossyFormat_GivesNearlyItsPixels(SKEncodedImageFormat format)
    {
        using SKBitmap bitmap = TestPictures.Solid(16, 24, new SKColor(200, 100, 50));

        Picture picture = PictureReader.Decode(TestPictures.Encode(bitmap, format), "a");

        Assert.Equal((16, 24), (picture.Height, picture.Width));
        Assert.InRange(picture.Rgb[0], 195, 205);
        Assert.InRange(picture.Rgb[1], 95, 105);
        Assert.InRange(picture.Rgb[2], 45, 55);
    }

    [Fact]
    public void Decode_TransparentPicture_LiesOnWhite()
    {
        using SKBitmap bitmap = TestPictures.Solid(1, 2, new SKColor(0, 0, 0, 0));
        bitmap.SetPixel(1, 0, new SKColor(0, 0, 0, 128));

        Assert.Equal([255, 255, 255, 127, 127, 127], PictureReader.Decode(TestPictures.Encode(bitmap), "a.png").Rgb.ToArray());
    }

    /// <summary>The eight EXIF orientations: which corner of the upright picture shows the stored picture's dark one (top left).</summary>
    [Theory]
    [InlineData(1, 16, 32, 0, 0)]
    [InlineData(2, 16, 32, 0, 31)]
    [InlineData(3, 16, 32, 15, 31)]
    [InlineData(4, 16, 32, 15, 0)]
    [InlineData(5, 32, 16, 0, 0)]
    [InlineData(6, 32, 16, 0, 15)]
    [InlineData(7, 32, 16, 31, 15)]
    [InlineData(8, 32, 16, 31, 0)]
    public void Decode_ExifOrientation_TurnsUpright(byte orientation, int height, int width, int darkY, int darkX)
    {
        using SKBitmap white = TestPictures.Solid(16, 32, SKColors.White);
        using SKBitmap bitmap = TestPictures.Map(white, (y, x, _) => y < 8 && x < 8 ? 0 : 255);

        Picture picture = PictureReader.Decode(TestPictures.WithOrientation(TestPictures.Encode(bitmap, SKEncodedImageFormat.Jpeg), orientation), "a.jpg");

        Assert.Equal((height, width), (picture.Height, picture.Width));
        foreach ((int y, int x) in new[] { (0, 0), (0, width - 1), (height - 1, 0), (height - 1, width - 1) })
            Assert.Equal((y, x) == (darkY, darkX), picture.Rgb[3 * (y * width + x)] < 128);
    }

    [Theory]
    [InlineData("%PDF-1.7 and so on", "the file begins with 25 50 44 46 2D 31 2E 37")]
    [InlineData("a", "the file begins with 61")]
    [InlineData("", "the file is empty")]
    public void Read_NoPicture_SaysWhatItIs(string content, string found)
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("x.png", System.Text.Encoding.ASCII.GetBytes(content));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PictureReader.Read(path));

        Assert.StartsWith($"'{path}' is not a picture that can be read (PNG, JPEG, BMP, GIF or WebP expected; {found})", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        using TemporaryDirectory directory = new();

        Assert.Equal(directory.File("none.png"), Assert.Throws<FileNotFoundException>(() => PictureReader.Read(directory.File("none.png"))).FileName);
    }

    [Fact]
    public void Decode_CutOffPicture_SaysSo()
    {
        Random random = new(3);
        using SKBitmap grey = TestPictures.Solid(64, 64, SKColors.White);
        using SKBitmap bitmap = TestPictures.Map(grey, (_, _, _) => random.Next(256));
        byte[] encoded = TestPictures.Encode(bitmap);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PictureReader.Decode(encoded.AsSpan(0, encoded.Length / 2), "cut.png"));

        Assert.Contains("'cut.png'", e.Message, StringComparison.Ordinal);
        Assert.Contains("cut off", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_DamagedHeader_SaysSo()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PictureReader.Decode([0x89, .. "PNG"u8, 0, 0, 0, 0, 0, 0, 0, 0, 0], "bad.png"));

        Assert.Contains("'bad.png' is not a picture that can be read: it begins as one, but", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_TooManyPixels_IsRefusedByItsHeader()
    {
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PictureReader.Decode(PngFile.Header(20_000, 30_000), "huge.png"));

        Assert.Equal("'huge.png': the picture is 20000x30000, 600000000 pixels; expected 35000000 at most of a PNG. Make it smaller first.", e.Message);
    }
}
