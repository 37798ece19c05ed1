using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>Aᵀ·m·A: a tile's points to its outputs.</summary>
internal readonly unsafe struct OutputTransform : ITileTransform
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
                TY.Output<TSimd, TVec>(points + (b * pointStride), Points * pointStride, scratch + (b * TSimd.Width), Points * TSimd.Width);
        }
        for (int y = 0; y < TY.Outputs; y++)
            TX.Output<TSimd, TVec>(scratch + (y * Points * TSimd.Width), TSimd.Width, tile + (y * rowStride), Line);
    }
}
