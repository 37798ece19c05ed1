using SkiaSharp;

namespace AlexNetSharp.Data.Tests;

/// <summary>Five files that no picture can be had from.</summary>
internal static class BrokenPictures
{
    public static IReadOnlyList<string> Names { get; } = ["cut.jpg", "empty.png", "huge.png", "text.jpg", "x.png"];

    /// <summary>Writes them into <paramref name="directory"/>.</summary>
    public static void Write(string directory)
    {
        using SKBitmap bitmap = Noise(64, 64, seed: 1);
        byte[] jpeg = TestPictures.Encode(bitmap, SKEncodedImageFormat.Jpeg);
        File.WriteAllBytes(Path.Combine(directory, "cut.jpg"), jpeg[..(jpeg.Length / 2)]);
        File.WriteAllBytes(Path.Combine(directory, "empty.png"), []);
        File.WriteAllBytes(Path.Combine(directory, "huge.png"), PngFile.Header(60_000, 60_000));
        File.WriteAllText(Path.Combine(directory, "text.jpg"), "This is no picture.");
        Directory.CreateDirectory(Path.Combine(directory, "x.png"));
    }

    /// <summary>What no encoder makes small.</summary>
    public static SKBitmap Noise(int height, int width, int seed)
    {
        Random random = new(seed);
        using SKBitmap white = TestPictures.Solid(height, width, SKColors.White);
        return TestPictures.Map(white, (_, _, _) => random.Next(256));
    }
}
