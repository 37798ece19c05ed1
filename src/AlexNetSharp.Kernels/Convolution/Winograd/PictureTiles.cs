using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>All tiles of one picture, 16 channels at a time, between a slice of positions and a chunk's points.</summary>
internal static unsafe class PictureTiles<TLarge, TSmall>
    where TLarge : struct, IWinogradTile
    where TSmall : struct, IWinogradTile
{
    private const int Line = PanelLayout.Columns;

    /// <summary>Inputs that a tile reaches beyond its outputs.</summary>
    public static int Overlap => TLarge.Inputs - TLarge.Outputs;

    /// <summary>Maps every tile.</summary>
    /// <param name="layout">The chunk's layout.</param>
    /// <param name="picture">The picture's number within its chunk.</param>
    /// <param name="pictures">Pictures in the chunk.</param>
    /// <param name="slice">[rows][columns][16].</param>
    /// <param name="rowStride">Floats between rows of the slice.</param>
    /// <param name="points">The panel's row 0 at point 0.</param>
    /// <param name="pointStride">Floats between points.</param>
    /// <param name="scratch"><see cref="WinogradArithmetic.ScratchLength"/> floats.</param>
    public static void Run<TTransform, TSimd, TVec>(
        in WinogradLayout layout, int picture, int pictures, float* slice, nint rowStride, float* points, nint pointStride, float* scratch)
        where TTransform : struct, ITileTransform
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        for (int y = 0; y < layout.Rows.Tiles; y++)
        {
            for (int x = 0; x < layout.Columns.Tiles; x++)
            {
                float* tile = slice + (layout.Rows.Offset(y) * rowStride) + (layout.Columns.Offset(x) * Line);
                float* row = points + ((nint)layout.Row(picture, pictures, y, x) * Line);
                bool isLargeRow = y < layout.Rows.LargeTiles, isLargeColumn = x < layout.Columns.LargeTiles;
                for (int lane = 0; lane < Line; lane += TSimd.Width)
                {
                    if (isLargeRow && isLargeColumn)
                        TTransform.Run<TLarge, TLarge, TSimd, TVec>(tile + lane, rowStride, row + lane, pointStride, scratch);
                    else if (isLargeRow)
                        TTransform.Run<TLarge, TSmall, TSimd, TVec>(tile + lane, rowStride, row + lane, pointStride, scratch);
                    else if (isLargeColumn)
                        TTransform.Run<TSmall, TLarge, TSimd, TVec>(tile + lane, rowStride, row + lane, pointStride, scratch);
                    else
                        TTransform.Run<TSmall, TSmall, TSimd, TVec>(tile + lane, rowStride, row + lane, pointStride, scratch);
                }
            }
        }
    }
}
