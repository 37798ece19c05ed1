using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AlexNetSharp.Tests.Support;

/// <summary>The safetensors format once more, in a few lines: for files that the writer would not write, and to read what it did write.</summary>
internal static class SafeTensorsBytes
{
    /// <summary>A file of this header and so many values.</summary>
    public static byte[] File(string header, params float[] values) => Raw(Encoding.UTF8.GetBytes(header), values);

    public static byte[] Raw(byte[] header, params float[] values)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        return [.. length, .. header, .. MemoryMarshal.AsBytes(values.AsSpan())];
    }

    /// <summary>A file whose first eight bytes say another length than its header has.</summary>
    public static byte[] WithLength(ulong length, byte[] file)
    {
        byte[] changed = [.. file];
        BinaryPrimitives.WriteUInt64LittleEndian(changed, length);
        return changed;
    }

    /// <summary>Shapes and values by name, and the metadata.</summary>
    public static (Dictionary<string, (int[] Shape, float[] Values)> Tensors, Dictionary<string, string> Metadata) Parse(byte[] file)
    {
        int headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        Dictionary<string, (int[], float[])> tensors = [];
        Dictionary<string, string> metadata = [];
        foreach (JsonProperty entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                metadata = entry.Value.Deserialize<Dictionary<string, string>>()!;
                continue;
            }
            Assert.Equal("F32", entry.Value.GetProperty("dtype").GetString());
            int[] offsets = entry.Value.GetProperty("data_offsets").Deserialize<int[]>()!;
            float[] values = MemoryMarshal.Cast<byte, float>(file.AsSpan((8 + headerLength + offsets[0])..(8 + headerLength + offsets[1]))).ToArray();
            tensors.Add(entry.Name, (entry.Value.GetProperty("shape").Deserialize<int[]>()!, values));
        }
        return (tensors, metadata);
    }
}
