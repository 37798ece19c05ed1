using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace AlexNetSharp.Checkpoints;

/// <summary>A safetensors file whose header has been read and checked; values are read when asked for.</summary>
/// <remarks>
/// Large files are mapped into memory, one tensor at a time, so that a file never stands there twice. Nobody may shorten a file that is being read.
/// Format: https://huggingface.co/docs/safetensors. Header and data must cover the file: no overlap, no hole, nothing beyond.
/// </remarks>
public sealed class SafeTensorsFile : IDisposable
{
    // Below this a read is quicker than a mapping.
    private const long MappedFrom = 1 << 20;

    // Values that are converted at a time.
    private const int ChunkBytes = 1 << 16;

    private readonly string _name;
    private readonly Stream _stream;
    private readonly bool _ownsStream;
    private readonly MemoryMappedFile? _map;
    private readonly long _dataStart;

    /// <param name="stream">The bytes, seekable; read from the start.</param>
    /// <param name="name">What messages call them.</param>
    /// <param name="ownsStream">Whether it is closed with the result.</param>
    internal SafeTensorsFile(Stream stream, string name, bool ownsStream)
    {
        _stream = stream;
        _ownsStream = ownsStream;
        _name = name;
        long fileLength = stream.Length;
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (fileLength < prefix.Length)
            throw Broken(name, 0, $"the file has {fileLength} bytes; expected at least 8 for the header's length. It is no safetensors file, or was cut off");
        stream.Position = 0;
        stream.ReadExactly(prefix);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafeTensorsFormat.MaximalHeaderLength)
            throw Broken(name, 0, $"the header's length is {headerLength}; expected at most {SafeTensorsFormat.MaximalHeaderLength}. It is no safetensors file");
        if ((long)headerLength > fileLength - prefix.Length)
            throw Broken(name, 0, $"the header's length is {headerLength}, but only {fileLength - prefix.Length} bytes follow. The file was cut off");
        byte[] header = ArrayPool<byte>.Shared.Rent((int)headerLength);
        try
        {
            stream.ReadExactly(header, 0, (int)headerLength);
            (ImmutableArray<SafeTensorInfo> tensors, Metadata) = SafeTensorsHeader.Parse(header.AsSpan(0, (int)headerLength), name);
            // By end as well: an empty tensor stands before the one that begins where it does.
            Tensors = tensors.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(header);
        }
        _dataStart = prefix.Length + (long)headerLength;
        RequireCover(fileLength - _dataStart);
        if (stream is FileStream file && fileLength >= MappedFrom)
            _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
    }

    /// <summary>The tensors, in the order of their data.</summary>
    public ImmutableArray<SafeTensorInfo> Tensors { get; }

    /// <summary>The header's <c>__metadata__</c>: text by key.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; }

    /// <summary>Opens the file at <paramref name="path"/> and reads its header.</summary>
    /// <exception cref="InvalidDataException">The file breaks the format; the message gives path, offset, what was found and what was expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static SafeTensorsFile Open(string path)
    {
        FileStream stream = File.OpenRead(path);
        try
        {
            return new SafeTensorsFile(stream, path, ownsStream: true);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The values of one tensor as float32.</summary>
    /// <exception cref="InvalidDataException">Its values are neither float32, float16 nor bfloat16.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public float[] Read(SafeTensorInfo tensor)
    {
        float[] values = new float[Count(tensor)];
        Read(tensor, values);
        return values;
    }

    /// <summary>Reads the values of one tensor as float32 into <paramref name="values"/>.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="values">As many as it has.</param>
    /// <exception cref="ArgumentException">There is not room for exactly its values.</exception>
    /// <inheritdoc cref="Read(SafeTensorInfo)"/>
    public void Read(SafeTensorInfo tensor, Span<float> values)
    {
        if (values.Length != Count(tensor))
            throw new ArgumentException($"Room for {values.Length} values; tensor '{tensor.Name}' has {tensor.Length}.", nameof(values));
        ReadValues(tensor, values);
    }

    /// <summary>Hands the values of one tensor to <paramref name="use"/>: from where they are mapped, where they need no conversion.</summary>
    internal unsafe void Use(SafeTensorInfo tensor, Action<ReadOnlySpan<float>> use)
    {
        int count = Count(tensor);
        if (_map is null || tensor.Type != SafeTensorsFormat.Float32 || !BitConverter.IsLittleEndian || count == 0)
        {
            use(Read(tensor));
            return;
        }
        using MemoryMappedViewAccessor view = View(tensor.Begin, tensor.End - tensor.Begin);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            use(new ReadOnlySpan<float>(start + view.PointerOffset, count));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _map?.Dispose();
        if (_ownsStream)
            _stream.Dispose();
    }

    /// <summary>What is wrong with a file, and where, in one line.</summary>
    internal static InvalidDataException Broken(string name, long offset, string problem, Exception? cause = null) => new($"'{name}', offset {offset}: {Printable(problem)}.", cause);

    /// <summary>Text from a file that nobody trusts, for a message: without control characters, and not endless.</summary>
    internal static string Printable(string text)
    {
        const int Longest = 2000;
        string start = text.Length <= Longest ? text : text[..Longest] + "…";
        return string.Concat(start.Select(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' ? '?' : letter));
    }

    private int Count(SafeTensorInfo tensor)
    {
        if (!tensor.IsReadable)
            throw Broken(_name, _dataStart + tensor.Begin, $"tensor '{tensor.Name}' has dtype {tensor.Type}; expected F32, F16 or BF16. Convert it first");
        return tensor.Length <= Array.MaxLength
            ? (int)tensor.Length
            : throw Broken(_name, _dataStart + tensor.Begin, $"tensor '{tensor.Name}' has {tensor.Length} values; expected at most {Array.MaxLength}");
    }

    private void ReadValues(SafeTensorInfo tensor, Span<float> values)
    {
        if (tensor.Type == SafeTensorsFormat.Float32 && BitConverter.IsLittleEndian)
        {
            ReadBytes(tensor.Begin, MemoryMarshal.AsBytes(values));
            return;
        }
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        int size = tensor.Type == SafeTensorsFormat.Float32 ? sizeof(float) : sizeof(ushort);
        for (int done = 0; done < values.Length;)
        {
            Span<float> part = values.Slice(done, Math.Min(values.Length - done, ChunkBytes / size));
            Span<byte> bytes = buffer.AsSpan(0, part.Length * size);
            ReadBytes(tensor.Begin + ((long)done * size), bytes);
            ToFloats(tensor.Type, bytes, part);
            done += part.Length;
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static void ToFloats(string type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = type switch
            {
                SafeTensorsFormat.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(2 * i)..]),
                SafeTensorsFormat.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) << 16),
                _ => BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]),
            };
        }
    }

    private void ReadBytes(long begin, Span<byte> bytes)
    {
        if (_map is not null && !bytes.IsEmpty)
        {
            using MemoryMappedViewAccessor view = View(begin, bytes.Length);
            view.SafeMemoryMappedViewHandle.ReadSpan((ulong)view.PointerOffset, bytes);
            return;
        }
        _stream.Position = _dataStart + begin;
        _stream.ReadExactly(bytes);
    }

    private MemoryMappedViewAccessor View(long begin, long length) => _map!.CreateViewAccessor(_dataStart + begin, length, MemoryMappedFileAccess.Read);

    private void RequireCover(long dataLength)
    {
        long end = 0;
        foreach (SafeTensorInfo tensor in Tensors)
        {
            if (tensor.Begin != end)
                throw Broken(_name, _dataStart + end, $"tensor '{tensor.Name}' begins at {tensor.Begin} of the data; expected {end}, where the one before it ends");
            end = tensor.End;
        }
        if (end != dataLength)
            throw Broken(_name, _dataStart + Math.Min(end, dataLength), $"the header describes {end} bytes of data, {dataLength} follow. The file was {(end > dataLength ? "cut off" : "added to")}");
    }
}
