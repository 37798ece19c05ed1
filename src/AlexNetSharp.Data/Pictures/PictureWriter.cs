using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>Writes pictures as PNG: 8 bits, grey or RGB, without a colour profile, so that the same bytes come back.</summary>
public static class PictureWriter
{
    private const int Grey = 1, Colors = 3;

    /// <summary>What would be in a picture's file.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="channels">Values of a pixel: 1 for grey, 3 for RGB.</param>
    /// <exception cref="ArgumentException">There are neither 1 nor 3 channels, a size is below one, or the length is not theirs.</exception>
    public static byte[] EncodePng(StoredImage image, int channels)
    {
        if (channels is not (Grey or Colors))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, $"A picture of {channels} channels cannot be written as PNG; 1 (grey) or 3 (RGB) are expected.");
        if (image.Height < 1 || image.Width < 1 || image.Pixels.Length != (long)image.Height * image.Width * channels)
            throw new ArgumentException($"The picture has {image.Pixels.Length} bytes, but {image.Height}x{image.Width}x{channels} needs {(long)image.Height * image.Width * channels}.", nameof(image));
        return SkiaEncoder.EncodePng(image, channels);
    }

    /// <summary>Writes a picture to a file, which is replaced if there is one.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="channels">Values of a pixel: 1 for grey, 3 for RGB.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">There are neither 1 nor 3 channels, a size is below one, or the length is not theirs.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WritePng(StoredImage image, int channels, string path) => File.WriteAllBytes(path, EncodePng(image, channels));
}
