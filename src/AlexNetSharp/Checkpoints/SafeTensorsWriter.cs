using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AlexNetSharp.Checkpoints;

/// <summary>Writes safetensors files: eight bytes of header length, a JSON header, then the values, little-endian and without gaps.</summary>
/// <remarks>The same content gives the same bytes. Format: https://huggingface.co/docs/safetensors (version 0.4).</remarks>
public static class SafeTensorsWriter
{
    // The header is padded with spaces so that the values begin aligned, which the format recommends.
    private const int HeaderAlignment = 8;

    // Values that are converted at once.
    private const int Chunk = 1 << 15;

    /// <summary>Writes <paramref name="content"/> to <paramref name="stream"/>.</summary>
    /// <exception cref="ArgumentException">A tensor's shape does not match its values, or a name occurs twice or is reserved.</exception>
    public static void Write(Stream stream, SafeTensorsContent content)
    {
        SafeTensorParts[] tensors = Parts(content);
        Write(stream, Header(tensors, content.Metadata, WeightPrecision.Full), tensors, WeightPrecision.Full);
    }

    /// <summary>Writes <paramref name="content"/> to a file that appears whole or not at all (<see cref="DurableFile"/>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="precision">How values are stored.</param>
    /// <exception cref="ArgumentException">A tensor's shape does not match its values, or a name occurs twice or is reserved.</exception>
    /// <exception cref="InvalidDataException">A finite value is too large for <paramref name="precision"/>; the message names the tensor. No file is written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public static void Save(string path, SafeTensorsContent content, WeightPrecision precision = WeightPrecision.Full) => Save(path, Parts(content), content.Metadata, precision);

    /// <summary>The same of tensors that come in parts: at no time is more than one part there.</summary>
    internal static void Save(string path, IReadOnlyList<SafeTensorParts> tensors, ImmutableSortedDictionary<string, string> metadata, WeightPrecision precision)
    {
        if (precision == WeightPrecision.Half)
            RequireHalves(tensors);
        byte[] header = Header(tensors, metadata, precision);
        long length = sizeof(ulong) + header.Length + tensors.Sum(tensor => (long)tensor.Length * SizeOf(precision));
        DurableFile.Write(path, length, stream => Write(stream, header, tensors, precision));
    }

    private static SafeTensorParts[] Parts(SafeTensorsContent content)
    {
        HashSet<string> names = [SafeTensorsFormat.MetadataKey];
        foreach (SafeTensor tensor in content.Tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"The tensor name '{tensor.Name}' occurs twice or is reserved.", nameof(content));
            if (SafeTensorsFormat.ElementCount(tensor.Shape) != tensor.Values.Length)
                throw new ArgumentException($"Tensor '{tensor.Name}' of shape [{string.Join(',', tensor.Shape)}] has {tensor.Values.Length} values.", nameof(content));
        }
        return [.. content.Tensors.Select(SafeTensorParts.Of)];
    }

    private static int SizeOf(WeightPrecision precision) => precision == WeightPrecision.Half ? sizeof(ushort) : sizeof(float);

    private static void RequireHalves(IReadOnlyList<SafeTensorParts> tensors)
    {
        foreach (SafeTensorParts tensor in tensors)
        {
            int before = 0;
            foreach (ReadOnlyMemory<float> part in tensor.Parts)
            {
                ReadOnlySpan<float> values = part.Span;
                for (int i = 0; i < values.Length; i++)
                {
                    if (float.IsFinite(values[i]) && !Half.IsFinite((Half)values[i]))
                        throw new InvalidDataException($"Tensor '{tensor.Name}' holds {values[i]:R} as value {before + i}, more than float16 can be (65504). Store the weights as float32.");
                }
                before += values.Length;
            }
        }
    }

    private static void Write(Stream stream, byte[] header, IReadOnlyList<SafeTensorParts> tensors, WeightPrecision precision)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        byte[] converted = precision == WeightPrecision.Half || !BitConverter.IsLittleEndian ? new byte[Chunk * SizeOf(precision)] : [];
        foreach (ReadOnlyMemory<float> part in tensors.SelectMany(tensor => tensor.Parts))
        {
            if (converted.Length == 0)
                stream.Write(MemoryMarshal.AsBytes(part.Span));
            else
                Convert(stream, part.Span, converted, precision);
        }
    }

    private static byte[] Header(IReadOnlyList<SafeTensorParts> tensors, ImmutableSortedDictionary<string, string> metadata, WeightPrecision precision)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(SafeTensorsFormat.MetadataKey);
                foreach ((string key, string value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (SafeTensorParts tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", precision == WeightPrecision.Half ? SafeTensorsFormat.Float16 : SafeTensorsFormat.Float32);
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += (long)tensor.Length * SizeOf(precision));
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        int padded = (buffer.WrittenCount + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment;
        byte[] header = new byte[padded];
        buffer.WrittenSpan.CopyTo(header);
        header.AsSpan(buffer.WrittenCount).Fill((byte)' ');
        return header;
    }

    // To float16 rounded to nearest, ties to even, as IEEE 754 and the conversion have it.
    private static void Convert(Stream stream, ReadOnlySpan<float> values, byte[] bytes, WeightPrecision precision)
    {
        for (int done = 0; done < values.Length;)
        {
            ReadOnlySpan<float> part = values.Slice(done, Math.Min(values.Length - done, Chunk));
            for (int i = 0; i < part.Length; i++)
            {
                if (precision == WeightPrecision.Half)
                    BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * sizeof(ushort)), (Half)part[i]);
                else
                    BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), part[i]);
            }
            stream.Write(bytes, 0, part.Length * SizeOf(precision));
            done += part.Length;
        }
    }
}
