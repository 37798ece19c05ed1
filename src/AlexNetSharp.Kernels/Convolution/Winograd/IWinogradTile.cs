using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>One dimension of a tile: maps between positions and the points at which its polynomials are evaluated.</summary>
/// <remarks>
/// <para>
/// F(m, r) computes m outputs of a filter of r taps from m + r − 1 products (Winograd 1980; Lavin and Gray 2016), each the value of a
/// polynomial at a point. The points are 0, 1, −1, 2, −2 and ∞, numbered 0 to 5 in that order; tiles of five products go without −2. A filter's value
/// at a point is scaled the same way for all tiles (1/4, −1/6, −1/6, 1/24, 1/24, 1), so that tiles of both sizes share one transformed filter.
/// </para>
/// <para>All maps read and write vectors of channels: element i of the source lies at i · its stride, point p at p · its stride.</para>
/// </remarks>
internal unsafe interface IWinogradTile
{
    /// <summary>m.</summary>
    static abstract int Outputs { get; }

    /// <summary>m + r − 1, the number of points as well.</summary>
    static abstract int Inputs { get; }

    /// <summary>Bᵀ: <see cref="Inputs"/> positions to points.</summary>
    static abstract void Input<TSimd, TVec>(float* source, nint sourceStride, float* points, nint pointStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;

    /// <summary>B: points to <see cref="Inputs"/> positions, which are added to or overwritten.</summary>
    static abstract void InputAdjoint<TSimd, TVec>(float* points, nint pointStride, float* target, nint targetStride, bool adds)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;

    /// <summary>Aᵀ: points to <see cref="Outputs"/> positions.</summary>
    static abstract void Output<TSimd, TVec>(float* points, nint pointStride, float* target, nint targetStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;

    /// <summary>A: <see cref="Outputs"/> positions to points.</summary>
    static abstract void OutputAdjoint<TSimd, TVec>(float* source, nint sourceStride, float* points, nint pointStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;
}
