using AlexNetSharp.Images;

namespace AlexNetSharp.Data.Tests;

public sealed class PictureWriterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void WritePng_ThenRead_GivesTheSameBytes(int channels)
    {
        byte[] pixels = [.. Enumerable.Range(0, 5 * 7 * channels).Select(i => (byte)(i * 37))];
        string path = _directory.File("picture.png");
        File.WriteAllText(path, "replaced");

        PictureWriter.WritePng(new StoredImage(5, 7, pixels), channels, path);

        StoredImage back = PictureReader.ReadStored(path, channels);
        Assert.Equal((5, 7), (back.Height, back.Width));
        Assert.Equal(pixels, back.Pixels.ToArray());
    }

    [Fact]
    public void EncodePng_WhatIsNoPicture_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PictureWriter.EncodePng(new StoredImage(1, 1, new byte[2]), 2));
        Assert.Contains("needs 12", Assert.Throws<ArgumentException>(() => PictureWriter.EncodePng(new StoredImage(2, 2, new byte[11]), 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PictureWriter.EncodePng(new StoredImage(0, 3, ReadOnlyMemory<byte>.Empty), 1));
    }
}
