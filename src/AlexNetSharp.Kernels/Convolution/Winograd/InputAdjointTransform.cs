using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>B·v·Bᵀ: a tile's points added to the gradients of its inputs.</summary>
internal readonly unsafe struct InputAdjointTransform : ITileTransform
{
    public static void Run<TY, TX, TSimd, TVec>(float* tile, nint rowStride, float* points, nint pointStride, float* scratch)
        where TY : struct, IWinogradTile
        where TX : struct, IWinogradTile
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        const int Points = WinogradArithmetic.Points, Line = PanelLayout.Columns;
        for (int b = 0; b < Points; b++)
        {
            if (b != WinogradArithmetic.MinusTwo || TX.Inputs == Points)
                TY.InputAdjoint<TSimd, TVec>(points + (b * pointStride), Points * pointStride, scratch + (b * TSimd.Width), Points * TSimd.Width, adds: false);
        }
        for (int y = 0; y < TY.Inputs; y++)
            TX.InputAdjoint<TSimd, TVec>(scratch + (y * Points * TSimd.Width), TSimd.Width, tile + (y * rowStride), Line, adds: true);
    }
}
