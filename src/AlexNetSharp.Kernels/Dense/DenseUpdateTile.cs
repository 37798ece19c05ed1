using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Dense;

/// <summary>The innermost loop of the fused update: a tile of ∂L/∂weights is summed while the tile before it is applied.</summary>
/// <remarks>
/// Multiply-adds, the divider and memory are three resources that one loop keeps busy together: one vector of weights is updated, and the
/// lines of one some tiles ahead are asked for, every few steps of the sums. One after the other their times would add up.
/// Sums run in the order of <see cref="PanelTile{TSimd,TVec}.MultiplyTransposed"/>.
/// </remarks>
internal static unsafe class DenseUpdateTile<TSimd, TVec>
    where TSimd : struct, ISimd<TVec>
    where TVec : unmanaged
{
    private const int Line = PanelLayout.Columns;

    /// <summary>g = aᵀ · b, and on the way the weights before <paramref name="pending"/> are moved.</summary>
    /// <param name="depth">Rows of A and B, at least 1.</param>
    /// <param name="a">The tile's first row is this column of A's row 0.</param>
    /// <param name="b">The tile's first column in row 0 of B.</param>
    /// <param name="second">Floats from the first vector's column to the second's, in B.</param>
    /// <param name="g">Rows x vectors x width floats: the sums.</param>
    /// <param name="rule">The optimiser.</param>
    /// <param name="pending">What is to be moved by which gradient.</param>
    public static void Multiply<TShape, TRule>(int depth, float* a, float* b, nint second, float* g, in TRule rule, in PendingUpdate pending)
        where TShape : struct, ITileShape
        where TRule : unmanaged, IUpdateRule
    {
        TVec c00 = TSimd.Zero, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        TVec c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        float* end = a + ((nint)depth * Line);
        int updates = pending.IsEmpty ? 0 : TShape.Rows * TShape.Vectors;
        nint step = depth / (TShape.Rows * TShape.Vectors) * Line;
        int update = 0;
        while (true)
        {
            float* stop = update < updates ? a + step : end;
            while (a < stop)
            {
                TVec b0 = TSimd.Load(b), b1 = TShape.Vectors > 1 ? TSimd.Load(b + second) : b0;
                TVec x = TSimd.Broadcast(a[0]);
                c00 = TSimd.MultiplyAdd(x, b0, c00);
                if (TShape.Vectors > 1)
                    c01 = TSimd.MultiplyAdd(x, b1, c01);
                x = TSimd.Broadcast(a[1]);
                c10 = TSimd.MultiplyAdd(x, b0, c10);
                if (TShape.Vectors > 1)
                    c11 = TSimd.MultiplyAdd(x, b1, c11);
                x = TSimd.Broadcast(a[2]);
                c20 = TSimd.MultiplyAdd(x, b0, c20);
                if (TShape.Vectors > 1)
                    c21 = TSimd.MultiplyAdd(x, b1, c21);
                x = TSimd.Broadcast(a[3]);
                c30 = TSimd.MultiplyAdd(x, b0, c30);
                if (TShape.Vectors > 1)
                    c31 = TSimd.MultiplyAdd(x, b1, c31);
                if (TShape.Rows > 4)
                {
                    x = TSimd.Broadcast(a[4]);
                    c40 = TSimd.MultiplyAdd(x, b0, c40);
                    if (TShape.Vectors > 1)
                        c41 = TSimd.MultiplyAdd(x, b1, c41);
                    x = TSimd.Broadcast(a[5]);
                    c50 = TSimd.MultiplyAdd(x, b0, c50);
                    if (TShape.Vectors > 1)
                        c51 = TSimd.MultiplyAdd(x, b1, c51);
                    x = TSimd.Broadcast(a[6]);
                    c60 = TSimd.MultiplyAdd(x, b0, c60);
                    if (TShape.Vectors > 1)
                        c61 = TSimd.MultiplyAdd(x, b1, c61);
                    x = TSimd.Broadcast(a[7]);
                    c70 = TSimd.MultiplyAdd(x, b0, c70);
                    if (TShape.Vectors > 1)
                        c71 = TSimd.MultiplyAdd(x, b1, c71);
                }
                a += Line;
                b += Line;
            }
            if (update == updates)
                break;
            pending.Move<TSimd, TVec, TShape, TRule>(update, rule);
            update++;
        }
        Store<TShape>(c00, c01, g, 0);
        Store<TShape>(c10, c11, g, 1);
        Store<TShape>(c20, c21, g, 2);
        Store<TShape>(c30, c31, g, 3);
        if (TShape.Rows > 4)
        {
            Store<TShape>(c40, c41, g, 4);
            Store<TShape>(c50, c51, g, 5);
            Store<TShape>(c60, c61, g, 6);
            Store<TShape>(c70, c71, g, 7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TShape>(TVec first, TVec second, float* g, int row)
        where TShape : struct, ITileShape
    {
        g += row * TShape.Vectors * TSimd.Width;
        TSimd.Store(first, g);
        if (TShape.Vectors > 1)
            TSimd.Store(second, g + TSimd.Width);
    }
}
