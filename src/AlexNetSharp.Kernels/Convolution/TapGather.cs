using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>A picture seen as the matrix whose product with the filters is the convolution, without ever writing that matrix down.</summary>
/// <remarks>
/// Row r of the matrix stands for position (n, y, x) of a grid; its columns are the channels that tap 0 sees there, then tap 1's, and so on
/// (im2col; Chellapilla et al. 2006). Tap t at (y, x) sees source pixel (y · strideY + OffsetY[t], x · strideX + OffsetX[t]); outside the
/// picture lie zeros. Forward, the grid is the output and the source the input; for the data gradient it is the other way round.
/// </remarks>
internal readonly unsafe struct TapGather : ILeftOperand<RowOrder>, IRightOperand
{
    /// <summary>Channel 0 (of the group) of pixel (0, 0) of picture 0.</summary>
    public required float* Source { get; init; }

    public required int SourceHeight { get; init; }

    public required int SourceWidth { get; init; }

    /// <summary>Floats from a pixel to the next: the channels of all groups.</summary>
    public required int PixelStride { get; init; }

    /// <summary>Channels of a tap: those of the group.</summary>
    public required int Channels { get; init; }

    public required int GridHeight { get; init; }

    public required int GridWidth { get; init; }

    public required int StrideHeight { get; init; }

    public required int StrideWidth { get; init; }

    /// <summary>Row offsets of the taps.</summary>
    public required int* OffsetY { get; init; }

    /// <summary>Column offsets of the taps.</summary>
    public required int* OffsetX { get; init; }

    public void Pack(int row, int rows, int k, int depth, float* destination)
    {
        for (int i = 0; i < rows; i++)
            CopyRow(row + i, k, depth, destination + (i * RegisterTile.RowStride));
    }

    public void Pack<TSimd, TVec>(int k, int depth, int column, int columns, float* destination)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        float* line = stackalloc float[columns];
        for (int p = 0; p < depth; p++)
        {
            CopyRow(k + p, column, columns, line);
            RightPanels.PackRow<TSimd, TVec>(line, columns, destination, p, depth);
        }
    }

    private void CopyRow(int row, int start, int count, float* destination)
    {
        (int rest, int x) = Math.DivRem(row, GridWidth);
        (int picture, int y) = Math.DivRem(rest, GridHeight);
        (int tap, int channel) = Math.DivRem(start, Channels);
        float* image = Source + ((nint)picture * SourceHeight * SourceWidth * PixelStride);
        y *= StrideHeight;
        x *= StrideWidth;
        while (count > 0)
        {
            int run = Math.Min(Channels - channel, count);
            int sy = y + OffsetY[tap], sx = x + OffsetX[tap];
            // Unsigned comparison: a negative coordinate is a large one.
            bool inside = (uint)sy < (uint)SourceHeight && (uint)sx < (uint)SourceWidth;
            float* source = image + ((((nint)sy * SourceWidth) + sx) * PixelStride) + channel;
            if (run == 1)
                *destination = inside ? *source : 0;
            else if (inside)
                new ReadOnlySpan<float>(source, run).CopyTo(new Span<float>(destination, run));
            else
                new Span<float>(destination, run).Clear();
            destination += run;
            count -= run;
            channel = 0;
            tap++;
        }
    }
}
