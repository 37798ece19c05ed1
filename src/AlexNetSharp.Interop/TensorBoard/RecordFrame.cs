using System.Buffers.Binary;
using System.Numerics;

namespace AlexNetSharp.Interop.TensorBoard;

/// <summary>A record as TensorFlow's record files hold it: length (uint64), its checksum, data, their checksum; all little-endian.</summary>
internal static class RecordFrame
{
    private const int LengthSize = sizeof(ulong), ChecksumSize = sizeof(uint);

    /// <summary>The record with what stands around it.</summary>
    public static byte[] Of(ReadOnlySpan<byte> data)
    {
        byte[] frame = new byte[LengthSize + ChecksumSize + data.Length + ChecksumSize];
        Span<byte> length = frame.AsSpan(0, LengthSize), content = frame.AsSpan(LengthSize + ChecksumSize, data.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(LengthSize), Mask(Crc32C(length)));
        data.CopyTo(content);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(frame.Length - ChecksumSize), Mask(Crc32C(content)));
        return frame;
    }

    /// <summary>CRC-32C (Castagnoli), as RFC 3720 has it.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (byte value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    // A checksum of data that hold checksums themselves would be weak; therefore the files hold them changed.
    private static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + 0xa282ead8;
}
