using System.Buffers.Binary;

namespace AlexNetSharp.Interop.Tests.TensorBoard;

/// <summary>
/// Reads event files from the format's description: records of length (uint64), masked CRC-32C of the length, data, masked CRC-32C of the data, little-endian;
/// a CRC is masked by turning it right by 15 bits and adding 0xa282ead8.
/// </summary>
internal static class EventFileReader
{
    /// <summary>The records that are there whole; what is left of one that was cut off is passed over.</summary>
    /// <exception cref="InvalidDataException">A checksum is not that of its bytes.</exception>
    public static IEnumerable<byte[]> ReadRecords(byte[] file)
    {
        for (int at = 0; at + 12 <= file.Length;)
        {
            long length = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
            Verify(file.AsSpan(at, 8), file.AsSpan(at + 8));
            if (at + 12 + length + 4 > file.Length)
                yield break;
            byte[] data = file.AsSpan(at + 12, (int)length).ToArray();
            Verify(data, file.AsSpan(at + 12 + data.Length));
            yield return data;
            at += 12 + data.Length + 4;
        }
    }

    public static List<ReadEvent> Read(string path)
    {
        // It may still be written to.
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        return [.. ReadRecords(file).Select(record => new ReadEvent(WireMessage.Parse(record)))];
    }

    /// <summary>What TensorBoard shows of a folder: all files in their names' order; where a session starts, what stands before it of its step and later ones is forgotten.</summary>
    public static List<ReadEvent> ReadFolder(string folder)
    {
        List<ReadEvent> events = [];
        foreach (ReadEvent each in Directory.GetFiles(folder, "*tfevents*").Order(StringComparer.Ordinal).SelectMany(Read))
        {
            if (each.StartsSession)
                events.RemoveAll(before => before.HasValue && before.Step >= each.Step);
            events.Add(each);
        }
        return events;
    }

    private static void Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> stored)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82f63b78;
        }
        crc = ~crc;
        uint masked = unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8);
        if (BinaryPrimitives.ReadUInt32LittleEndian(stored) != masked)
            throw new InvalidDataException("A checksum is not that of its bytes.");
    }
}
