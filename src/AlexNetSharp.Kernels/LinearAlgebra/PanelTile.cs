using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>How many rows and vectors a tile has; constants to the JIT, which leaves out what lies beyond them.</summary>
internal interface ITileShape
{
    /// <summary>1 to 8.</summary>
    static abstract int Rows { get; }

    /// <summary>Vectors in a row: 1 or 2.</summary>
    static abstract int Vectors { get; }
}

/// <summary>The innermost loop of products between panel matrices: a tile of C stays in registers while the depth runs.</summary>
/// <remarks>
/// <para>
/// Register budget: 8 x 2 accumulators, 2 vectors of B and 1 broadcast of A make 19 of the 32 registers of AVX-512; 6 x 2 make 15 of the 16
/// of AVX2. Two fused multiply-adds a cycle with a latency of four need eight independent sums: 6 x 2 and 8 x 2 have enough, as has 4 x 2.
/// </para>
/// <para>Every shape adds an element's products in the same order, so a row's bits do not depend on the rows that stand around it.</para>
/// </remarks>
internal static unsafe class PanelTile<TSimd, TVec>
    where TSimd : struct, ISimd<TVec>
    where TVec : unmanaged
{
    private const int Line = PanelLayout.Columns;

    /// <summary>c = (accumulate ? c : 0) + a · b, the depth along a's columns.</summary>
    /// <param name="aPanels">Panels of A; 16 times that is the depth.</param>
    /// <param name="a">The tile's first row in A's first panel; rows adjoin.</param>
    /// <param name="aStride">Floats from one of A's panels to the next.</param>
    /// <param name="b">The tile's first column in row 0 of B; rows adjoin.</param>
    /// <param name="bSecond">Floats from the first vector's column to the second's.</param>
    /// <param name="c">The tile's first element; rows adjoin.</param>
    /// <param name="cSecond">As <paramref name="bSecond"/>, in C.</param>
    /// <param name="accumulate">Whether c is added to or overwritten.</param>
    public static void Multiply<TShape>(int aPanels, float* a, nint aStride, float* b, nint bSecond, float* c, nint cSecond, bool accumulate)
        where TShape : struct, ITileShape
    {
        TVec c00 = TSimd.Zero, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        TVec c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        if (accumulate)
        {
            c00 = TSimd.Load(c);
            if (TShape.Vectors > 1)
                c01 = TSimd.Load(c + cSecond);
            if (TShape.Rows > 1)
                c10 = TSimd.Load(c + (1 * Line));
            if (TShape.Rows > 1 && TShape.Vectors > 1)
                c11 = TSimd.Load(c + cSecond + (1 * Line));
            if (TShape.Rows > 2)
                c20 = TSimd.Load(c + (2 * Line));
            if (TShape.Rows > 2 && TShape.Vectors > 1)
                c21 = TSimd.Load(c + cSecond + (2 * Line));
            if (TShape.Rows > 3)
                c30 = TSimd.Load(c + (3 * Line));
            if (TShape.Rows > 3 && TShape.Vectors > 1)
                c31 = TSimd.Load(c + cSecond + (3 * Line));
            if (TShape.Rows > 4)
                c40 = TSimd.Load(c + (4 * Line));
            if (TShape.Rows > 4 && TShape.Vectors > 1)
                c41 = TSimd.Load(c + cSecond + (4 * Line));
            if (TShape.Rows > 5)
                c50 = TSimd.Load(c + (5 * Line));
            if (TShape.Rows > 5 && TShape.Vectors > 1)
                c51 = TSimd.Load(c + cSecond + (5 * Line));
            if (TShape.Rows > 6)
                c60 = TSimd.Load(c + (6 * Line));
            if (TShape.Rows > 6 && TShape.Vectors > 1)
                c61 = TSimd.Load(c + cSecond + (6 * Line));
            if (TShape.Rows > 7)
                c70 = TSimd.Load(c + (7 * Line));
            if (TShape.Rows > 7 && TShape.Vectors > 1)
                c71 = TSimd.Load(c + cSecond + (7 * Line));
        }
        for (int panel = 0; panel < aPanels; panel++, a += aStride)
        {
            float* x0 = a, end = a + Line;
            do
            {
                TVec b0 = TSimd.Load(b), b1 = TShape.Vectors > 1 ? TSimd.Load(b + bSecond) : b0;
                TVec x = TSimd.Broadcast(x0[0]);
                c00 = TSimd.MultiplyAdd(x, b0, c00);
                if (TShape.Vectors > 1)
                    c01 = TSimd.MultiplyAdd(x, b1, c01);
                if (TShape.Rows > 1)
                {
                    x = TSimd.Broadcast(x0[1 * Line]);
                    c10 = TSimd.MultiplyAdd(x, b0, c10);
                    if (TShape.Vectors > 1)
                        c11 = TSimd.MultiplyAdd(x, b1, c11);
                }
                if (TShape.Rows > 2)
                {
                    x = TSimd.Broadcast(x0[2 * Line]);
                    c20 = TSimd.MultiplyAdd(x, b0, c20);
                    if (TShape.Vectors > 1)
                        c21 = TSimd.MultiplyAdd(x, b1, c21);
                }
                if (TShape.Rows > 3)
                {
                    x = TSimd.Broadcast(x0[3 * Line]);
                    c30 = TSimd.MultiplyAdd(x, b0, c30);
                    if (TShape.Vectors > 1)
                        c31 = TSimd.MultiplyAdd(x, b1, c31);
                }
                if (TShape.Rows > 4)
                {
                    x = TSimd.Broadcast(x0[4 * Line]);
                    c40 = TSimd.MultiplyAdd(x, b0, c40);
                    if (TShape.Vectors > 1)
                        c41 = TSimd.MultiplyAdd(x, b1, c41);
                }
                if (TShape.Rows > 5)
                {
                    x = TSimd.Broadcast(x0[5 * Line]);
                    c50 = TSimd.MultiplyAdd(x, b0, c50);
                    if (TShape.Vectors > 1)
                        c51 = TSimd.MultiplyAdd(x, b1, c51);
                }
                if (TShape.Rows > 6)
                {
                    x = TSimd.Broadcast(x0[6 * Line]);
                    c60 = TSimd.MultiplyAdd(x, b0, c60);
                    if (TShape.Vectors > 1)
                        c61 = TSimd.MultiplyAdd(x, b1, c61);
                }
                if (TShape.Rows > 7)
                {
                    x = TSimd.Broadcast(x0[7 * Line]);
                    c70 = TSimd.MultiplyAdd(x, b0, c70);
                    if (TShape.Vectors > 1)
                        c71 = TSimd.MultiplyAdd(x, b1, c71);
                }
                x0++;
                b += Line;
            }
            while (x0 < end);
        }
        TSimd.Store(c00, c);
        if (TShape.Vectors > 1)
            TSimd.Store(c01, c + cSecond);
        if (TShape.Rows > 1)
            TSimd.Store(c10, c + (1 * Line));
        if (TShape.Rows > 1 && TShape.Vectors > 1)
            TSimd.Store(c11, c + cSecond + (1 * Line));
        if (TShape.Rows > 2)
            TSimd.Store(c20, c + (2 * Line));
        if (TShape.Rows > 2 && TShape.Vectors > 1)
            TSimd.Store(c21, c + cSecond + (2 * Line));
        if (TShape.Rows > 3)
            TSimd.Store(c30, c + (3 * Line));
        if (TShape.Rows > 3 && TShape.Vectors > 1)
            TSimd.Store(c31, c + cSecond + (3 * Line));
        if (TShape.Rows > 4)
            TSimd.Store(c40, c + (4 * Line));
        if (TShape.Rows > 4 && TShape.Vectors > 1)
            TSimd.Store(c41, c + cSecond + (4 * Line));
        if (TShape.Rows > 5)
            TSimd.Store(c50, c + (5 * Line));
        if (TShape.Rows > 5 && TShape.Vectors > 1)
            TSimd.Store(c51, c + cSecond + (5 * Line));
        if (TShape.Rows > 6)
            TSimd.Store(c60, c + (6 * Line));
        if (TShape.Rows > 6 && TShape.Vectors > 1)
            TSimd.Store(c61, c + cSecond + (6 * Line));
        if (TShape.Rows > 7)
            TSimd.Store(c70, c + (7 * Line));
        if (TShape.Rows > 7 && TShape.Vectors > 1)
            TSimd.Store(c71, c + cSecond + (7 * Line));
    }

    /// <summary>c = (accumulate ? c : 0) + aᵀ · b, the depth along the rows of both.</summary>
    /// <param name="depth">Rows of A and B, at least 1.</param>
    /// <param name="a">The tile's first row is this column of A's row 0; its other rows are the columns after it, in the same panel.</param>
    /// <param name="b">The tile's first column in row 0 of B.</param>
    /// <param name="bSecond">Floats from the first vector's column to the second's.</param>
    /// <param name="c">The tile's first element; rows adjoin.</param>
    /// <param name="cSecond">As <paramref name="bSecond"/>, in C.</param>
    /// <param name="accumulate">Whether c is added to or overwritten.</param>
    public static void MultiplyTransposed<TShape>(int depth, float* a, float* b, nint bSecond, float* c, nint cSecond, bool accumulate)
        where TShape : struct, ITileShape
    {
        TVec c00 = TSimd.Zero, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        TVec c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        if (accumulate)
        {
            c00 = TSimd.Load(c);
            if (TShape.Vectors > 1)
                c01 = TSimd.Load(c + cSecond);
            if (TShape.Rows > 1)
                c10 = TSimd.Load(c + (1 * Line));
            if (TShape.Rows > 1 && TShape.Vectors > 1)
                c11 = TSimd.Load(c + cSecond + (1 * Line));
            if (TShape.Rows > 2)
                c20 = TSimd.Load(c + (2 * Line));
            if (TShape.Rows > 2 && TShape.Vectors > 1)
                c21 = TSimd.Load(c + cSecond + (2 * Line));
            if (TShape.Rows > 3)
                c30 = TSimd.Load(c + (3 * Line));
            if (TShape.Rows > 3 && TShape.Vectors > 1)
                c31 = TSimd.Load(c + cSecond + (3 * Line));
            if (TShape.Rows > 4)
                c40 = TSimd.Load(c + (4 * Line));
            if (TShape.Rows > 4 && TShape.Vectors > 1)
                c41 = TSimd.Load(c + cSecond + (4 * Line));
            if (TShape.Rows > 5)
                c50 = TSimd.Load(c + (5 * Line));
            if (TShape.Rows > 5 && TShape.Vectors > 1)
                c51 = TSimd.Load(c + cSecond + (5 * Line));
            if (TShape.Rows > 6)
                c60 = TSimd.Load(c + (6 * Line));
            if (TShape.Rows > 6 && TShape.Vectors > 1)
                c61 = TSimd.Load(c + cSecond + (6 * Line));
            if (TShape.Rows > 7)
                c70 = TSimd.Load(c + (7 * Line));
            if (TShape.Rows > 7 && TShape.Vectors > 1)
                c71 = TSimd.Load(c + cSecond + (7 * Line));
        }
        float* end = a + ((nint)depth * Line);
        do
        {
            TVec b0 = TSimd.Load(b), b1 = TShape.Vectors > 1 ? TSimd.Load(b + bSecond) : b0;
            TVec x = TSimd.Broadcast(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            if (TShape.Vectors > 1)
                c01 = TSimd.MultiplyAdd(x, b1, c01);
            if (TShape.Rows > 1)
            {
                x = TSimd.Broadcast(a[1]);
                c10 = TSimd.MultiplyAdd(x, b0, c10);
                if (TShape.Vectors > 1)
                    c11 = TSimd.MultiplyAdd(x, b1, c11);
            }
            if (TShape.Rows > 2)
            {
                x = TSimd.Broadcast(a[2]);
                c20 = TSimd.MultiplyAdd(x, b0, c20);
                if (TShape.Vectors > 1)
                    c21 = TSimd.MultiplyAdd(x, b1, c21);
            }
            if (TShape.Rows > 3)
            {
                x = TSimd.Broadcast(a[3]);
                c30 = TSimd.MultiplyAdd(x, b0, c30);
                if (TShape.Vectors > 1)
                    c31 = TSimd.MultiplyAdd(x, b1, c31);
            }
            if (TShape.Rows > 4)
            {
                x = TSimd.Broadcast(a[4]);
                c40 = TSimd.MultiplyAdd(x, b0, c40);
                if (TShape.Vectors > 1)
                    c41 = TSimd.MultiplyAdd(x, b1, c41);
            }
            if (TShape.Rows > 5)
            {
                x = TSimd.Broadcast(a[5]);
                c50 = TSimd.MultiplyAdd(x, b0, c50);
                if (TShape.Vectors > 1)
                    c51 = TSimd.MultiplyAdd(x, b1, c51);
            }
            if (TShape.Rows > 6)
            {
                x = TSimd.Broadcast(a[6]);
                c60 = TSimd.MultiplyAdd(x, b0, c60);
                if (TShape.Vectors > 1)
                    c61 = TSimd.MultiplyAdd(x, b1, c61);
            }
            if (TShape.Rows > 7)
            {
                x = TSimd.Broadcast(a[7]);
                c70 = TSimd.MultiplyAdd(x, b0, c70);
                if (TShape.Vectors > 1)
                    c71 = TSimd.MultiplyAdd(x, b1, c71);
            }
            a += Line;
            b += Line;
        }
        while (a < end);
        TSimd.Store(c00, c);
        if (TShape.Vectors > 1)
            TSimd.Store(c01, c + cSecond);
        if (TShape.Rows > 1)
            TSimd.Store(c10, c + (1 * Line));
        if (TShape.Rows > 1 && TShape.Vectors > 1)
            TSimd.Store(c11, c + cSecond + (1 * Line));
        if (TShape.Rows > 2)
            TSimd.Store(c20, c + (2 * Line));
        if (TShape.Rows > 2 && TShape.Vectors > 1)
            TSimd.Store(c21, c + cSecond + (2 * Line));
        if (TShape.Rows > 3)
            TSimd.Store(c30, c + (3 * Line));
        if (TShape.Rows > 3 && TShape.Vectors > 1)
            TSimd.Store(c31, c + cSecond + (3 * Line));
        if (TShape.Rows > 4)
            TSimd.Store(c40, c + (4 * Line));
        if (TShape.Rows > 4 && TShape.Vectors > 1)
            TSimd.Store(c41, c + cSecond + (4 * Line));
        if (TShape.Rows > 5)
            TSimd.Store(c50, c + (5 * Line));
        if (TShape.Rows > 5 && TShape.Vectors > 1)
            TSimd.Store(c51, c + cSecond + (5 * Line));
        if (TShape.Rows > 6)
            TSimd.Store(c60, c + (6 * Line));
        if (TShape.Rows > 6 && TShape.Vectors > 1)
            TSimd.Store(c61, c + cSecond + (6 * Line));
        if (TShape.Rows > 7)
            TSimd.Store(c70, c + (7 * Line));
        if (TShape.Rows > 7 && TShape.Vectors > 1)
            TSimd.Store(c71, c + cSecond + (7 * Line));
    }
}
