using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>Products of panel matrices (<see cref="PanelLayout"/>) that fit into a core's caches: what one task computes.</summary>
/// <remarks>
/// The columns of B are the outer loop, so that a tile's columns of B stay in L1 while the rows of A pass by. Callers choose rows, columns
/// and depth so that B's columns take half of L1 at most, and A fits L2.
/// </remarks>
internal static unsafe class PanelProduct<TSimd, TVec>
    where TSimd : struct, ISimd<TVec>
    where TVec : unmanaged
{
    private const int Line = PanelLayout.Columns;

    /// <summary>c[rows, columns] = (accumulate ? c : 0) + a[rows, depth] · b[depth, columns].</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="aPanels">Panels of A: the depth / 16.</param>
    /// <param name="a">A's first row and panel.</param>
    /// <param name="aStride">Floats between A's panels.</param>
    /// <param name="columnPanels">Panels of B and C.</param>
    /// <param name="b">B's first row and panel.</param>
    /// <param name="bStride">Floats between B's panels.</param>
    /// <param name="c">C's first row and panel.</param>
    /// <param name="cStride">Floats between C's panels.</param>
    /// <param name="accumulate">Whether C is added to or overwritten.</param>
    public static void Multiply(
        int rows, int aPanels, float* a, nint aStride, int columnPanels, float* b, nint bStride, float* c, nint cStride, bool accumulate)
    {
        int panel = 0;
        if (TSimd.Width == Line)
        {
            for (; panel + 2 <= columnPanels; panel += 2, b += 2 * bStride, c += 2 * cStride)
                MultiplyRows(rows, aPanels, a, aStride, b, bStride, c, cStride, accumulate);
            if (panel < columnPanels)
                MultiplyRowsNarrow(rows, aPanels, a, aStride, b, c, accumulate);
            return;
        }
        for (; panel < columnPanels; panel++, b += bStride, c += cStride)
        {
            for (int column = 0; column < Line; column += 2 * TSimd.Width)
                MultiplyRows(rows, aPanels, a, aStride, b + column, TSimd.Width, c + column, TSimd.Width, accumulate);
        }
    }

    /// <summary>c[a's columns, b's columns] = (accumulate ? c : 0) + aᵀ · b, the depth along the rows of both.</summary>
    /// <param name="depth">Rows of A and B, at least 1.</param>
    /// <param name="aPanels">Panels of A; 16 rows of C each.</param>
    /// <param name="a">A's first row and panel.</param>
    /// <param name="aStride">Floats between A's panels.</param>
    /// <param name="columnPanels">Panels of B and C.</param>
    /// <param name="b">B's first row and panel.</param>
    /// <param name="bStride">Floats between B's panels.</param>
    /// <param name="c">C's first row and panel.</param>
    /// <param name="cStride">Floats between C's panels.</param>
    /// <param name="accumulate">Whether C is added to or overwritten.</param>
    public static void MultiplyTransposed(
        int depth, int aPanels, float* a, nint aStride, int columnPanels, float* b, nint bStride, float* c, nint cStride, bool accumulate)
    {
        int panel = 0;
        if (TSimd.Width == Line)
        {
            for (; panel + 2 <= columnPanels; panel += 2, b += 2 * bStride, c += 2 * cStride)
            {
                for (int i = 0; i < aPanels; i++)
                    TransposedPanel(depth, a + (i * aStride), b, bStride, c + (i * Line * Line), cStride, accumulate);
            }
            if (panel < columnPanels)
            {
                for (int i = 0; i < aPanels; i++)
                    TransposedPanelNarrow(depth, a + (i * aStride), b, c + (i * Line * Line), accumulate);
            }
            return;
        }
        for (; panel < columnPanels; panel++, b += bStride, c += cStride)
        {
            for (int column = 0; column < Line; column += 2 * TSimd.Width)
            {
                for (int i = 0; i < aPanels; i++)
                    TransposedPanel(depth, a + (i * aStride), b + column, TSimd.Width, c + (i * Line * Line) + column, TSimd.Width, accumulate);
            }
        }
    }

    private static void MultiplyRows(int rows, int aPanels, float* a, nint aStride, float* b, nint bSecond, float* c, nint cSecond, bool accumulate)
    {
        if (TSimd.Width == Line)
        {
            for (; rows >= 8; rows -= 8, a += 8 * Line, c += 8 * Line)
                PanelTile<TSimd, TVec>.Multiply<Wide<Rows8>>(aPanels, a, aStride, b, bSecond, c, cSecond, accumulate);
        }
        // Eight rows left are better cut 4 + 4 than 6 + 2.
        for (; rows >= 6 && rows != 8; rows -= 6, a += 6 * Line, c += 6 * Line)
            PanelTile<TSimd, TVec>.Multiply<Wide<Rows6>>(aPanels, a, aStride, b, bSecond, c, cSecond, accumulate);
        for (; rows >= 4; rows -= 4, a += 4 * Line, c += 4 * Line)
            PanelTile<TSimd, TVec>.Multiply<Wide<Rows4>>(aPanels, a, aStride, b, bSecond, c, cSecond, accumulate);
        for (; rows >= 2; rows -= 2, a += 2 * Line, c += 2 * Line)
            PanelTile<TSimd, TVec>.Multiply<Wide<Rows2>>(aPanels, a, aStride, b, bSecond, c, cSecond, accumulate);
        if (rows > 0)
            PanelTile<TSimd, TVec>.Multiply<Wide<Rows1>>(aPanels, a, aStride, b, bSecond, c, cSecond, accumulate);
    }

    private static void MultiplyRowsNarrow(int rows, int aPanels, float* a, nint aStride, float* b, float* c, bool accumulate)
    {
        for (; rows >= 8; rows -= 8, a += 8 * Line, c += 8 * Line)
            PanelTile<TSimd, TVec>.Multiply<Narrow<Rows8>>(aPanels, a, aStride, b, 0, c, 0, accumulate);
        for (; rows >= 4; rows -= 4, a += 4 * Line, c += 4 * Line)
            PanelTile<TSimd, TVec>.Multiply<Narrow<Rows4>>(aPanels, a, aStride, b, 0, c, 0, accumulate);
        for (; rows > 0; rows--, a += Line, c += Line)
            PanelTile<TSimd, TVec>.Multiply<Narrow<Rows1>>(aPanels, a, aStride, b, 0, c, 0, accumulate);
    }

    // 16 rows of C: 8 + 8 with 32 registers, 6 + 6 + 4 with 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposedPanel(int depth, float* a, float* b, nint bSecond, float* c, nint cSecond, bool accumulate)
    {
        if (TSimd.Width == Line)
        {
            PanelTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows8>>(depth, a, b, bSecond, c, cSecond, accumulate);
            PanelTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows8>>(depth, a + 8, b, bSecond, c + (8 * Line), cSecond, accumulate);
            return;
        }
        PanelTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows6>>(depth, a, b, bSecond, c, cSecond, accumulate);
        PanelTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows6>>(depth, a + 6, b, bSecond, c + (6 * Line), cSecond, accumulate);
        PanelTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows4>>(depth, a + 12, b, bSecond, c + (12 * Line), cSecond, accumulate);
    }

    private static void TransposedPanelNarrow(int depth, float* a, float* b, float* c, bool accumulate)
    {
        PanelTile<TSimd, TVec>.MultiplyTransposed<Narrow<Rows8>>(depth, a, b, 0, c, 0, accumulate);
        PanelTile<TSimd, TVec>.MultiplyTransposed<Narrow<Rows8>>(depth, a + 8, b, 0, c + (8 * Line), 0, accumulate);
    }
}
