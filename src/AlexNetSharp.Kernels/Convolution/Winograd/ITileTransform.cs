using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>A map between a tile's positions and its points, along both dimensions.</summary>
internal unsafe interface ITileTransform
{
    /// <summary>Maps one tile, one vector of channels.</summary>
    /// <param name="tile">The tile's first position; between columns lie 16 floats.</param>
    /// <param name="rowStride">Floats between rows of the tile.</param>
    /// <param name="points">Point (0, 0).</param>
    /// <param name="pointStride">Floats between points (a, b) and (a, b + 1).</param>
    /// <param name="scratch"><see cref="WinogradArithmetic.ScratchLength"/> floats.</param>
    static abstract void Run<TY, TX, TSimd, TVec>(float* tile, nint rowStride, float* points, nint pointStride, float* scratch)
        where TY : struct, IWinogradTile
        where TX : struct, IWinogradTile
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;
}
