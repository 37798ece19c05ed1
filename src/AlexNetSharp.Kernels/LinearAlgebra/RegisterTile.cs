using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>Constants of the register tile that do not depend on the vector width.</summary>
internal static class RegisterTile
{
    /// <summary>Floats between two rows of a row-ordered A block: the maximal depth, and a cache line so that rows do not alias in L1.</summary>
    public const int RowStride = 256 + 16;
}

/// <summary>How a packed block of A lies in memory: element (row, k) of a six-row sliver at row · RowStep + k · DepthStep.</summary>
internal interface IPackedOrder
{
    static abstract int RowStep { get; }

    static abstract int DepthStep { get; }
}

/// <summary>Row after row: for operands whose rows run along K in memory.</summary>
internal readonly struct RowOrder : IPackedOrder
{
    public static int RowStep => RegisterTile.RowStride;

    public static int DepthStep => 1;
}

/// <summary>Six rows interleaved: for operands whose columns run along M in memory.</summary>
internal readonly struct DepthOrder : IPackedOrder
{
    public static int RowStep => 1;

    public static int DepthStep => BlockSizes.TileRows;
}

/// <summary>The innermost loop of every product: a tile of 6 rows by two vectors of C stays in registers while K runs.</summary>
/// <remarks>
/// Register budget: 12 accumulators, 2 vectors of B, 1 broadcast of A: 15 of the 16 that AVX2 has. 12 independent sums hide the latency of
/// fused multiply-adds (4 cycles, 2 a cycle: 8 would just do), and 8 loads feed 12 of them. The accumulators are separate locals: the
/// JIT keeps those in registers, which it does not do for an array.
/// </remarks>
internal static unsafe class RegisterTile<TSimd, TVec>
    where TSimd : struct, ISimd<TVec>
    where TVec : unmanaged
{
    /// <summary>Columns of the tile.</summary>
    public static int Columns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TSimd.Width;
    }

    /// <summary>c[6 x Columns] = (accumulate ? c : 0) + a[6 x depth] · b[depth x Columns].</summary>
    /// <param name="depth">At least 1.</param>
    /// <param name="a">A six-row sliver in <typeparamref name="TOrder"/>.</param>
    /// <param name="b">A panel: depth rows of <see cref="Columns"/> floats.</param>
    /// <param name="c">The tile, its rows adjoining.</param>
    /// <param name="accumulate">Whether c is added to or overwritten.</param>
    public static void Multiply<TOrder>(int depth, float* a, float* b, float* c, bool accumulate)
        where TOrder : struct, IPackedOrder
    {
        int w = TSimd.Width;
        TVec c00 = TSimd.Zero, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00;
        TVec c30 = c00, c31 = c00, c40 = c00, c41 = c00, c50 = c00, c51 = c00;
        float* end = b + ((nint)depth * 2 * w);
        do
        {
            TVec b0 = TSimd.Load(b), b1 = TSimd.Load(b + w);
            TVec x = TSimd.Broadcast(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Broadcast(a[TOrder.RowStep]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Broadcast(a[2 * TOrder.RowStep]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Broadcast(a[3 * TOrder.RowStep]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
            x = TSimd.Broadcast(a[4 * TOrder.RowStep]);
            c40 = TSimd.MultiplyAdd(x, b0, c40);
            c41 = TSimd.MultiplyAdd(x, b1, c41);
            x = TSimd.Broadcast(a[5 * TOrder.RowStep]);
            c50 = TSimd.MultiplyAdd(x, b0, c50);
            c51 = TSimd.MultiplyAdd(x, b1, c51);
            a += TOrder.DepthStep;
            b += 2 * w;
        }
        while (b < end);
        Finish(c00, c01, c, accumulate);
        Finish(c10, c11, c + (2 * w), accumulate);
        Finish(c20, c21, c + (4 * w), accumulate);
        Finish(c30, c31, c + (6 * w), accumulate);
        Finish(c40, c41, c + (8 * w), accumulate);
        Finish(c50, c51, c + (10 * w), accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TVec first, TVec second, float* c, bool accumulate)
    {
        if (accumulate)
        {
            first = TSimd.Add(first, TSimd.Load(c));
            second = TSimd.Add(second, TSimd.Load(c + TSimd.Width));
        }
        TSimd.Store(first, c);
        TSimd.Store(second, c + TSimd.Width);
    }
}
