using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>What the one-dimensional maps are written in, and the maps of filters along both dimensions.</summary>
internal static unsafe class WinogradArithmetic
{
    /// <summary>Points in one dimension.</summary>
    public const int Points = 6;

    /// <summary>The number of −2, which tiles of five products go without.</summary>
    public const int MinusTwo = 4;

    /// <summary>Floats of scratch that the maps along both dimensions need, at any width.</summary>
    public const int ScratchLength = Points * Points * 16;

    /// <summary>factor · x + y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Fma<TSimd, TVec>(float factor, TVec x, TVec y)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => TSimd.MultiplyAdd(TSimd.Broadcast(factor), x, y);

    /// <summary>Stores or adds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<TSimd, TVec>(TVec value, float* target, bool adds)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => TSimd.Store(adds ? TSimd.Add(TSimd.Load(target), value) : value, target);

    /// <summary>G·g·Gᵀ: a filter to its points.</summary>
    /// <param name="taps">Tap (0, 0).</param>
    /// <param name="tapStride">Floats between taps (y, x) and (y, x + 1).</param>
    /// <param name="points">Point (0, 0).</param>
    /// <param name="pointStride">Floats between points (a, b) and (a, b + 1).</param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats.</param>
    public static void Filter<TFilter, TSimd, TVec>(float* taps, nint tapStride, float* points, nint pointStride, float* scratch)
        where TFilter : struct, IWinogradFilter
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        for (int x = 0; x < TFilter.Taps; x++)
            TFilter.Evaluate<TSimd, TVec>(taps + (x * tapStride), TFilter.Taps * tapStride, scratch + (x * TSimd.Width), Points * TSimd.Width);
        for (int a = 0; a < Points; a++)
            TFilter.Evaluate<TSimd, TVec>(scratch + (a * Points * TSimd.Width), TSimd.Width, points + (a * Points * pointStride), pointStride);
    }

    /// <summary>Gᵀ·u·G: the gradient of a filter's points to that of its taps.</summary>
    public static void FilterAdjoint<TFilter, TSimd, TVec>(float* points, nint pointStride, float* taps, nint tapStride, float* scratch)
        where TFilter : struct, IWinogradFilter
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        for (int b = 0; b < Points; b++)
            TFilter.EvaluateAdjoint<TSimd, TVec>(points + (b * pointStride), Points * pointStride, scratch + (b * TSimd.Width), Points * TSimd.Width);
        for (int y = 0; y < TFilter.Taps; y++)
            TFilter.EvaluateAdjoint<TSimd, TVec>(scratch + (y * Points * TSimd.Width), TSimd.Width, taps + (y * TFilter.Taps * tapStride), tapStride);
    }
}
