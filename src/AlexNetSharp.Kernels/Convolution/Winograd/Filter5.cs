using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>Filters of five taps.</summary>
internal readonly unsafe struct Filter5 : IWinogradFilter
{
    public static int Taps => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Evaluate<TSimd, TVec>(float* taps, nint tapStride, float* points, nint pointStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec g0 = TSimd.Load(taps), g1 = TSimd.Load(taps + tapStride), g2 = TSimd.Load(taps + (2 * tapStride));
        TVec g3 = TSimd.Load(taps + (3 * tapStride)), g4 = TSimd.Load(taps + (4 * tapStride));
        TVec even = TSimd.Multiply(TSimd.Broadcast(-1f / 6), TSimd.Add(g0, TSimd.Add(g2, g4)));
        TVec odd = TSimd.Multiply(TSimd.Broadcast(-1f / 6), TSimd.Add(g1, g3));
        TSimd.Store(TSimd.Multiply(TSimd.Broadcast(0.25f), g0), points);
        TSimd.Store(TSimd.Add(even, odd), points + pointStride);
        TSimd.Store(TSimd.Subtract(even, odd), points + (2 * pointStride));
        even = WinogradArithmetic.Fma<TSimd, TVec>(1f / 24, g0, WinogradArithmetic.Fma<TSimd, TVec>(1f / 6, g2, TSimd.Multiply(TSimd.Broadcast(2f / 3), g4)));
        odd = WinogradArithmetic.Fma<TSimd, TVec>(1f / 12, g1, TSimd.Multiply(TSimd.Broadcast(1f / 3), g3));
        TSimd.Store(TSimd.Add(even, odd), points + (3 * pointStride));
        TSimd.Store(TSimd.Subtract(even, odd), points + (4 * pointStride));
        TSimd.Store(g4, points + (5 * pointStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EvaluateAdjoint<TSimd, TVec>(float* points, nint pointStride, float* taps, nint tapStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec p0 = TSimd.Load(points), p1 = TSimd.Load(points + pointStride), p2 = TSimd.Load(points + (2 * pointStride));
        TVec p3 = TSimd.Load(points + (3 * pointStride)), p4 = TSimd.Load(points + (4 * pointStride)), p5 = TSimd.Load(points + (5 * pointStride));
        TVec sum1 = TSimd.Multiply(TSimd.Broadcast(-1f / 6), TSimd.Add(p1, p2));
        TVec difference1 = TSimd.Multiply(TSimd.Broadcast(-1f / 6), TSimd.Subtract(p1, p2));
        TVec sum2 = TSimd.Add(p3, p4);
        TVec difference2 = TSimd.Subtract(p3, p4);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(0.25f, p0, WinogradArithmetic.Fma<TSimd, TVec>(1f / 24, sum2, sum1)), taps);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(1f / 12, difference2, difference1), taps + tapStride);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(1f / 6, sum2, sum1), taps + (2 * tapStride));
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(1f / 3, difference2, difference1), taps + (3 * tapStride));
        TSimd.Store(TSimd.Add(WinogradArithmetic.Fma<TSimd, TVec>(2f / 3, sum2, sum1), p5), taps + (4 * tapStride));
    }
}
