using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace AlexNetSharp.Data.Tests;

/// <summary>PNG files of kinds that the encoder of the tests' library does not write.</summary>
internal static class PngFile
{
    public const byte Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4;

    /// <summary>A file.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="depth">Bits a value.</param>
    /// <param name="kind">The colour type.</param>
    /// <param name="rows">Each row's bytes.</param>
    /// <param name="palette">RGB, for <see cref="Palette"/>.</param>
    public static byte[] Make(int width, byte depth, byte kind, byte[][] rows, byte[]? palette = null)
    {
        using MemoryStream zipped = new();
        using (ZLibStream stream = new(zipped, CompressionLevel.Fastest))
        {
            foreach (byte[] row in rows)
                stream.Write([0, .. row]);
        }
        return [.. Header(width, rows.Length, depth, kind), .. palette is null ? [] : Chunk("PLTE", palette), .. Chunk("IDAT", zipped.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>The beginning of a file of any size: signature and header.</summary>
    public static byte[] Header(int width, int height, byte depth = 8, byte kind = Rgb)
    {
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, depth, kind, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        return [0x89, .. "PNG\r\n"u8, 0x1a, (byte)'\n', .. Chunk("IHDR", header)];
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] chunk = [0, 0, 0, 0, .. Encoding.ASCII.GetBytes(name), .. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(chunk.Length - 4), Crc32(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
        }
        return ~crc;
    }
}
