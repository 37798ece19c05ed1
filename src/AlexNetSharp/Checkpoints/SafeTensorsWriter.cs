using System.Buffers;
using System.Buffers.Binary;
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

    /// <summary>Writes <paramref name="content"/> to <paramref name="stream"/>.</summary>
    /// <exception cref="ArgumentException">A tensor's shape does not match its values, or a name occurs twice or is reserved.</exception>
    public static void Write(Stream stream, SafeTensorsContent content) => Write(stream, Header(content, WeightPrecision.Full), content, WeightPrecision.Full);

    /// <summary>Writes <paramref name="content"/> to a file that appears whole or not at all (<see cref="DurableFile"/>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="precision">How values are stored.</param>
    /// <exception cref="ArgumentException">A tensor's shape does not match its values, or a name occurs twice or is reserved.</exception>
    /// <exception cref="InvalidDataException">A finite value is too large for <paramref name="precision"/>; the message names the tensor. No file is written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public static void Save(string path, SafeTensorsContent content, WeightPrecision precision = WeightPrecision.Full)
    {
        if (precision == WeightPrecision.Half)
            RequireHalves(content);
        byte[] header = Header(content, precision);
        long length = sizeof(ulong) + header.Length + content.Tensors.Sum(tensor => (long)tensor.Values.Length * SizeOf(precision));
        DurableFile.Write(path, length, stream => Write(stream, header, content, precision));
    }

    private static int SizeOf(WeightPrecision precision) => precision == WeightPrecision.Half ? sizeof(ushort) : sizeof(float);

    private static void RequireHalves(SafeTensorsContent content)
    {
        foreach (SafeTensor tensor in content.Tensors)
        {
            int large = Array.FindIndex(tensor.Values, value => float.IsFinite(value) && !Half.IsFinite((Half)value));
            if (large >= 0)
                throw new InvalidDataException($"Tensor '{tensor.Name}' holds {tensor.Values[large]:R} as value {large}, more than float16 can be (65504). Store the weights as float32.");
        }
    }

    private static void Write(Stream stream, byte[] header, SafeTensorsContent content, WeightPrecision precision)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (SafeTensor tensor in content.Tensors)
        {
            if (precision == WeightPrecision.Half)
                WriteHalves(stream, tensor.Values);
            else
                WriteValues(stream, tensor.Values);
        }
    }

    private static byte[] Header(SafeTensorsContent content, WeightPrecision precision)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (content.Metadata.Count > 0)
            {
                json.WriteStartObject(SafeTensorsFormat.MetadataKey);
                foreach ((string key, string value) in content.Metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            HashSet<string> names = [SafeTensorsFormat.MetadataKey];
            foreach (SafeTensor tensor in content.Tensors)
            {
                if (!names.Add(tensor.Name))
                    throw new ArgumentException($"The tensor name '{tensor.Name}' occurs twice or is reserved.", nameof(content));
                if (SafeTensorsFormat.ElementCount(tensor.Shape) != tensor.Values.Length)
                    throw new ArgumentException($"Tensor '{tensor.Name}' of shape [{string.Join(',', tensor.Shape)}] has {tensor.Values.Length} values.", nameof(content));
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", precision == WeightPrecision.Half ? SafeTensorsFormat.Float16 : SafeTensorsFormat.Float32);
                json.WriteStartArray("shape");
                foreach (int size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += (long)tensor.Values.Length * SizeOf(precision));
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

    // Rounded to nearest, ties to even, as IEEE 754 and the conversion have it.
    private static void WriteHalves(Stream stream, ReadOnlySpan<float> values)
    {
        const int Chunk = 1 << 15;
        byte[] bytes = new byte[Math.Min(values.Length, Chunk) * sizeof(ushort)];
        for (int done = 0; done < values.Length;)
        {
            ReadOnlySpan<float> part = values.Slice(done, Math.Min(values.Length - done, Chunk));
            for (int i = 0; i < part.Length; i++)
                BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * sizeof(ushort)), (Half)part[i]);
            stream.Write(bytes, 0, part.Length * sizeof(ushort));
            done += part.Length;
        }
    }

    private static void WriteValues(Stream stream, float[] values)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes<float>(values));
            return;
        }
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        stream.Write(bytes);
    }
}
