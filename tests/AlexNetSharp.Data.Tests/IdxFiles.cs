using System.Buffers.Binary;
using System.IO.Compression;

namespace AlexNetSharp.Data.Tests;

/// <summary>Makes IDX files.</summary>
internal static class IdxFiles
{
    public const uint ImagesMagic = 0x803;
    public const uint LabelsMagic = 0x801;

    public static byte[] Make(uint magic, ReadOnlySpan<uint> sizes, ReadOnlySpan<byte> content)
    {
        byte[] file = new byte[4 + 4 * sizes.Length + content.Length];
        BinaryPrimitives.WriteUInt32BigEndian(file, magic);
        for (int i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(4 + 4 * i), sizes[i]);
        content.CopyTo(file.AsSpan(4 + 4 * sizes.Length));
        return file;
    }

    /// <summary>Pictures whose pixels are 0, 1, 2, …</summary>
    public static byte[] Images(int count, int height = 2, int width = 3) =>
        Make(ImagesMagic, [(uint)count, (uint)height, (uint)width], [.. Enumerable.Range(0, count * height * width).Select(i => (byte)i)]);

    public static byte[] Labels(params byte[] labels) => Make(LabelsMagic, [(uint)labels.Length], labels);

    public static byte[] Zip(byte[] content)
    {
        using MemoryStream zipped = new();
        using (GZipStream stream = new(zipped, CompressionLevel.Optimal))
            stream.Write(content);
        return zipped.ToArray();
    }

    /// <summary>Writes a set of 24 training pictures (labels 0, 1, 2 and again) and 3 test pictures.</summary>
    public static void WriteSet(TemporaryDirectory directory, string prefix = "", string test = "t10k", byte firstLabel = 0)
    {
        directory.Write(prefix + "train-images-idx3-ubyte", Images(24));
        directory.Write(prefix + "train-labels-idx1-ubyte", Labels([.. Enumerable.Range(0, 24).Select(i => (byte)(i % 3 + firstLabel))]));
        directory.Write($"{prefix}{test}-images-idx3-ubyte", Images(3));
        directory.Write($"{prefix}{test}-labels-idx1-ubyte", Labels(firstLabel, (byte)(firstLabel + 1), (byte)(firstLabel + 2)));
    }
}
