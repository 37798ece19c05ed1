using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>Bᵀ·d·B: a tile of inputs to its points.</summary>
internal readonly unsafe struct InputTransform : ITileTransform
{
    public static void Run<TY, TX, TSimd, TVec>(float* tile, nint rowStride, float* points, nint pointStride, float* scratch)
        where TY : struct, IWinogradTile
        where TX : struct, IWinogradTile
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        const int Points = WinogradArithmetic.Points, Line = PanelLayout.Columns;
        for (int x = 0; x < TX.Inputs; x++)
            TY.Input<TSimd, TVec>(tile + (x * Line), rowStride, scratch + (x * TSimd.Width), Points * TSimd.Width);
        for (int a = 0; a < Points; a++)
        {
            if (a != WinogradArithmetic.MinusTwo || TY.Inputs == Points)
                TX.Input<TSimd, TVec>(scratch + (a * Points * TSimd.Width), TSimd.Width, points + (a * Points * pointStride), pointStride);
        }
    }
}
