using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>One dimension of a filter: maps between its taps and the six points of <see cref="IWinogradTile"/>.</summary>
internal unsafe interface IWinogradFilter
{
    /// <summary>r.</summary>
    static abstract int Taps { get; }

    /// <summary>G: taps to points.</summary>
    static abstract void Evaluate<TSimd, TVec>(float* taps, nint tapStride, float* points, nint pointStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;

    /// <summary>Gᵀ: points to taps.</summary>
    static abstract void EvaluateAdjoint<TSimd, TVec>(float* points, nint pointStride, float* taps, nint tapStride)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;
}
