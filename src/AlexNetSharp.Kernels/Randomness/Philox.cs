using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Randomness;

/// <summary>Philox4x32-10: random numbers by counter, not by state (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3").</summary>
/// <remarks>Any block of any stream can be computed at once, on any thread, in any order; that is what makes dropout and shuffling reproducible.</remarks>
public static class Philox
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Four random words.</summary>
    /// <param name="key">The seed.</param>
    /// <param name="counterLow">Counter words 0 and 1.</param>
    /// <param name="counterHigh">Counter words 2 and 3.</param>
    public static (uint Word0, uint Word1, uint Word2, uint Word3) Block(ulong key, ulong counterLow, ulong counterHigh)
    {
        (uint x0, uint x1, uint x2, uint x3) = ((uint)counterLow, (uint)(counterLow >> 32), (uint)counterHigh, (uint)(counterHigh >> 32));
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < Rounds; round++, k0 += Weyl0, k1 += Weyl1)
        {
            ulong p0 = (ulong)Multiplier0 * x0, p1 = (ulong)Multiplier1 * x2;
            (x0, x1, x2, x3) = ((uint)(p1 >> 32) ^ x1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ x3 ^ k1, (uint)p0);
        }
        return (x0, x1, x2, x3);
    }

    /// <summary>Vectors that <see cref="Schedule"/> writes.</summary>
    internal const int ScheduleLength = 2 * Rounds;

    /// <summary>Spreads the keys of all rounds over vectors, once for any number of <see cref="Blocks"/>.</summary>
    internal static unsafe void Schedule<TSimd, TVec>(ulong key, TVec* schedule)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        for (int round = 0; round < Rounds; round++, k0 += Weyl0, k1 += Weyl1)
        {
            schedule[2 * round] = TSimd.BroadcastBits(k0);
            schedule[(2 * round) + 1] = TSimd.BroadcastBits(k1);
        }
    }

    /// <summary><see cref="Block"/> in every pair of lanes of two vectors at a time: a round waits for the one before, and a second one fills the pause.</summary>
    /// <remarks>
    /// A word lies in the lower half of its pair until the last round: a hardware multiply gives both halves of a product there, and the
    /// upper half of a factor is not looked at.
    /// </remarks>
    /// <param name="schedule">Of the key.</param>
    /// <param name="counters">Counter words 0 and 1, one counter for each pair of lanes; the second vector goes on counting.</param>
    /// <param name="counterHigh">Counter words 2 and 3, the same for all.</param>
    /// <param name="words01">Words 0 and 1 of each counter's block, in its pair of lanes.</param>
    /// <param name="words23">Words 2 and 3.</param>
    /// <param name="next01">Words 0 and 1 of the second vector's blocks.</param>
    /// <param name="next23">Words 2 and 3.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Blocks<TSimd, TVec>(
        TVec* schedule, TVec counters, ulong counterHigh, out TVec words01, out TVec words23, out TVec next01, out TVec next23)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec m0 = TSimd.BroadcastBits(Multiplier0), m1 = TSimd.BroadcastBits(Multiplier1);
        TVec x0 = counters, y0 = TSimd.AddPairs(counters, TSimd.BroadcastPairs((ulong)TSimd.Width / 2));
        TVec x1 = TSimd.OddToEven(x0), y1 = TSimd.OddToEven(y0);
        TVec x2 = TSimd.BroadcastBits((uint)counterHigh), y2 = x2;
        TVec x3 = TSimd.BroadcastBits((uint)(counterHigh >> 32)), y3 = x3;
        for (TVec* keys = schedule, end = schedule + ScheduleLength; keys < end; keys += 2)
        {
            TVec product0 = TSimd.MultiplyEven(x0, m0), product1 = TSimd.MultiplyEven(x2, m1);
            TVec other0 = TSimd.MultiplyEven(y0, m0), other1 = TSimd.MultiplyEven(y2, m1);
            x0 = TSimd.Xor(TSimd.Xor(TSimd.OddToEven(product1), x1), keys[0]);
            y0 = TSimd.Xor(TSimd.Xor(TSimd.OddToEven(other1), y1), keys[0]);
            x1 = product1;
            y1 = other1;
            x2 = TSimd.Xor(TSimd.Xor(TSimd.OddToEven(product0), x3), keys[1]);
            y2 = TSimd.Xor(TSimd.Xor(TSimd.OddToEven(other0), y3), keys[1]);
            x3 = product0;
            y3 = other0;
        }
        words01 = TSimd.JoinEven(x0, x1);
        words23 = TSimd.JoinEven(x2, x3);
        next01 = TSimd.JoinEven(y0, y1);
        next23 = TSimd.JoinEven(y2, y3);
    }
}
