using System.Buffers.Binary;

namespace AlexNetSharp.Interop.Tests.Mutations;

/// <summary>Makes broken files of good ones. The same seed and number give the same file.</summary>
internal sealed class Mutator(byte[][] seeds, int seed)
{
    private const int MostChanges = 4;
    private const int LongestPart = 64;

    // Where numbers go wrong: ends of types, signs, one more and one less.
    private static readonly long[] _numbers = [0, 1, -1, 127, 128, 255, 256, 32767, 65535, 65536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 100_000_000, 1L << 40];

    // What headers of JSON are made of.
    private static readonly byte[] _spice = "{}[]\":,0123456789-.eE \\nulltrue"u8.ToArray();

    /// <summary>Broken file number <paramref name="number"/>.</summary>
    public byte[] Make(int number)
    {
        Random random = new(unchecked((seed * 1_000_003) + number));
        List<byte> bytes = [.. seeds[random.Next(seeds.Length)]];
        for (int changes = random.Next(1, MostChanges + 1); changes > 0; changes--)
            Change(bytes, random);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, Random random)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }
        int at = Place(bytes.Count, random), length = Math.Min(random.Next(1, LongestPart), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] = _spice[random.Next(_spice.Length)];
                break;
            case 3:
                WriteNumber(bytes, at, random);
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.RemoveRange(at, length);
                break;
            case 6:
                byte[] noise = new byte[length];
                random.NextBytes(noise);
                bytes.InsertRange(at, noise);
                break;
            case 7:
                bytes.InsertRange(Place(bytes.Count, random), bytes.GetRange(at, length));
                break;
            default:
                // The end of another file, or a part of it.
                byte[] other = seeds[random.Next(seeds.Length)];
                int from = random.Next(other.Length);
                if (random.Next(2) == 0)
                    bytes.RemoveRange(at, bytes.Count - at);
                bytes.InsertRange(at, other[from..(random.Next(2) == 0 ? other.Length : Math.Min(other.Length, from + LongestPart))]);
                break;
        }
    }

    // Half of the time near the start, where headers are, or near the end, where directories are.
    private static int Place(int count, Random random) => random.Next(4) switch
    {
        0 => random.Next(Math.Min(count, 2 * LongestPart)),
        1 => count - 1 - random.Next(Math.Min(count, 4 * LongestPart)),
        _ => random.Next(count),
    };

    private static void WriteNumber(List<byte> bytes, int at, Random random)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        long value = _numbers[random.Next(_numbers.Length)];
        int size = 1 << random.Next(1, 4);
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        else
            BinaryPrimitives.WriteInt64BigEndian(number, value << (8 * (sizeof(long) - size)));
        for (int i = 0; i < size && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }
}
