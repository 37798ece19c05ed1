using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>F(2, 5): two outputs of five taps from six products instead of ten; its inputs and points are those of <see cref="Tile4Filter3"/>.</summary>
internal readonly unsafe struct Tile2Filter5 : IWinogradTile
{
    public static int Outputs => 2;

    public static int Inputs => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TSimd, TVec>(float* source, nint sourceStride, float* points, nint pointStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => Tile4Filter3.Input<TSimd, TVec>(source, sourceStride, points, pointStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void InputAdjoint<TSimd, TVec>(float* points, nint pointStride, float* target, nint targetStride, bool adds)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => Tile4Filter3.InputAdjoint<TSimd, TVec>(points, pointStride, target, targetStride, adds);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TSimd, TVec>(float* points, nint pointStride, float* target, nint targetStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec p0 = TSimd.Load(points), p1 = TSimd.Load(points + pointStride), p2 = TSimd.Load(points + (2 * pointStride));
        TVec p3 = TSimd.Load(points + (3 * pointStride)), p4 = TSimd.Load(points + (4 * pointStride)), p5 = TSimd.Load(points + (5 * pointStride));
        TSimd.Store(TSimd.Add(p0, TSimd.Add(TSimd.Add(p1, p2), TSimd.Add(p3, p4))), target);
        TSimd.Store(TSimd.Add(WinogradArithmetic.Fma<TSimd, TVec>(2, TSimd.Subtract(p3, p4), TSimd.Subtract(p1, p2)), p5), target + targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputAdjoint<TSimd, TVec>(float* source, nint sourceStride, float* points, nint pointStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec y0 = TSimd.Load(source), y1 = TSimd.Load(source + sourceStride);
        TSimd.Store(y0, points);
        TSimd.Store(TSimd.Add(y0, y1), points + pointStride);
        TSimd.Store(TSimd.Subtract(y0, y1), points + (2 * pointStride));
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(2, y1, y0), points + (3 * pointStride));
        TSimd.Store(WinogradArithmetic.Fma<TSimd, TVec>(-2, y1, y0), points + (4 * pointStride));
        TSimd.Store(y1, points + (5 * pointStride));
    }
}
