using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AlexNetSharp.Checkpoints;

/// <summary>Reads safetensors files, trusting nothing in them.</summary>
public static class SafeTensorsReader
{
    /// <summary>Reads the file at <paramref name="path"/>.</summary>
    /// <exception cref="InvalidDataException">The file breaks the format; the message gives path, offset, what was found and what was expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafeTensorsContent Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>Reads a seekable stream from its start.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">What messages call them.</param>
    /// <exception cref="InvalidDataException">The bytes break the format.</exception>
    public static SafeTensorsContent Read(Stream stream, string name)
    {
        long fileLength = stream.Length;
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        if (fileLength < prefix.Length)
            throw Broken(name, 0, $"the file has {fileLength} bytes; expected at least 8 for the header's length. It is no safetensors file, or was cut off");
        stream.ReadExactly(prefix);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > SafeTensorsFormat.MaximalHeaderLength)
            throw Broken(name, 0, $"the header's length is {headerLength}; expected at most {SafeTensorsFormat.MaximalHeaderLength}. It is no safetensors file");
        if ((long)headerLength > fileLength - prefix.Length)
            throw Broken(name, 0, $"the header's length is {headerLength}, but only {fileLength - prefix.Length} bytes follow. The file was cut off");
        byte[] header = new byte[(int)headerLength];
        stream.ReadExactly(header);
        (List<Entry> entries, ImmutableSortedDictionary<string, string> metadata) = ParseHeader(header, name);

        long dataStart = prefix.Length + (long)headerLength, dataLength = fileLength - dataStart, end = 0;
        // By end as well: an empty tensor stands before the one that begins where it does.
        entries.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        foreach (Entry entry in entries)
        {
            if (entry.Begin != end)
                throw Broken(name, dataStart + end, $"tensor '{entry.Name}' begins at {entry.Begin} of the data; expected {end}, where the one before it ends");
            end = entry.End;
        }
        if (end != dataLength)
            throw Broken(name, dataStart + Math.Min(end, dataLength), $"the header describes {end} bytes of data, {dataLength} follow. The file was {(end > dataLength ? "cut off" : "added to")}");

        ImmutableArray<SafeTensor>.Builder tensors = ImmutableArray.CreateBuilder<SafeTensor>(entries.Count);
        foreach (Entry entry in entries)
        {
            float[] values = new float[(entry.End - entry.Begin) / sizeof(float)];
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            if (!BitConverter.IsLittleEndian)
            {
                foreach (ref float value in values.AsSpan())
                    value = BitConverter.Int32BitsToSingle(BinaryPrimitives.ReverseEndianness(BitConverter.SingleToInt32Bits(value)));
            }
            tensors.Add(new SafeTensor(entry.Name, entry.Shape, values));
        }
        return new SafeTensorsContent(tensors.MoveToImmutable(), metadata);
    }

    private static (List<Entry> Entries, ImmutableSortedDictionary<string, string> Metadata) ParseHeader(byte[] header, string name)
    {
        const int HeaderOffset = sizeof(ulong);
        if (header.Length == 0 || header[0] != (byte)'{')
            throw Broken(name, HeaderOffset, $"the header begins with {(header.Length == 0 ? "nothing" : $"byte 0x{header[0]:x2}")}; expected '{{'. It is no safetensors file");
        try
        {
            using JsonDocument document = JsonDocument.Parse(header);
            List<Entry> entries = [];
            var metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            HashSet<string> names = [];
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    throw Broken(name, HeaderOffset, $"the name '{property.Name}' occurs twice in the header; expected once");
                if (property.Name != SafeTensorsFormat.MetadataKey)
                {
                    entries.Add(ParseEntry(property, name));
                    continue;
                }
                foreach (JsonProperty text in property.Value.EnumerateObject())
                    metadata[text.Name] = text.Value.GetString() ?? throw Broken(name, HeaderOffset, $"metadata '{text.Name}' is null; expected text");
            }
            return (entries, metadata.ToImmutable());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"'{name}', offset {HeaderOffset}: the header is no safetensors header: {e.Message}", e);
        }
    }

    private static Entry ParseEntry(JsonProperty property, string name)
    {
        const int HeaderOffset = sizeof(ulong);
        string? type = property.Value.GetProperty("dtype").GetString();
        if (type != SafeTensorsFormat.Float32)
            throw Broken(name, HeaderOffset, $"tensor '{property.Name}' has dtype {type}; expected {SafeTensorsFormat.Float32}. Convert the file to float32 first");
        ImmutableArray<int> shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        JsonElement offsets = property.Value.GetProperty("data_offsets");
        if (offsets.GetArrayLength() != 2)
            throw Broken(name, HeaderOffset, $"tensor '{property.Name}' has {offsets.GetArrayLength()} data offsets; expected 2");
        (long begin, long end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        long bytes;
        try
        {
            bytes = checked(SafeTensorsFormat.ElementCount(shape) * sizeof(float));
        }
        catch (OverflowException)
        {
            bytes = -1;
        }
        if (shape.Any(size => size < 0) || begin < 0 || end < begin || end - begin != bytes || bytes > Array.MaxLength)
        {
            string sizes = string.Join(',', shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
            throw Broken(name, HeaderOffset, $"tensor '{property.Name}' of shape [{sizes}] lies at {begin} to {end}; expected {(bytes < 0 ? "a shape that can be counted" : $"{bytes} bytes")}");
        }
        return new Entry(property.Name, shape, begin, end);
    }

    private static InvalidDataException Broken(string name, long offset, string problem) => new($"'{name}', offset {offset}: {problem}.");

    private sealed record Entry(string Name, ImmutableArray<int> Shape, long Begin, long End);
}
