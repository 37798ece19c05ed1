using System.Buffers.Binary;
using System.Globalization;

namespace AlexNetSharp.Data;

/// <summary>Reads IDX files of unsigned bytes, the format of MNIST: pictures (magic 0x00000803) and labels (0x00000801).</summary>
/// <remarks>
/// A file is a big-endian magic number, one big-endian 32-bit size a dimension, and the bytes; plain or gzipped, which is
/// told by the content and not by the name. A file must be exactly as long as its header announces. Nothing is allocated
/// before the announced size is known to be possible, and a gzip stream is read no further than one byte past it.
/// </remarks>
public static class IdxReader
{
    internal const int ImagesHeaderLength = 16;
    internal const int LabelsHeaderLength = 8;

    private const uint ImagesMagic = 0x00000803;
    private const uint LabelsMagic = 0x00000801;

    private const string CutOff = "The file is cut off or damaged: fetch it again.";

    /// <summary>One array holds the content, so no more than this may be announced (2 GiB less 57 bytes).</summary>
    private static readonly long LargestContent = Array.MaxLength;

    /// <summary>Reads a file of pictures.</summary>
    /// <exception cref="InvalidDataException">The file is not one of IDX pictures, is cut off, too long, corrupt, or announces an absurd size.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static IdxImages ReadImages(string path)
    {
        Span<int> sizes = stackalloc int[3];
        byte[] pixels = Read(path, ImagesMagic, sizes);
        return new IdxImages(sizes[0], sizes[1], sizes[2], pixels);
    }

    /// <summary>Reads a file of labels, one byte a label.</summary>
    /// <exception cref="InvalidDataException">The file is not one of IDX labels, is cut off, too long, corrupt, or announces an absurd size.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static byte[] ReadLabels(string path)
    {
        Span<int> sizes = stackalloc int[1];
        return Read(path, LabelsMagic, sizes);
    }

    private static byte[] Read(string path, uint magic, Span<int> sizes)
    {
        using GzipContent content = GzipContent.Open(path);
        int headerLength = ReadHeader(path, content, magic, sizes);
        int length = 1;
        foreach (int size in sizes)
            length *= size;

        long announced = (long)headerLength + length;
        string shape = Shape(sizes);
        if (announced > content.LargestLength)
        {
            string found = content.IsZipped ? $"a gzip file that can hold {content.LargestLength} at most" : $"{content.LargestLength}";
            throw Error(path, content.Place(headerLength), $"a content of {announced} bytes ({shape} after a header of {headerLength})", found, CutOff);
        }

        byte[] bytes = new byte[length];
        int read = content.Read(bytes);
        if (read < length)
        {
            throw Error(path, content.Place(content.Position), $"{announced} bytes in all ({shape} after a header of {headerLength})",
                $"the end after {content.Position}", CutOff);
        }

        Span<byte> beyond = stackalloc byte[1];
        if (content.Read(beyond) > 0)
        {
            string found = content.IsZipped ? "more" : $"{content.LargestLength - announced} more";
            throw Error(path, content.Place(announced), $"the end ({shape} after a header of {headerLength})", found,
                "The header and the content do not belong together: fetch the file again.");
        }
        return bytes;
    }

    /// <summary>Reads and checks the magic number and the sizes, whose product is known to fit one array; returns the header's length.</summary>
    private static int ReadHeader(string path, GzipContent content, uint magic, Span<int> sizes)
    {
        Span<byte> header = stackalloc byte[ImagesHeaderLength];
        header = header[..(4 + 4 * sizes.Length)];
        int read = content.Read(header);
        if (read >= 4)
        {
            uint found = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (found != magic)
                throw Error(path, content.Place(0), $"the magic number {Describe(magic)}", Describe(found), Mend(magic, found));
        }
        if (read < header.Length)
            throw Error(path, content.Place(read), $"a header of {header.Length} bytes ({Describe(magic)})", $"the end after {read}", CutOff);

        ulong product = 1;
        Span<uint> announced = stackalloc uint[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            announced[i] = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + 4 * i)..]);
            if (announced[i] == 0)
                throw Error(path, content.Place(4 + 4 * i), $"{DimensionName(i)} above zero", "0", "The file is empty or damaged: fetch it again.");
            // Both factors lie below 2^32, so the product is exact.
            product *= announced[i];
            if (product > (ulong)LargestContent)
            {
                throw Error(path, content.Place(4), $"sizes of at most {LargestContent} bytes in all", Shape(announced[..(i + 1)]),
                    "The header is damaged: fetch the file again, or split the set.");
            }
            sizes[i] = (int)announced[i];
        }
        return header.Length;
    }

    private static string Describe(uint magic) => magic switch
    {
        ImagesMagic => "0x00000803 (IDX pictures of unsigned bytes)",
        LabelsMagic => "0x00000801 (IDX labels of unsigned bytes)",
        _ => string.Create(CultureInfo.InvariantCulture, $"0x{magic:x8}"),
    };

    private static string Mend(uint expected, uint found) => (expected, found) switch
    {
        (ImagesMagic, LabelsMagic) or (LabelsMagic, ImagesMagic) => "The files of pictures and labels are swapped: exchange their names.",
        _ => "This is no IDX file of that kind: check which file this is, or fetch it again.",
    };

    private static string DimensionName(int index) => index switch { 0 => "a count", 1 => "a height", _ => "a width" };

    private static string Shape<T>(ReadOnlySpan<T> sizes) where T : unmanaged => string.Join("x", sizes.ToArray());

    private static string Shape<T>(Span<T> sizes) where T : unmanaged => Shape((ReadOnlySpan<T>)sizes);

    private static InvalidDataException Error(string path, string place, string expected, string found, string mend) =>
        new($"'{path}': at {place}: expected {expected}, found {found}. {mend}");
}
