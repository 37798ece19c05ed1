using AlexNetSharp.Images;
using SkiaSharp;

namespace AlexNetSharp.Data.Tests;

/// <summary>Pictures as sets of files hold them: of one channel or three, of every kind that files come in.</summary>
public sealed class StoredPictureTests
{
    private static readonly byte[][] GreyRows = [[0, 10, 20], [128, 254, 255]];

    [Fact]
    public void DecodeStored_GreyPng_GivesItsBytes()
    {
        byte[] png = PngFile.Make(3, 8, PngFile.Grey, GreyRows);

        StoredImage grey = PictureReader.DecodeStored(png, "a.png", 1), rgb = PictureReader.DecodeStored(png, "a.png", 3);

        Assert.Equal((2, 3), (grey.Height, grey.Width));
        Assert.Equal([0, 10, 20, 128, 254, 255], grey.Pixels.ToArray());
        Assert.Equal([0, 0, 0, 10, 10, 10, 20, 20, 20, 128, 128, 128, 254, 254, 254, 255, 255, 255], rgb.Pixels.ToArray());
    }

    [Fact]
    public void DecodeStored_RgbPng_GivesItsBytesOrItsBrightness()
    {
        byte[] png = PngFile.Make(2, 8, PngFile.Rgb, [[255, 0, 0, 10, 10, 10], [0, 255, 0, 0, 0, 255]]);

        Assert.Equal([255, 0, 0, 10, 10, 10, 0, 255, 0, 0, 0, 255], PictureReader.DecodeStored(png, "a.png", 3).Pixels.ToArray());
        // 0.299, 0.587 and 0.114 of 255.
        Assert.Equal([76, 10, 150, 29], PictureReader.DecodeStored(png, "a.png", 1).Pixels.ToArray());
    }

    [Fact]
    public void DecodeStored_PalettePng_GivesItsColours()
    {
        byte[] png = PngFile.Make(4, 1, PngFile.Palette, [[0b0101_0000]], palette: [1, 2, 3, 200, 100, 50]);

        Assert.Equal([1, 2, 3, 200, 100, 50, 1, 2, 3, 200, 100, 50], PictureReader.DecodeStored(png, "a.png", 3).Pixels.ToArray());
    }

    [Fact]
    public void DecodeStored_GreyWithAlpha_LiesOnWhite()
    {
        byte[] png = PngFile.Make(3, 8, PngFile.GreyAlpha, [[40, 255, 40, 0, 0, 128]]);

        Assert.Equal([40, 255, 127], PictureReader.DecodeStored(png, "a.png", 1).Pixels.ToArray());
    }

    [Theory]
    [InlineData(PngFile.Grey, 1)]
    [InlineData(PngFile.Rgb, 3)]
    public void DecodeStored_SixteenBits_KeepsTheUpperEight(byte kind, int channels)
    {
        byte[] row = [.. new byte[] { 0, 90, 255 }.SelectMany(level => Enumerable.Repeat((byte[])[level, level], channels)).SelectMany(pair => pair)];

        StoredImage image = PictureReader.DecodeStored(PngFile.Make(3, 16, kind, [row]), "a.png", channels);

        Assert.Equal(new byte[] { 0, 90, 255 }.SelectMany(level => Enumerable.Repeat(level, channels)), image.Pixels.ToArray());
    }

    [Fact]
    public void DecodeStored_CmykJpeg_BecomesRgb()
    {
        StoredImage image = PictureReader.DecodeStored(CmykJpeg.Make(200, 100, 50, 255), "a.jpg", 3);

        Assert.Equal((8, 8), (image.Height, image.Width));
        Assert.Equal([200, 100, 50], image.Pixels[..3].ToArray());
        // Black ink over it all.
        Assert.Equal([0, 0, 0], PictureReader.DecodeStored(CmykJpeg.Make(200, 100, 50, 0), "a.jpg", 3).Pixels[..3].ToArray());
    }

    [Fact]
    public void DecodeStored_AnimatedGif_GivesItsFirstFrame()
    {
        byte[] black = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0], white = [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4c, 1, 0];
        byte[] gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, .. white, .. black, 0x3b];

        Assert.Equal([255, 255, 255], PictureReader.DecodeStored(gif, "a.gif", 3).Pixels.ToArray());
    }

    /// <summary>Which corner of the upright picture shows the stored picture's dark one (top left), with the decoder's grey and coloured ways.</summary>
    [Theory]
    [InlineData(1, 16, 32, 0, 0)]
    [InlineData(2, 16, 32, 0, 31)]
    [InlineData(3, 16, 32, 15, 31)]
    [InlineData(4, 16, 32, 15, 0)]
    [InlineData(5, 32, 16, 0, 0)]
    [InlineData(6, 32, 16, 0, 15)]
    [InlineData(7, 32, 16, 31, 15)]
    [InlineData(8, 32, 16, 31, 0)]
    public void DecodeStored_ExifOrientation_TurnsUpright(byte orientation, int height, int width, int darkY, int darkX)
    {
        using SKBitmap white = TestPictures.Solid(16, 32, SKColors.White);
        using SKBitmap bitmap = TestPictures.Map(white, (y, x, _) => y < 8 && x < 8 ? 0 : 255);
        using SKBitmap grey = bitmap.Copy(SKColorType.Gray8);
        foreach (byte[] jpeg in new[] { TestPictures.Encode(bitmap, SKEncodedImageFormat.Jpeg), TestPictures.Encode(grey, SKEncodedImageFormat.Jpeg) })
        {
            foreach (int channels in new[] { 1, 3 })
            {
                StoredImage image = PictureReader.DecodeStored(TestPictures.WithOrientation(jpeg, orientation), "a.jpg", channels);

                Assert.Equal((height, width), (image.Height, image.Width));
                foreach ((int y, int x) in new[] { (0, 0), (0, width - 1), (height - 1, 0), (height - 1, width - 1) })
                    Assert.Equal((y, x) == (darkY, darkX), image.Pixels.Span[channels * ((y * width) + x)] < 128);
            }
        }
    }

    [Fact]
    public void DecodeStored_LargeJpeg_ComesAtAFractionOfItsSize()
    {
        using SKBitmap bitmap = TestPictures.Solid(1100, 2200, new SKColor(200, 100, 50));
        byte[] jpeg = TestPictures.Encode(bitmap, SKEncodedImageFormat.Jpeg);

        StoredImage stored = PictureReader.DecodeStored(jpeg, "a.jpg", 3);

        Assert.Equal((550, 1100), (stored.Height, stored.Width));
        Assert.InRange(stored.Pixels.Span[0], 195, 205);
        Picture whole = PictureReader.Decode(jpeg, "a.jpg");
        Assert.Equal((1100, 2200), (whole.Height, whole.Width));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 1)]
    [InlineData(SKEncodedImageFormat.Png, 3)]
    [InlineData(SKEncodedImageFormat.Jpeg, 1)]
    [InlineData(SKEncodedImageFormat.Jpeg, 3)]
    [InlineData(SKEncodedImageFormat.Webp, 3)]
    public void DecodeStored_CutOff_IsAnErrorAndNoHalfPicture(SKEncodedImageFormat format, int channels)
    {
        using SKBitmap noise = BrokenPictures.Noise(64, 64, seed: 3);
        using SKBitmap bitmap = channels == 1 ? noise.Copy(SKColorType.Gray8) : noise.Copy();
        byte[] encoded = TestPictures.Encode(bitmap, format);
        foreach (int length in new[] { encoded.Length / 2, encoded.Length * 9 / 10 })
        {
            InvalidDataException e = Assert.Throws<InvalidDataException>(() => PictureReader.DecodeStored(encoded.AsSpan(0, length), "cut", channels));

            Assert.StartsWith("'cut' is not a picture that can be read: it begins as one, but is", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ReadStored_BrokenFiles_AreEachToldInOneLine()
    {
        using TemporaryDirectory directory = new();
        BrokenPictures.Write(directory.Path);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Dictionary<string, string> messages = BrokenPictures.Names.ToDictionary(name => name, name => Assert.Throws<InvalidDataException>(() => PictureReader.ReadStored(directory.File(name), 3)).Message);

        Assert.All(messages, message => Assert.StartsWith($"'{directory.File(message.Key)}'", message.Value, StringComparison.Ordinal));
        Assert.All(messages.Values, message => Assert.DoesNotContain('\n', message));
        Assert.Contains("is cut off", messages["cut.jpg"], StringComparison.Ordinal);
        Assert.Contains("the file is empty", messages["empty.png"], StringComparison.Ordinal);
        Assert.Contains("the picture is 60000x60000, 3600000000 pixels; expected 35000000 at most of a PNG", messages["huge.png"], StringComparison.Ordinal);
        Assert.Contains("the file begins with 54 68 69 73", messages["text.jpg"], StringComparison.Ordinal);
        Assert.Contains("is a folder, not a picture", messages["x.png"], StringComparison.Ordinal);
        // Of the 10 GB that the header announces nothing was allocated.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void ReadStored_LongFile_IsRefusedUnread()
    {
        using TemporaryDirectory directory = new();
        string path = directory.Write("long.png", PngFile.Make(3, 8, PngFile.Grey, GreyRows));
        using (FileStream file = File.OpenWrite(path))
            file.SetLength(PictureReader.LargestFileLength + 1);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PictureReader.ReadStored(path, 1));

        Assert.Equal($"'{path}': the file has 100000001 bytes; expected 100000000 at most. Make the picture smaller first.", e.Message);
    }

    [Fact]
    public void DecodeStored_TwoChannels_AreRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>("channels", () => PictureReader.DecodeStored(PngFile.Make(3, 8, PngFile.Grey, GreyRows), "a.png", 2));

    [Fact]
    public void Subset_OfFiles_KeepsPathsAndLabels()
    {
        PictureFiles files = new("set", 3, ["a", "b", "c"], [0, 1, 0], ["x", "y"]);

        ImageSet subset = files.Subset([2, 1], "part");

        Assert.Equal(("part", 2, "c", "b"), (subset.Name, subset.Count, subset.Describe(0), subset.Describe(1)));
        Assert.Equal([0, 1], subset.Labels.ToArray());
        Assert.False(subset.IsInMemory);
        Assert.Throws<ArgumentOutOfRangeException>(() => files.Subset([3], "part"));
        Assert.Throws<FileNotFoundException>(() => subset.Read(0));
    }

    [Fact]
    public void Create_LabelWithoutClass_NamesTheFile()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => new PictureFiles("set", 3, ["a.png", "b.png"], [0, 2], ["x", "y"]));

        Assert.Contains("'b.png' has label 2, but there are 2 classes", e.Message, StringComparison.Ordinal);
    }
}
