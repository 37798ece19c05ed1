using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>F(3, 3): three outputs of three taps from five products instead of nine; without the point −2.</summary>
internal readonly unsafe struct Tile3Filter3 : IWinogradTile
{
    public static int Outputs => 3;

    public static int Inputs => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TSimd, TVec>(float* source, nint sourceStride, float* points, nint pointStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec x0 = TSimd.Load(source), x1 = TSimd.Load(source + sourceStride), x2 = TSimd.Load(source + (2 * sourceStride));
        TVec x3 = TSimd.Load(source + (3 * sourceStride)), x4 = TSimd.Load(source + (4 * sourceStride));
        TVec odd = TSimd.Subtract(x3, x1);
        TVec even = TSimd.Subtract(x0, x2);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(4, even, TSimd.Add(odd, odd)), points);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(3, TSimd.Subtract(x3, x2), TSimd.Multiply(TSimd.Broadcast(-6), x1)), points + pointStride);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(-3, x2, WinogradArithmetic.Fma<TSimd, TVec>(2, x1, x3)), points + (2 * pointStride));
        TSimd.Store(TSimd.Multiply(TSimd.Broadcast(4), odd), points + (3 * pointStride));
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(-2, odd, TSimd.Subtract(x4, x2)), points + (5 * pointStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputAdjoint<TSimd, TVec>(float* points, nint pointStride, float* target, nint targetStride, bool adds)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec p0 = TSimd.Load(points), p1 = TSimd.Load(points + pointStride), p2 = TSimd.Load(points + (2 * pointStride));
        TVec p3 = TSimd.Load(points + (3 * pointStride)), p5 = TSimd.Load(points + (5 * pointStride));
        TVec odd = WinogradArithmetic.Fma<TSimd, TVec>(2, TSimd.Subtract(p0, p5), TSimd.Multiply(TSimd.Broadcast(4), p3));
        WinogradArithmetic.Put<TSimd, TVec>(TSimd.Multiply(TSimd.Broadcast(4), p0), target, adds);
        WinogradArithmetic.Put<TSimd, TVec>(TSimd.Subtract(WinogradArithmetic.Fma<TSimd, TVec>(-6, p1, TSimd.Add(p2, p2)), odd), target + targetStride, adds);
        WinogradArithmetic.Put<TSimd, TVec>(WinogradArithmetic.Fma<TSimd, TVec>(-4, p0, WinogradArithmetic.Fma<TSimd, TVec>(-3, TSimd.Add(p1, p2), TSimd.Subtract(TSimd.Zero, p5))), target + (2 * targetStride), adds);
        WinogradArithmetic.Put<TSimd, TVec>(TSimd.Add(WinogradArithmetic.Fma<TSimd, TVec>(3, p1, p2), odd), target + (3 * targetStride), adds);
        WinogradArithmetic.Put<TSimd, TVec>(p5, target + (4 * targetStride), adds);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TSimd, TVec>(float* points, nint pointStride, float* target, nint targetStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec p0 = TSimd.Load(points), p1 = TSimd.Load(points + pointStride), p2 = TSimd.Load(points + (2 * pointStride));
        TVec p3 = TSimd.Load(points + (3 * pointStride)), p5 = TSimd.Load(points + (5 * pointStride));
        TVec sum = TSimd.Add(p1, p2);
        TVec difference = TSimd.Subtract(p1, p2);
        TSimd.Store(TSimd.Add(p0, TSimd.Add(sum, p3)), target);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(2, p3, difference), target + targetStride);
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(4, p3, TSimd.Add(sum, p5)), target + (2 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputAdjoint<TSimd, TVec>(float* source, nint sourceStride, float* points, nint pointStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec y0 = TSimd.Load(source), y1 = TSimd.Load(source + sourceStride), y2 = TSimd.Load(source + (2 * sourceStride));
        TVec even = TSimd.Add(y0, y2);
        TSimd.Store(y0, points);
        TSimd.Store(TSimd.Add(even, y1), points + pointStride);
        TSimd.Store(TSimd.Subtract(even, y1), points + (2 * pointStride));
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(2, y1, WinogradArithmetic.Fma<TSimd, TVec>(4, y2, y0)), points + (3 * pointStride));
        TSimd.Store(y2, points + (5 * pointStride));
    }
}
