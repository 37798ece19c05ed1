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

    /// <summary><see cref="Block"/> in every lane: the lanes differ in counter word 0, the other words are the same in all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Blocks<TSimd, TVec>(
        ulong key, TVec counter0, uint counter1, ulong counterHigh, out TVec word0, out TVec word1, out TVec word2, out TVec word3)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec x0 = counter0, x1 = TSimd.BroadcastBits(counter1);
        TVec x2 = TSimd.BroadcastBits((uint)counterHigh), x3 = TSimd.BroadcastBits((uint)(counterHigh >> 32));
        (uint k0, uint k1) = ((uint)key, (uint)(key >> 32));
        TVec m0 = TSimd.BroadcastBits(Multiplier0), m1 = TSimd.BroadcastBits(Multiplier1);
        for (int round = 0; round < Rounds; round++, k0 += Weyl0, k1 += Weyl1)
        {
            TVec high0 = TSimd.MultiplyHigh(x0, m0), low0 = TSimd.MultiplyLow(x0, m0);
            TVec high1 = TSimd.MultiplyHigh(x2, m1), low1 = TSimd.MultiplyLow(x2, m1);
            x0 = TSimd.Xor(TSimd.Xor(high1, x1), TSimd.BroadcastBits(k0));
            x1 = low1;
            x2 = TSimd.Xor(TSimd.Xor(high0, x3), TSimd.BroadcastBits(k1));
            x3 = low0;
        }
        (word0, word1, word2, word3) = (x0, x1, x2, x3);
    }
}
