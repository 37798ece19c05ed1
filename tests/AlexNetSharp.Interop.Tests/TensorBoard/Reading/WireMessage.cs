using System.Buffers.Binary;
using System.Text;

namespace AlexNetSharp.Interop.Tests.TensorBoard;

/// <summary>A protocol buffers message read by its wire format alone: fields by their numbers.</summary>
internal sealed class WireMessage
{
    private readonly Dictionary<int, List<object>> _fields = [];

    public static WireMessage Parse(byte[] bytes)
    {
        WireMessage message = new();
        int at = 0;
        while (at < bytes.Length)
        {
            ulong key = Varint();
            object value = (key & 7) switch
            {
                0 => Varint(),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(Take(8)),
                2 => Take((int)Varint()),
                5 => (ulong)BinaryPrimitives.ReadUInt32LittleEndian(Take(4)),
                ulong other => throw new InvalidDataException($"Wire type {other}."),
            };
            if (!message._fields.TryGetValue((int)(key >> 3), out List<object>? values))
                message._fields[(int)(key >> 3)] = values = [];
            values.Add(value);
        }
        return message;

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = bytes[at++];
                value |= (ulong)(next & 127) << shift;
                if (next < 128)
                    return value;
            }
        }

        byte[] Take(int count)
        {
            at += count;
            return bytes[(at - count)..at];
        }
    }

    public bool Has(int field) => _fields.ContainsKey(field);

    /// <summary>0 where the field is not there, as in proto3.</summary>
    public long Integer(int field) => Has(field) ? (long)(ulong)_fields[field][^1] : 0;

    public double Double(int field) => BitConverter.Int64BitsToDouble(Integer(field));

    public float Float(int field) => BitConverter.Int32BitsToSingle((int)Integer(field));

    public byte[] Bytes(int field) => Has(field) ? (byte[])_fields[field][^1] : [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public double[] PackedDoubles(int field) => [.. Bytes(field).Chunk(8).Select(eight => BinaryPrimitives.ReadDoubleLittleEndian(eight))];

    public WireMessage Message(int field) => Parse(Bytes(field));
}
