using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>Covers a few rows of the convolution, and one or two panels of its filters, with tiles.</summary>
internal static unsafe class FirstLayerProduct<TSimd, TVec>
    where TSimd : struct, ISimd<TVec>
    where TVec : unmanaged
{
    private const int Line = PanelLayout.Columns;

    /// <summary>Sums of <paramref name="rows"/> rows, without bias.</summary>
    /// <param name="sizes">The layer's sizes.</param>
    /// <param name="rows">Rows of the convolution.</param>
    /// <param name="panels">1 or 2.</param>
    /// <param name="offsets">[depth]: floats from a patch's first value to each.</param>
    /// <param name="x">The first row's first patch, in the padded picture.</param>
    /// <param name="rowStep">Floats from a row's first patch to that of the next.</param>
    /// <param name="weights">Panels of [depth][16].</param>
    /// <param name="sums">Panels of [rows · width][16], overwritten.</param>
    /// <param name="sumStride">Floats between those panels.</param>
    public static void Forward(
        in FirstLayerSizes sizes, int rows, int panels, int* offsets, float* x, nint rowStep, float* weights, float* sums, nint sumStride)
    {
        nint stride = PanelLayout.Stride(sizes.Depth);
        if (TSimd.Width == Line)
        {
            for (int y = 0; y < rows; y++, x += rowStep, sums += sizes.Width * Line)
            {
                if (panels == 2)
                    WideRow(sizes, offsets, x, weights, stride, sums, sumStride);
                else
                    NarrowRow(sizes, offsets, x, weights, sums);
            }
            return;
        }
        for (int panel = 0; panel < panels; panel++, weights += stride, sums += sumStride)
        {
            for (int column = 0; column < Line; column += 2 * TSimd.Width)
            {
                for (int y = 0; y < rows; y++)
                    WideRow(sizes, offsets, x + (y * rowStep), weights + column, TSimd.Width, sums + ((nint)y * sizes.Width * Line) + column, TSimd.Width);
            }
        }
    }

    /// <summary>The weight gradient of <paramref name="rows"/> rows.</summary>
    /// <param name="sizes">The layer's sizes.</param>
    /// <param name="rows">Rows of the convolution.</param>
    /// <param name="panels">1 or 2.</param>
    /// <param name="offsets">[depth]: floats from a patch's first value to each.</param>
    /// <param name="x">The first row's first patch, in the padded picture.</param>
    /// <param name="rowStep">Floats from a row's first patch to that of the next.</param>
    /// <param name="dSums">Panels of [rows · width][16].</param>
    /// <param name="dSumStride">Floats between those panels.</param>
    /// <param name="dWeights">Panels of [depth][16].</param>
    /// <param name="add">Whether it is added to or overwritten.</param>
    public static void WeightGradient(
        in FirstLayerSizes sizes, int rows, int panels, int* offsets, float* x, nint rowStep, float* dSums, nint dSumStride, float* dWeights, bool add)
    {
        nint stride = PanelLayout.Stride(sizes.Depth);
        if (TSimd.Width == Line)
        {
            if (panels == 2)
                WideTaps(sizes, rows, offsets, x, rowStep, dSums, dSumStride, dWeights, stride, add);
            else
                NarrowTaps(sizes, rows, offsets, x, rowStep, dSums, dWeights, add);
            return;
        }
        for (int panel = 0; panel < panels; panel++, dSums += dSumStride, dWeights += stride)
        {
            for (int column = 0; column < Line; column += 2 * TSimd.Width)
                WideTaps(sizes, rows, offsets, x, rowStep, dSums + column, TSimd.Width, dWeights + column, TSimd.Width, add);
        }
    }

    // A rest of pixels is covered by a tile that reaches back over some that are done: they get the same bits once more, sooner than small
    // tiles, which have too few sums to hide the latency of the additions, would be through.
    private static void WideRow(in FirstLayerSizes s, int* offsets, float* x, float* b, nint bSecond, float* c, nint cSecond)
    {
        int large = TSimd.Width == Line ? 8 : 6, p = 0;
        for (; p + large <= s.Width; p += large)
            WideTile(large, s, offsets, x, p, b, bSecond, c, cSecond);
        int rest = s.Width - p;
        if (s.Width >= large && rest > 4)
        {
            WideTile(large, s, offsets, x, s.Width - large, b, bSecond, c, cSecond);
        }
        else if (s.Width >= 4)
        {
            if (rest > 4)
                WideTile(4, s, offsets, x, p, b, bSecond, c, cSecond);
            if (rest > 0)
                WideTile(4, s, offsets, x, s.Width - 4, b, bSecond, c, cSecond);
        }
        else
        {
            for (; p < s.Width; p++)
                WideTile(1, s, offsets, x, p, b, bSecond, c, cSecond);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WideTile(int pixels, in FirstLayerSizes s, int* offsets, float* x, int pixel, float* b, nint bSecond, float* c, nint cSecond)
    {
        x += (nint)pixel * s.PixelStep;
        c += pixel * Line;
        if (pixels == 8)
            FirstLayerTile<TSimd, TVec>.Multiply<Wide<Rows8>>(s.Depth, offsets, x, s.PixelStep, b, bSecond, c, cSecond);
        else if (pixels == 6)
            FirstLayerTile<TSimd, TVec>.Multiply<Wide<Rows6>>(s.Depth, offsets, x, s.PixelStep, b, bSecond, c, cSecond);
        else if (pixels == 4)
            FirstLayerTile<TSimd, TVec>.Multiply<Wide<Rows4>>(s.Depth, offsets, x, s.PixelStep, b, bSecond, c, cSecond);
        else
            FirstLayerTile<TSimd, TVec>.Multiply<Wide<Rows1>>(s.Depth, offsets, x, s.PixelStep, b, bSecond, c, cSecond);
    }

    private static void NarrowRow(in FirstLayerSizes s, int* offsets, float* x, float* b, float* c)
    {
        if (s.Width < 8)
        {
            for (int p = 0; p < s.Width; p++)
                FirstLayerTile<TSimd, TVec>.Multiply<Narrow<Rows1>>(s.Depth, offsets, x + ((nint)p * s.PixelStep), s.PixelStep, b, 0, c + (p * Line), 0);
            return;
        }
        for (int p = 0; p < s.Width; p += 8)
        {
            int pixel = Math.Min(p, s.Width - 8);
            FirstLayerTile<TSimd, TVec>.Multiply<Narrow<Rows8>>(s.Depth, offsets, x + ((nint)pixel * s.PixelStep), s.PixelStep, b, 0, c + (pixel * Line), 0);
        }
    }

    // Nine taps are better cut 5 + 4 than 8 + 1: a tile of fewer than eight sums waits for its own additions.
    private static void WideTaps(
        in FirstLayerSizes s, int rows, int* offsets, float* x, nint rowStep, float* b, nint bSecond, float* c, nint cSecond, bool add)
    {
        int large = TSimd.Width == Line ? 8 : 6;
        for (int tiles = (s.Depth + large - 1) / large, k = 0; tiles > 0; tiles--)
        {
            int taps = (s.Depth - k + tiles - 1) / tiles;
            int* o = offsets + k;
            float* d = c + ((nint)k * Line);
            k += taps;
            switch (taps)
            {
                case 8:
                    FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows8>>(rows, s.Width, o, x, s.PixelStep, rowStep, b, bSecond, d, cSecond, add);
                    break;
                case 7:
                    FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows7>>(rows, s.Width, o, x, s.PixelStep, rowStep, b, bSecond, d, cSecond, add);
                    break;
                case 6:
                    FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows6>>(rows, s.Width, o, x, s.PixelStep, rowStep, b, bSecond, d, cSecond, add);
                    break;
                case 5:
                    FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows5>>(rows, s.Width, o, x, s.PixelStep, rowStep, b, bSecond, d, cSecond, add);
                    break;
                case 4:
                    FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows4>>(rows, s.Width, o, x, s.PixelStep, rowStep, b, bSecond, d, cSecond, add);
                    break;
                case 3:
                    FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows3>>(rows, s.Width, o, x, s.PixelStep, rowStep, b, bSecond, d, cSecond, add);
                    break;
                case 2:
                    FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows2>>(rows, s.Width, o, x, s.PixelStep, rowStep, b, bSecond, d, cSecond, add);
                    break;
                default:
                    FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Wide<Rows1>>(rows, s.Width, o, x, s.PixelStep, rowStep, b, bSecond, d, cSecond, add);
                    break;
            }
        }
    }

    private static void NarrowTaps(in FirstLayerSizes s, int rows, int* offsets, float* x, nint rowStep, float* b, float* c, bool add)
    {
        int k = 0;
        for (; k + 8 <= s.Depth; k += 8)
            FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Narrow<Rows8>>(rows, s.Width, offsets + k, x, s.PixelStep, rowStep, b, 0, c + ((nint)k * Line), 0, add);
        for (; k + 4 <= s.Depth; k += 4)
            FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Narrow<Rows4>>(rows, s.Width, offsets + k, x, s.PixelStep, rowStep, b, 0, c + ((nint)k * Line), 0, add);
        for (; k < s.Depth; k++)
            FirstLayerTile<TSimd, TVec>.MultiplyTransposed<Narrow<Rows1>>(rows, s.Width, offsets + k, x, s.PixelStep, rowStep, b, 0, c + ((nint)k * Line), 0, add);
    }
}
