using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace AlexNetSharp.Data;

/// <summary>Divides the pictures of each class by their names and a seed, so that neither the order of a directory nor other classes matter.</summary>
/// <remarks>
/// The pictures of a class are ranked by the SHA-256 of seed and name. Of the ranked pictures the first tenth (rounded, at least one) is held
/// out, then perhaps another. A class of fewer than three pictures is trained on as a whole.
/// </remarks>
internal static class StratifiedSplit
{
    private const int Divisor = 10;
    private const int SmallestDivided = 3;

    /// <summary>How many of a class's pictures are held out at a time.</summary>
    public static int HeldOut(int count) => count < SmallestDivided ? 0 : Math.Max(1, (count + (Divisor / 2)) / Divisor);

    /// <summary>Divides pictures.</summary>
    /// <param name="names">Their names, each unique.</param>
    /// <param name="labels">Their classes, 0 to <paramref name="classes"/> − 1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="seed">Another seed holds out others.</param>
    /// <param name="parts">2 or 3: the last is the rest, which is trained on.</param>
    /// <returns>Places in <paramref name="names"/>, ascending, for each part.</returns>
    public static ImmutableArray<int>[] Divide(IReadOnlyList<string> names, IReadOnlyList<int> labels, int classes, ulong seed, int parts)
    {
        List<(UInt128 Rank, int Place)>[] ranked = [.. Enumerable.Range(0, classes).Select(_ => new List<(UInt128, int)>())];
        for (int i = 0; i < names.Count; i++)
            ranked[labels[i]].Add((Rank(names[i], seed), i));
        List<int>[] places = [.. Enumerable.Range(0, parts).Select(_ => new List<int>())];
        foreach (List<(UInt128 Rank, int Place)> members in ranked)
        {
            members.Sort();
            int held = HeldOut(members.Count);
            for (int i = 0; i < members.Count; i++)
                places[held == 0 ? parts - 1 : Math.Min(i / held, parts - 1)].Add(members[i].Place);
        }
        foreach (List<int> part in places)
            part.Sort();
        return [.. places.Select(part => part.ToImmutableArray())];
    }

    private static UInt128 Rank(string name, ulong seed)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{name}"), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
