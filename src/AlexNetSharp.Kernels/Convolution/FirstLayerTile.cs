using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>The innermost loops of <see cref="FirstLayerConvolution"/>: a tile of results stays in registers while the depth runs over a picture.</summary>
/// <remarks>
/// <para>
/// The picture is read where it lies: the value for pixel p and tap k is x[p + offset of k], whatever the two are, so no matrix of patches is
/// written and nothing is compared in the loops. The broadcasts of a tile have a pointer each and share one index.
/// </para>
/// <para>
/// Register budget as <see cref="PanelTile{TSimd,TVec}"/>: 8 x 2 accumulators, 2 vectors and 1 broadcast are 19 of AVX-512's 32 registers,
/// 6 x 2 are 15 of AVX2's 16; 8 pointers, the index, the two operands and the end are 12 of 15 integer registers.
/// </para>
/// <para>Every shape adds an element's products in the same order, so its bits do not depend on the tile that it falls into.</para>
/// </remarks>
internal static unsafe class FirstLayerTile<TSimd, TVec>
    where TSimd : struct, ISimd<TVec>
    where TVec : unmanaged
{
    private const int Line = PanelLayout.Columns;

    /// <summary>c[pixel][channel] = Σ over k of x[pixel · step + offsets[k]] · b[k][channel]: neighbouring pixels of an output row.</summary>
    /// <param name="depth">Taps times input channels, at least 1.</param>
    /// <param name="offsets">[depth]: floats from a patch's first value to each.</param>
    /// <param name="x">The first pixel's patch.</param>
    /// <param name="step">Floats from a pixel's patch to the next one's.</param>
    /// <param name="b">The tile's first channel in the weights' row 0; rows adjoin.</param>
    /// <param name="bSecond">Floats from the first vector's channel to the second's.</param>
    /// <param name="c">The first pixel's first channel, overwritten; pixels adjoin.</param>
    /// <param name="cSecond">As <paramref name="bSecond"/>, in C.</param>
    public static void Multiply<TShape>(int depth, int* offsets, float* x, nint step, float* b, nint bSecond, float* c, nint cSecond)
        where TShape : struct, ITileShape
    {
        TVec c00 = TSimd.Zero, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        TVec c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        float* x0 = x, x1 = x + step, x2 = x1 + step, x3 = x2 + step, x4 = x3 + step, x5 = x4 + step, x6 = x5 + step, x7 = x6 + step;
        int* end = offsets + depth;
        do
        {
            nint at = *offsets++;
            TVec b0 = TSimd.Load(b), b1 = TShape.Vectors > 1 ? TSimd.Load(b + bSecond) : b0;
            TVec v = TSimd.Broadcast(x0[at]);
            c00 = TSimd.MultiplyAdd(v, b0, c00);
            if (TShape.Vectors > 1)
                c01 = TSimd.MultiplyAdd(v, b1, c01);
            if (TShape.Rows > 1)
            {
                v = TSimd.Broadcast(x1[at]);
                c10 = TSimd.MultiplyAdd(v, b0, c10);
                if (TShape.Vectors > 1)
                    c11 = TSimd.MultiplyAdd(v, b1, c11);
            }
            if (TShape.Rows > 2)
            {
                v = TSimd.Broadcast(x2[at]);
                c20 = TSimd.MultiplyAdd(v, b0, c20);
                if (TShape.Vectors > 1)
                    c21 = TSimd.MultiplyAdd(v, b1, c21);
            }
            if (TShape.Rows > 3)
            {
                v = TSimd.Broadcast(x3[at]);
                c30 = TSimd.MultiplyAdd(v, b0, c30);
                if (TShape.Vectors > 1)
                    c31 = TSimd.MultiplyAdd(v, b1, c31);
            }
            if (TShape.Rows > 4)
            {
                v = TSimd.Broadcast(x4[at]);
                c40 = TSimd.MultiplyAdd(v, b0, c40);
                if (TShape.Vectors > 1)
                    c41 = TSimd.MultiplyAdd(v, b1, c41);
            }
            if (TShape.Rows > 5)
            {
                v = TSimd.Broadcast(x5[at]);
                c50 = TSimd.MultiplyAdd(v, b0, c50);
                if (TShape.Vectors > 1)
                    c51 = TSimd.MultiplyAdd(v, b1, c51);
            }
            if (TShape.Rows > 6)
            {
                v = TSimd.Broadcast(x6[at]);
                c60 = TSimd.MultiplyAdd(v, b0, c60);
                if (TShape.Vectors > 1)
                    c61 = TSimd.MultiplyAdd(v, b1, c61);
            }
            if (TShape.Rows > 7)
            {
                v = TSimd.Broadcast(x7[at]);
                c70 = TSimd.MultiplyAdd(v, b0, c70);
                if (TShape.Vectors > 1)
                    c71 = TSimd.MultiplyAdd(v, b1, c71);
            }
            b += Line;
        }
        while (offsets < end);
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

    /// <summary>c[k][channel] = (add ? c : 0) + Σ over the pixels of x[pixel + offsets[k]] · b[pixel][channel]: neighbouring taps.</summary>
    /// <remarks>The sum over these pixels is made first, then added, so that no chain of additions is longer than them.</remarks>
    /// <param name="rows">Output rows, at least 1.</param>
    /// <param name="width">Pixels of each, at least 1.</param>
    /// <param name="offsets">The tile's taps: floats from a patch's first value to each.</param>
    /// <param name="x">The first pixel's patch.</param>
    /// <param name="step">Floats from a pixel's patch to the next one's.</param>
    /// <param name="rowStep">Floats from the first patch of an output row to that of the next.</param>
    /// <param name="b">The tile's first channel at the first pixel; pixels and rows adjoin.</param>
    /// <param name="bSecond">Floats from the first vector's channel to the second's.</param>
    /// <param name="c">The first tap's first channel; taps adjoin.</param>
    /// <param name="cSecond">As <paramref name="bSecond"/>, in C.</param>
    /// <param name="add">Whether c is added to or overwritten.</param>
    public static void MultiplyTransposed<TShape>(
        int rows, int width, int* offsets, float* x, nint step, nint rowStep, float* b, nint bSecond, float* c, nint cSecond, bool add)
        where TShape : struct, ITileShape
    {
        TVec c00 = TSimd.Zero, c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        TVec c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        float* x0 = x + offsets[0], x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0, x6 = x0, x7 = x0;
        if (TShape.Rows > 1)
            x1 = x + offsets[1];
        if (TShape.Rows > 2)
            x2 = x + offsets[2];
        if (TShape.Rows > 3)
            x3 = x + offsets[3];
        if (TShape.Rows > 4)
            x4 = x + offsets[4];
        if (TShape.Rows > 5)
            x5 = x + offsets[5];
        if (TShape.Rows > 6)
            x6 = x + offsets[6];
        if (TShape.Rows > 7)
            x7 = x + offsets[7];
        for (nint row = 0, last = rows * rowStep; row < last; row += rowStep)
        {
            nint at = row;
            float* end = b + ((nint)width * Line);
            do
            {
                TVec b0 = TSimd.Load(b), b1 = TShape.Vectors > 1 ? TSimd.Load(b + bSecond) : b0;
                TVec v = TSimd.Broadcast(x0[at]);
                c00 = TSimd.MultiplyAdd(v, b0, c00);
                if (TShape.Vectors > 1)
                    c01 = TSimd.MultiplyAdd(v, b1, c01);
                if (TShape.Rows > 1)
                {
                    v = TSimd.Broadcast(x1[at]);
                    c10 = TSimd.MultiplyAdd(v, b0, c10);
                    if (TShape.Vectors > 1)
                        c11 = TSimd.MultiplyAdd(v, b1, c11);
                }
                if (TShape.Rows > 2)
                {
                    v = TSimd.Broadcast(x2[at]);
                    c20 = TSimd.MultiplyAdd(v, b0, c20);
                    if (TShape.Vectors > 1)
                        c21 = TSimd.MultiplyAdd(v, b1, c21);
                }
                if (TShape.Rows > 3)
                {
                    v = TSimd.Broadcast(x3[at]);
                    c30 = TSimd.MultiplyAdd(v, b0, c30);
                    if (TShape.Vectors > 1)
                        c31 = TSimd.MultiplyAdd(v, b1, c31);
                }
                if (TShape.Rows > 4)
                {
                    v = TSimd.Broadcast(x4[at]);
                    c40 = TSimd.MultiplyAdd(v, b0, c40);
                    if (TShape.Vectors > 1)
                        c41 = TSimd.MultiplyAdd(v, b1, c41);
                }
                if (TShape.Rows > 5)
                {
                    v = TSimd.Broadcast(x5[at]);
                    c50 = TSimd.MultiplyAdd(v, b0, c50);
                    if (TShape.Vectors > 1)
                        c51 = TSimd.MultiplyAdd(v, b1, c51);
                }
                if (TShape.Rows > 6)
                {
                    v = TSimd.Broadcast(x6[at]);
                    c60 = TSimd.MultiplyAdd(v, b0, c60);
                    if (TShape.Vectors > 1)
                        c61 = TSimd.MultiplyAdd(v, b1, c61);
                }
                if (TShape.Rows > 7)
                {
                    v = TSimd.Broadcast(x7[at]);
                    c70 = TSimd.MultiplyAdd(v, b0, c70);
                    if (TShape.Vectors > 1)
                        c71 = TSimd.MultiplyAdd(v, b1, c71);
                }
                at += step;
                b += Line;
            }
            while (b < end);
        }
        if (add)
        {
            c00 = TSimd.Add(TSimd.Load(c), c00);
            if (TShape.Vectors > 1)
                c01 = TSimd.Add(TSimd.Load(c + cSecond), c01);
            if (TShape.Rows > 1)
                c10 = TSimd.Add(TSimd.Load(c + (1 * Line)), c10);
            if (TShape.Rows > 1 && TShape.Vectors > 1)
                c11 = TSimd.Add(TSimd.Load(c + cSecond + (1 * Line)), c11);
            if (TShape.Rows > 2)
                c20 = TSimd.Add(TSimd.Load(c + (2 * Line)), c20);
            if (TShape.Rows > 2 && TShape.Vectors > 1)
                c21 = TSimd.Add(TSimd.Load(c + cSecond + (2 * Line)), c21);
            if (TShape.Rows > 3)
                c30 = TSimd.Add(TSimd.Load(c + (3 * Line)), c30);
            if (TShape.Rows > 3 && TShape.Vectors > 1)
                c31 = TSimd.Add(TSimd.Load(c + cSecond + (3 * Line)), c31);
            if (TShape.Rows > 4)
                c40 = TSimd.Add(TSimd.Load(c + (4 * Line)), c40);
            if (TShape.Rows > 4 && TShape.Vectors > 1)
                c41 = TSimd.Add(TSimd.Load(c + cSecond + (4 * Line)), c41);
            if (TShape.Rows > 5)
                c50 = TSimd.Add(TSimd.Load(c + (5 * Line)), c50);
            if (TShape.Rows > 5 && TShape.Vectors > 1)
                c51 = TSimd.Add(TSimd.Load(c + cSecond + (5 * Line)), c51);
            if (TShape.Rows > 6)
                c60 = TSimd.Add(TSimd.Load(c + (6 * Line)), c60);
            if (TShape.Rows > 6 && TShape.Vectors > 1)
                c61 = TSimd.Add(TSimd.Load(c + cSecond + (6 * Line)), c61);
            if (TShape.Rows > 7)
                c70 = TSimd.Add(TSimd.Load(c + (7 * Line)), c70);
            if (TShape.Rows > 7 && TShape.Vectors > 1)
                c71 = TSimd.Add(TSimd.Load(c + cSecond + (7 * Line)), c71);
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
}
