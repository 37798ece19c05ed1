using System.Buffers;
using System.Buffers.Binary;
using AlexNetSharp.Images;
using Microsoft.Win32.SafeHandles;

namespace AlexNetSharp.Data;

/// <summary>Reads pictures: PNG, JPEG, BMP, GIF (its first frame) and WebP.</summary>
/// <remarks>
/// Pictures are turned upright as their EXIF orientation says, brought to 8-bit sRGB, and laid on white where they are transparent.
/// Length and size are checked before anything is decoded, the size in the header.
/// </remarks>
public static class PictureReader
{
    /// <summary>
    /// The most pixels a picture may have: 50 million. Of files whose decoding takes more memory for a pixel fewer are read, so that none takes 256 MB
    /// beside the file: of a PNG, BMP or WebP 35 million, of those that are interlaced, lossless or animated, of GIFs and of progressive JPEGs 16 to 49 million.
    /// </summary>
    public const long LargestPixelCount = 50_000_000;

    /// <summary>The most bytes a file may have: 100 million.</summary>
    public const long LargestFileLength = 100_000_000;

    /// <summary>A JPEG picture is stored at 1/2, 1/4 or 1/8 of its size where its shorter side stays at least as long as this.</summary>
    public const int StoredShorterSide = 512;

    /// <summary>Enough of a file to tell its format.</summary>
    private const int SignatureLength = 12;

    // Pools hold powers of two; longer files get a buffer of their own length.
    private const int LargestPooledFile = 1 << 24;

    // Of a PNG file's bytes, its width and height.
    private const int PngSizeStart = 16, PngSizeEnd = 24;

    /// <summary>Enough of a file to tell whether its picture is grey, as a rule: metadata may push the size of a JPEG further back.</summary>
    private const int HeaderLength = 1 << 18;

    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".webp"];

    /// <summary>Whether a file's name ends as those of pictures do: .png, .jpg, .jpeg, .jpe, .jfif, .bmp, .gif or .webp, in any case of letters.</summary>
    public static bool HasPictureName(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the picture in the file <paramref name="path"/>.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is no such picture, is damaged or cut off, or has more than <see cref="LargestFileLength"/> bytes or <see cref="LargestPixelCount"/> pixels.
    /// </exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static Picture Read(string path)
    {
        StoredImage image = ReadFile(path, channels: 3, shorterSide: int.MaxValue);
        return new Picture(path, image.Height, image.Width, image.Pixels);
    }

    /// <summary>Decodes a picture that is in memory.</summary>
    /// <param name="encoded">What would be in its file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">It is no such picture, is damaged or cut off, or has more than <see cref="LargestPixelCount"/> pixels.</exception>
    public static Picture Decode(ReadOnlySpan<byte> encoded, string name)
    {
        StoredImage image = Decode(encoded, name, channels: 3, shorterSide: int.MaxValue);
        return new Picture(name, image.Height, image.Width, image.Pixels);
    }

    /// <summary>Reads the picture in the file <paramref name="path"/> as image sets of files hold it, and models trained on them expect it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="channels">3 for RGB, or 1 for grey: the levels of a grey picture as they are, of others Rec. 601 luma, 0.299 R + 0.587 G + 0.114 B.</param>
    /// <returns>The picture; large JPEG pictures at a fraction of their size (<see cref="StoredShorterSide"/>), the mean of the pixels that each covers.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are neither 1 nor 3 channels.</exception>
    /// <inheritdoc cref="Read"/>
    public static StoredImage ReadStored(string path, int channels) => ReadFile(path, channels, StoredShorterSide);

    /// <summary>Decodes a picture that is in memory as image sets of files hold it.</summary>
    /// <param name="encoded">What would be in its file.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="channels">3 for RGB, or 1 for grey.</param>
    /// <returns>As <see cref="ReadStored"/> gives it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are neither 1 nor 3 channels.</exception>
    /// <exception cref="InvalidDataException">It is no such picture, is damaged or cut off, or has more than <see cref="LargestPixelCount"/> pixels.</exception>
    public static StoredImage DecodeStored(ReadOnlySpan<byte> encoded, string name, int channels) => Decode(encoded, name, channels, StoredShorterSide);

    /// <summary>The size that the header of a picture in memory announces, before anything is decoded; not yet turned upright.</summary>
    /// <param name="encoded">What would be in its file.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="InvalidDataException">It is no such picture, its header is damaged, or has more than <see cref="LargestPixelCount"/> pixels.</exception>
    public static ImageSize ReadSize(ReadOnlySpan<byte> encoded, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        RequirePicture(encoded, name);
        return SkiaDecoder.ReadSize(encoded, name);
    }

    /// <summary>Whether the header in the file <paramref name="path"/> announces a grey picture without transparency; null where it cannot be read.</summary>
    internal static bool? IsGrey(string path)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(HeaderLength);
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            ReadOnlySpan<byte> start = buffer.AsSpan(0, Fill(file, buffer));
            return IsPicture(start) ? SkiaDecoder.IsGrey(start) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static StoredImage ReadFile(string path, int channels, int shorterSide)
    {
        byte[]? buffer = null;
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            long length = RandomAccess.GetLength(file);
            if (length > LargestFileLength)
                throw new InvalidDataException($"'{path}': the file has {length} bytes; expected {LargestFileLength} at most. Make the picture smaller first.");
            byte[] content = length > LargestPooledFile ? GC.AllocateUninitializedArray<byte>((int)length) : buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, (int)length));
            return Decode(content.AsSpan(0, Fill(file, content.AsSpan(0, (int)length))), path, channels, shorterSide);
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw new InvalidDataException($"'{path}' is a folder, not a picture. Rename it, or move it away.");
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static StoredImage Decode(ReadOnlySpan<byte> encoded, string name, int channels, int shorterSide)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, $"'{name}': a picture becomes 1 channel (grey) or 3 (RGB), not {channels}. Use a model with such an input.");
        RequirePicture(encoded, name);
        return SkiaDecoder.Decode(encoded, name, channels, shorterSide);
    }

    private static void RequirePicture(ReadOnlySpan<byte> encoded, string name)
    {
        // Before the decoder is loaded or tries its hand at other formats.
        if (!IsPicture(encoded))
        {
            string found = encoded.IsEmpty ? "the file is empty" : $"the file begins with {BitConverter.ToString([.. encoded[..Math.Min(encoded.Length, 8)]]).Replace('-', ' ')}";
            throw new InvalidDataException($"'{name}' is not a picture that can be read (PNG, JPEG, BMP, GIF or WebP expected; {found}). Save it in one of these formats.");
        }
        // What announces an absurd size is told so, even where the decoder would not get past the header.
        if (encoded.Length >= PngSizeEnd && encoded.Slice(PngSizeStart - 4, 4).SequenceEqual("IHDR"u8))
            ThrowIfTooLarge(name, BinaryPrimitives.ReadUInt32BigEndian(encoded[PngSizeStart..]), BinaryPrimitives.ReadUInt32BigEndian(encoded[(PngSizeStart + 4)..]), PictureMemory.Of(encoded));
    }

    // A PNG's sides go up to 2^32: compared so that nothing overflows.
    private static bool IsMore(long width, long height, long pixels) => width > 0 && height > pixels / width;

    internal static bool IsTooLarge(long width, long height) => IsMore(width, height, LargestPixelCount);

    internal static void ThrowIfTooLarge(string name, long width, long height, PictureMemory memory, int divisor = 1)
    {
        long most = memory.LargestPixelCount(1.0 / (divisor * divisor));
        if (IsMore(width, height, most))
            throw new InvalidDataException($"'{name}': the picture is {width}x{height}, {(UInt128)width * (UInt128)height} pixels; expected {most} at most of {memory.Kind}. Make it smaller first.");
    }

    private static bool IsPicture(ReadOnlySpan<byte> encoded)
    {
        ReadOnlySpan<byte> start = encoded[..Math.Min(encoded.Length, SignatureLength)];
        ReadOnlySpan<byte> png = [0x89, (byte)'P', (byte)'N', (byte)'G'];
        ReadOnlySpan<byte> jpeg = [0xff, 0xd8, 0xff];
        return start.StartsWith(png) || start.StartsWith(jpeg) || start.StartsWith("BM"u8) || start.StartsWith("GIF8"u8)
            || (start.StartsWith("RIFF"u8) && start.EndsWith("WEBP"u8));
    }

    private static int Fill(SafeFileHandle file, Span<byte> buffer)
    {
        int filled = 0;
        for (int read; filled < buffer.Length && (read = RandomAccess.Read(file, buffer[filled..], filled)) > 0;)
            filled += read;
        return filled;
    }
}
