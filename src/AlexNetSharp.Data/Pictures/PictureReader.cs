namespace AlexNetSharp.Data;

/// <summary>Reads pictures: PNG, JPEG, BMP, GIF (its first frame) and WebP.</summary>
/// <remarks>
/// Pictures are turned upright as their EXIF orientation says, brought to sRGB, and laid on white where they are transparent.
/// The size is checked in the header, before anything is decoded.
/// </remarks>
public static class PictureReader
{
    /// <summary>The most pixels a picture may have: 100 million, which take 700 MB while it is decoded.</summary>
    public const long LargestPixelCount = 100_000_000;

    /// <summary>Enough of a file to tell its format.</summary>
    private const int SignatureLength = 12;

    /// <summary>Reads the picture in the file <paramref name="path"/>.</summary>
    /// <exception cref="InvalidDataException">The file is no such picture, is damaged, or has more than <see cref="LargestPixelCount"/> pixels.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static Picture Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Span<byte> start = stackalloc byte[SignatureLength];
        start = start[..file.ReadAtLeast(start, SignatureLength, throwOnEndOfStream: false)];
        ThrowIfNoPicture(start, path);
        file.Position = 0;
        return SkiaDecoder.Decode(file, path);
    }

    /// <summary>Decodes a picture that is in memory.</summary>
    /// <param name="encoded">What would be in its file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">It is no such picture, is damaged, or has more than <see cref="LargestPixelCount"/> pixels.</exception>
    public static Picture Decode(ReadOnlySpan<byte> encoded, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ThrowIfNoPicture(encoded[..Math.Min(encoded.Length, SignatureLength)], name);
        return SkiaDecoder.Decode(encoded, name);
    }

    /// <summary>Refuses what is none of the five formats, before the decoder is loaded or tries its hand at others.</summary>
    private static void ThrowIfNoPicture(ReadOnlySpan<byte> start, string name)
    {
        ReadOnlySpan<byte> png = [0x89, (byte)'P', (byte)'N', (byte)'G'];
        ReadOnlySpan<byte> jpeg = [0xff, 0xd8, 0xff];
        bool isPicture = start.StartsWith(png) || start.StartsWith(jpeg) || start.StartsWith("BM"u8) || start.StartsWith("GIF8"u8)
            || (start.StartsWith("RIFF"u8) && start.EndsWith("WEBP"u8));
        if (isPicture)
            return;
        string found = start.IsEmpty ? "the file is empty" : $"the file begins with {BitConverter.ToString([.. start], 0, Math.Min(start.Length, 8)).Replace('-', ' ')}";
        throw new InvalidDataException($"'{name}' is not a picture that can be read (PNG, JPEG, BMP, GIF or WebP expected; {found}). Save it in one of these formats.");
    }
}
