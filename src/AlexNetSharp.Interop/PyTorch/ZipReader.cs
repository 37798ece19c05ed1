using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AlexNetSharp.Interop.PyTorch;

/// <summary>Reads zip archives as <c>torch.save</c> writes them, with and without their 64-bit extension; stored files are read from where they lie.</summary>
/// <remarks>
/// Lengths are what the directory declares; nobody gets a byte more, and a sum above the archive's own length plus <see cref="Allowance"/> is refused
/// before anything is unpacked. Checksums are not looked at: PyTorch can be told to leave them out.
/// Format: PKWARE's APPNOTE.TXT 6.3, sections 4.3 and 4.5.3.
/// </remarks>
internal sealed class ZipReader
{
    /// <summary>How many bytes more than the archive has its files may unpack to.</summary>
    public const long Allowance = 256L << 20;

    private const uint EndSignature = 0x06054b50, End64Signature = 0x06064b50, Locator64Signature = 0x07064b50, DirectorySignature = 0x02014b50, LocalSignature = 0x04034b50;
    private const int EndLength = 22, End64Length = 56, LocatorLength = 20, DirectoryEntryLength = 46, LocalHeaderLength = 30;
    private const int MaximalComment = ushort.MaxValue;
    private const int MaximalDirectory = 1 << 24;
    private const int Extra64 = 1;
    private const int Encrypted = 1;
    private const int Stored = 0, Deflated = 8;

    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _length;
    private readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);

    /// <param name="file">The archive; stays open with whoever opened it.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is none, is broken, or would unpack to too much.</exception>
    public ZipReader(SafeFileHandle file, string path)
    {
        _file = file;
        _path = path;
        _length = RandomAccess.GetLength(file);
        (long offset, long size, long count) = FindDirectory();
        if (offset < 0 || size < 0 || size > _length || offset > _length - size)
            throw Broken(offset, $"the directory of {size} bytes lies outside of the file of {_length}");
        if (size > MaximalDirectory)
            throw Broken(offset, $"the directory has {size} bytes; expected {MaximalDirectory} at most");
        ReadDirectory(Bytes(offset, (int)size), offset, count);
        Int128 unpacked = 0;
        foreach (ZipEntry entry in _entries.Values)
            unpacked += entry.Length;
        if (unpacked > (Int128)_length + Allowance)
            throw Broken(offset, $"its files unpack to {unpacked} bytes; expected at most {_length + Allowance}, the file's length and 256 MB. It is a zip bomb, or needs to be saved again uncompressed");
    }

    /// <summary>Its files.</summary>
    public IReadOnlyCollection<ZipEntry> Entries => _entries.Values;

    /// <summary>The file called so; null where there is none.</summary>
    public ZipEntry? Find(string name) => _entries.GetValueOrDefault(name);

    /// <summary>Reads so many bytes of a file, from <paramref name="offset"/> on.</summary>
    /// <exception cref="InvalidDataException">There are fewer, or the packed ones are broken.</exception>
    public void Read(ZipEntry entry, long offset, Span<byte> destination)
    {
        if (offset > entry.Length - destination.Length)
            throw Broken(entry.HeaderOffset, $"'{entry.Name}' has {entry.Length} bytes; expected at least {offset + destination.Length}");
        long start = DataOffset(entry);
        if (entry.Method == Stored)
        {
            Fill(start + offset, destination);
            return;
        }
        using RangeStream packed = new(_file, start, entry.CompressedLength);
        using DeflateStream stream = new(packed, CompressionMode.Decompress);
        byte[] skipped = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            while (offset > 0)
            {
                int part = (int)Math.Min(offset, skipped.Length);
                stream.ReadExactly(skipped, 0, part);
                offset -= part;
            }
            stream.ReadExactly(destination);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw Broken(start, $"'{entry.Name}' does not unpack to its {entry.Length} bytes. The file is damaged");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(skipped);
        }
    }

    private (long Offset, long Size, long Count) FindDirectory()
    {
        int tailLength = (int)Math.Min(_length, EndLength + MaximalComment);
        long tailStart = _length - tailLength;
        ReadOnlySpan<byte> tail = Bytes(tailStart, tailLength);
        for (int at = tailLength - EndLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail[at..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature)
                continue;
            if (at >= LocatorLength && BinaryPrimitives.ReadUInt32LittleEndian(tail[(at - LocatorLength)..]) == Locator64Signature)
                return FindDirectory64((long)BinaryPrimitives.ReadUInt64LittleEndian(tail[(at - LocatorLength + 8)..]));
            return (BinaryPrimitives.ReadUInt32LittleEndian(end[16..]), BinaryPrimitives.ReadUInt32LittleEndian(end[12..]), BinaryPrimitives.ReadUInt16LittleEndian(end[10..]));
        }
        throw Broken(_length, "there is no directory at the end of the zip archive. The file was cut off");
    }

    private (long Offset, long Size, long Count) FindDirectory64(long at)
    {
        if (at < 0 || at > _length - End64Length)
            throw Broken(at, $"the end of the directory lies outside of the file of {_length} bytes");
        ReadOnlySpan<byte> end = Bytes(at, End64Length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(end) != End64Signature)
            throw Broken(at, "the end of the directory does not begin with its signature");
        return ((long)BinaryPrimitives.ReadUInt64LittleEndian(end[48..]), (long)BinaryPrimitives.ReadUInt64LittleEndian(end[40..]), (long)BinaryPrimitives.ReadUInt64LittleEndian(end[32..]));
    }

    private void ReadDirectory(ReadOnlySpan<byte> directory, long offset, long count)
    {
        int at = 0;
        for (long i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> rest = directory[at..];
            if (rest.Length < DirectoryEntryLength || BinaryPrimitives.ReadUInt32LittleEndian(rest) != DirectorySignature)
                throw Broken(offset + at, $"entry {i} of {count} of the directory does not begin with its signature");
            int flags = BinaryPrimitives.ReadUInt16LittleEndian(rest[8..]), method = BinaryPrimitives.ReadUInt16LittleEndian(rest[10..]);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[28..]), extraLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[30..]);
            int whole = DirectoryEntryLength + nameLength + extraLength + BinaryPrimitives.ReadUInt16LittleEndian(rest[32..]);
            if (whole > rest.Length)
                throw Broken(offset + at, $"entry {i} of the directory reaches beyond its end");
            string name = Encoding.UTF8.GetString(rest.Slice(DirectoryEntryLength, nameLength));
            Span<ulong> sizes =
            [
                BinaryPrimitives.ReadUInt32LittleEndian(rest[24..]), BinaryPrimitives.ReadUInt32LittleEndian(rest[20..]), BinaryPrimitives.ReadUInt32LittleEndian(rest[42..]),
            ];
            Widen(sizes, rest.Slice(DirectoryEntryLength + nameLength, extraLength));
            ZipEntry entry = new(name, method, (long)sizes[1], (long)sizes[0], (long)sizes[2]);
            if ((flags & Encrypted) != 0 || method is not (Stored or Deflated))
                throw Broken(offset + at, $"'{name}' is {((flags & Encrypted) != 0 ? "encrypted" : $"packed by method {method}")}; expected stored or deflated");
            if (entry.Length < 0 || entry.CompressedLength < 0 || entry.HeaderOffset < 0 || entry.HeaderOffset > _length - LocalHeaderLength || entry.CompressedLength > _length
                || (method == Stored && entry.Length != entry.CompressedLength))
                throw Broken(offset + at, $"'{name}' of {entry.Length} bytes, {entry.CompressedLength} packed, lies at {entry.HeaderOffset} in a file of {_length}; expected within it");
            if (!_entries.TryAdd(name, entry))
                throw Broken(offset + at, $"'{name}' is there twice; expected once");
            at += whole;
        }
        if (at != directory.Length)
            throw Broken(offset + at, $"the directory goes on behind its {count} entries; expected its end");
    }

    // Where 32 bits are all ones, the 64-bit values stand one after another in the extension.
    private static void Widen(Span<ulong> sizes, ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - 4);
            ReadOnlySpan<byte> field = extra.Slice(4, length);
            if (id == Extra64)
            {
                foreach (ref ulong size in sizes)
                {
                    if (size != uint.MaxValue || field.Length < sizeof(ulong))
                        continue;
                    size = BinaryPrimitives.ReadUInt64LittleEndian(field);
                    field = field[sizeof(ulong)..];
                }
            }
            extra = extra[(4 + length)..];
        }
    }

    private long DataOffset(ZipEntry entry)
    {
        ReadOnlySpan<byte> header = Bytes(entry.HeaderOffset, LocalHeaderLength);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature)
            throw Broken(entry.HeaderOffset, $"'{entry.Name}' does not begin with its signature");
        long start = entry.HeaderOffset + LocalHeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        return start <= _length - entry.CompressedLength ? start : throw Broken(entry.HeaderOffset, $"'{entry.Name}' reaches beyond the end of the file");
    }

    private byte[] Bytes(long offset, int count)
    {
        byte[] bytes = new byte[count];
        Fill(offset, bytes);
        return bytes;
    }

    private void Fill(long offset, Span<byte> destination)
    {
        if (!RangeStream.TryFill(_file, offset, destination))
            throw Broken(offset, $"the file ends; expected {destination.Length} bytes more");
    }

    private InvalidDataException Broken(long offset, string problem) => BrokenFile.Because($"'{_path}', offset {offset}: {problem}.");
}
