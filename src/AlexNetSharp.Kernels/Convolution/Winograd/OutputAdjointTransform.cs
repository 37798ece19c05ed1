using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>A·d·Aᵀ: a tile of output gradients to its points.</summary>
internal readonly unsafe struct OutputAdjointTransform : ITileTransform
{
    public static void Run<TY, TX, TSimd, TVec>(float* tile, nint rowStride, float* points, nint pointStride, float* scratch)
        where TY : struct, IWinogradTile
        where TX : struct, IWinogradTile
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        const int Points = WinogradArithmetic.Points, Line = PanelLayout.Columns;
        for (int x = 0; x < TX.Outputs; x++)
            TY.OutputAdjoint<TSimd, TVec>(tile + (x * Line), rowStride, scratch + (x * TSimd.Width), Points * TSimd.Width);
        for (int a = 0; a < Points; a++)
        {
            if (a != WinogradArithmetic.MinusTwo || TY.Inputs == Points)
                TX.OutputAdjoint<TSimd, TVec>(scratch + (a * Points * TSimd.Width), TSimd.Width, points + (a * Points * pointStride), pointStride);
        }
    }
}
