using System.Buffers.Binary;

namespace AlexNetSharp.Data;

/// <summary>What decoding a picture takes, native memory included, as its file tells before anything is decoded.</summary>
/// <param name="Kind">What messages call such a file.</param>
/// <param name="Output">Bytes for each pixel of the decoded picture.</param>
/// <param name="Stored">Bytes for each pixel of the picture in the file, which a JPEG decoded at a fraction of its size takes too.</param>
internal readonly record struct PictureMemory(string Kind, double Output, double Stored)
{
    /// <summary>The most that is taken. With the file's buffer, which may be half empty, it stays below 256 MB and the file's length.</summary>
    private const long Largest = 245_000_000;

    // Three bytes for the result; where rows cannot be asked for one by one, four for the decoder's RGBA beside it.
    private const double ByRows = 3, Whole = 7;

    // What the decoders hold of a whole picture themselves: all passes of a PNG, samples of 16 bits; a GIF's frames. What a WebP's holds, four bytes too,
    // it lets go before the result is written, so that only what is more than that counts.
    private const double Passes = 4, LongPasses = 8, Frames = 5, Lossless = 1;

    // A coefficient of a JPEG.
    private const double Coefficient = 2;

    private const int PngHeaderLength = 29, PngDepth = 24, PngInterlace = 28;
    private const int RiffHeaderLength = 12, ChunkHeaderLength = 8;

    // A JPEG may have four components; one whose header is not understood is taken to hold the most.
    private const int MostComponents = 4;

    /// <summary>The most pixels such a picture may have, in whole millions.</summary>
    /// <param name="share">Pixels decoded of each one stored: 1, but for a JPEG decoded at a fraction of its size.</param>
    public long LargestPixelCount(double share) => Math.Min(PictureReader.LargestPixelCount, (long)(Largest / (Stored + (Output * share)) / 1e6) * 1_000_000);

    /// <summary>Looks at a file that begins as a picture.</summary>
    public static PictureMemory Of(ReadOnlySpan<byte> encoded) => encoded[0] switch
    {
        0x89 => Png(encoded),
        0xff => Jpeg(encoded),
        (byte)'R' => Webp(encoded),
        (byte)'G' => new("a GIF", Whole, Frames),
        _ => new("a BMP", Whole, 0),
    };

    private static PictureMemory Png(ReadOnlySpan<byte> encoded) => encoded.Length >= PngHeaderLength && encoded[PngInterlace] != 0
        ? new("an interlaced PNG", Whole, encoded[PngDepth] > 8 ? LongPasses : Passes)
        : new("a PNG", Whole, 0);

    // Chunks with their lengths, up to the one that holds the pixels.
    private static PictureMemory Webp(ReadOnlySpan<byte> encoded)
    {
        for (long at = RiffHeaderLength; at + ChunkHeaderLength <= encoded.Length;)
        {
            ReadOnlySpan<byte> chunk = encoded[(int)at..];
            if (chunk.StartsWith("VP8 "u8))
                return new("a WebP", Whole, 0);
            if (chunk.StartsWith("VP8L"u8) || chunk.StartsWith("ALPH"u8) || chunk.StartsWith("ANMF"u8))
                break;
            long length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            at += ChunkHeaderLength + length + (length & 1);
        }
        return new("a lossless, transparent or animated WebP", Whole, Lossless);
    }

    // Segments up to the first scan. Where that does not hold all of the picture, the decoder keeps every coefficient until the last scan.
    private static PictureMemory Jpeg(ReadOnlySpan<byte> encoded)
    {
        bool isProgressive = false;
        int components = 0;
        double samples = MostComponents;
        for (int at = 2; at + 4 <= encoded.Length;)
        {
            if (encoded[at] != 0xff || encoded[at + 1] is 0 or 0xff)
            {
                at++;
                continue;
            }
            byte marker = encoded[at + 1];
            at += 2;
            if (marker is 0x01 or (>= 0xd0 and <= 0xd8))
                continue;
            int length = BinaryPrimitives.ReadUInt16BigEndian(encoded[at..]);
            ReadOnlySpan<byte> segment = encoded.Slice(at, Math.Min(length, encoded.Length - at));
            if (marker == 0xda)
            {
                if (!isProgressive && components > 0 && segment.Length > 2 && segment[2] == components)
                    return new("a JPEG", ByRows, 0);
                break;
            }
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc) && segment.Length > 7)
            {
                isProgressive = marker is not (0xc0 or 0xc1 or 0xc9);
                components = segment[7];
                samples = Samples(segment[8..], components);
            }
            at += length;
        }
        return new("a JPEG of several scans (progressive)", ByRows, Coefficient * samples);
    }

    // Samples a pixel: chrominance is mostly stored at half the width and height.
    private static double Samples(ReadOnlySpan<byte> components, int count)
    {
        (int sum, int widest, int highest) = (0, 1, 1);
        for (int i = 0; i < count && (3 * i) + 1 < components.Length; i++)
        {
            (int across, int down) = (components[(3 * i) + 1] >> 4, components[(3 * i) + 1] & 15);
            sum += across * down;
            (widest, highest) = (Math.Max(widest, across), Math.Max(highest, down));
        }
        return (double)sum / (widest * highest);
    }
}
