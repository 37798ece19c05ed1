using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>F(4, 3): four outputs of three taps from six products instead of twelve.</summary>
internal readonly unsafe struct Tile4Filter3 : IWinogradTile
{
    public static int Outputs => 4;

    public static int Inputs => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TSimd, TVec>(float* source, nint sourceStride, float* points, nint pointStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec x0 = TSimd.Load(source), x1 = TSimd.Load(source + sourceStride), x2 = TSimd.Load(source + (2 * sourceStride));
        TVec x3 = TSimd.Load(source + (3 * sourceStride)), x4 = TSimd.Load(source + (4 * sourceStride)), x5 = TSimd.Load(source + (5 * sourceStride));
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(4, x0, WinogradArithmetic.Fma<TSimd, TVec>(-5, x2, x4)), points);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(4, x1, WinogradArithmetic.Fma<TSimd, TVec>(-5, x3, x5)), points + (5 * pointStride));
        TVec even = WinogradArithmetic.Fma<TSimd, TVec>(-4, x2, x4);
        TVec odd = WinogradArithmetic.Fma<TSimd, TVec>(-4, x1, x3);
        TSimd.Store(TSimd.Add(even, odd), points + pointStride);
        TSimd.Store(TSimd.Subtract(even, odd), points + (2 * pointStride));
        even = TSimd.Subtract(x4, x2);
        odd = TSimd.Subtract(x3, x1);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(2, odd, even), points + (3 * pointStride));
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(-2, odd, even), points + (4 * pointStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputAdjoint<TSimd, TVec>(float* points, nint pointStride, float* target, nint targetStride, bool adds)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec p0 = TSimd.Load(points), p1 = TSimd.Load(points + pointStride), p2 = TSimd.Load(points + (2 * pointStride));
        TVec p3 = TSimd.Load(points + (3 * pointStride)), p4 = TSimd.Load(points + (4 * pointStride)), p5 = TSimd.Load(points + (5 * pointStride));
        TVec sum1 = TSimd.Add(p1, p2);
        TVec difference1 = TSimd.Subtract(p1, p2);
        TVec sum2 = TSimd.Add(p3, p4);
        TVec difference2 = TSimd.Subtract(p3, p4);
        WinogradArithmetic.Put<TSimd, TVec>(TSimd.Multiply(TSimd.Broadcast(4), p0), target, adds);
        WinogradArithmetic.Put<TSimd, TVec>(WinogradArithmetic.Fma<TSimd, TVec>(4, p5, WinogradArithmetic.Fma<TSimd, TVec>(-4, difference1, TSimd.Multiply(TSimd.Broadcast(-2), difference2))), target + targetStride, adds);
        WinogradArithmetic.Put<TSimd, TVec>(WinogradArithmetic.Fma<TSimd, TVec>(-5, p0, WinogradArithmetic.Fma<TSimd, TVec>(-4, sum1, TSimd.Subtract(TSimd.Zero, sum2))), target + (2 * targetStride), adds);
        WinogradArithmetic.Put<TSimd, TVec>(WinogradArithmetic.Fma<TSimd, TVec>(-5, p5, WinogradArithmetic.Fma<TSimd, TVec>(2, difference2, difference1)), target + (3 * targetStride), adds);
        WinogradArithmetic.Put<TSimd, TVec>(TSimd.Add(p0, TSimd.Add(sum1, sum2)), target + (4 * targetStride), adds);
        WinogradArithmetic.Put<TSimd, TVec>(p5, target + (5 * targetStride), adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TSimd, TVec>(float* points, nint pointStride, float* target, nint targetStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec p0 = TSimd.Load(points), p1 = TSimd.Load(points + pointStride), p2 = TSimd.Load(points + (2 * pointStride));
        TVec p3 = TSimd.Load(points + (3 * pointStride)), p4 = TSimd.Load(points + (4 * pointStride)), p5 = TSimd.Load(points + (5 * pointStride));
        TVec sum1 = TSimd.Add(p1, p2);
        TVec difference1 = TSimd.Subtract(p1, p2);
        TVec sum2 = TSimd.Add(p3, p4);
        TVec difference2 = TSimd.Subtract(p3, p4);
        TSimd.Store(TSimd.Add(p0, TSimd.Add(sum1, sum2)), target);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(2, difference2, difference1), target + targetStride);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(4, sum2, sum1), target + (2 * targetStride));
        TSimd.Store(TSimd.Add(WinogradArithmetic.Fma<TSimd, TVec>(8, difference2, difference1), p5), target + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputAdjoint<TSimd, TVec>(float* source, nint sourceStride, float* points, nint pointStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec y0 = TSimd.Load(source), y1 = TSimd.Load(source + sourceStride);
        TVec y2 = TSimd.Load(source + (2 * sourceStride)), y3 = TSimd.Load(source + (3 * sourceStride));
        TVec even = TSimd.Add(y0, y2);
        TVec odd = TSimd.Add(y1, y3);
        TSimd.Store(y0, points);
        TSimd.Store(TSimd.Add(even, odd), points + pointStride);
        TSimd.Store(TSimd.Subtract(even, odd), points + (2 * pointStride));
        even = WinogradArithmetic.Fma<TSimd, TVec>(4, y2, y0);
        odd = WinogradArithmetic.Fma<TSimd, TVec>(8, y3, TSimd.Add(y1, y1));
        TSimd.Store(TSimd.Add(even, odd), points + (3 * pointStride));
        TSimd.Store(TSimd.Subtract(even, odd), points + (4 * pointStride));
        TSimd.Store(y3, points + (5 * pointStride));
    }
}
