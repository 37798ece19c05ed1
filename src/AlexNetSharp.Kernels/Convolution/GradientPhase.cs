using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>The part of a data gradient that concerns the input positions (py + i · stride, px + j · stride).</summary>
/// <remarks>
/// Position iy receives from output oy through tap ky when oy · stride = iy + padTop − ky · dilation. Which taps meet that is the same for all
/// positions of a phase, so within it the gradient is a plain stride-1 convolution of dOutput with those taps; no product with a zero
/// that a stride put in is ever computed. Stride 1 has one phase: all positions, all taps.
/// </remarks>
internal readonly unsafe struct GradientPhase
{
    private readonly int _py;
    private readonly int _px;
    private readonly int _gridHeight;
    private readonly int _gridWidth;
    private readonly int _taps;

    public GradientPhase(in ConvolutionGeometry g, int py, int px)
    {
        _py = py;
        _px = px;
        _gridHeight = PhaseCount(g.InputHeight, py, g.StrideHeight);
        _gridWidth = PhaseCount(g.InputWidth, px, g.StrideWidth);
        Positions = checked(g.Batch * _gridHeight * _gridWidth);
        int rows = 0, columns = 0;
        for (int ky = 0; ky < g.KernelHeight; ky++)
            rows += Meets(py + g.PadTop - (ky * g.DilationHeight), g.StrideHeight) ? 1 : 0;
        for (int kx = 0; kx < g.KernelWidth; kx++)
            columns += Meets(px + g.PadLeft - (kx * g.DilationWidth), g.StrideWidth) ? 1 : 0;
        _taps = rows * columns;
        Sizes = BlockSizes.For(Math.Max(1, Positions), g.InputChannels / g.Groups, _taps * (g.OutputChannels / g.Groups));
    }

    /// <summary>Input positions of this phase, in all pictures.</summary>
    public int Positions { get; }

    /// <summary>The cut of its product; K is 0 where no tap reaches the phase, and its gradient zero.</summary>
    public BlockSizes Sizes { get; }

    /// <summary>Computes the phase's part of dInput for one group; <c>tables</c> is scratch for three integers a tap.</summary>
    public void Run(in ConvolutionGeometry g, float* dOutput, float* weights, float* dInput, int group, int* tables, float* scratch, ThreadTeam team)
    {
        int channels = g.InputChannels / g.Groups, filters = g.OutputChannels / g.Groups;
        int* offsetY = tables, offsetX = tables + _taps, taps = tables + (2 * _taps);
        int t = 0;
        for (int ky = 0; ky < g.KernelHeight; ky++)
        {
            int y = _py + g.PadTop - (ky * g.DilationHeight);
            if (!Meets(y, g.StrideHeight))
                continue;
            for (int kx = 0; kx < g.KernelWidth; kx++)
            {
                int x = _px + g.PadLeft - (kx * g.DilationWidth);
                if (!Meets(x, g.StrideWidth))
                    continue;
                offsetY[t] = y / g.StrideHeight;
                offsetX[t] = x / g.StrideWidth;
                taps[t++] = (ky * g.KernelWidth) + kx;
            }
        }
        TapGather patches = new()
        {
            Source = dOutput + (group * filters),
            SourceHeight = g.OutputHeight,
            SourceWidth = g.OutputWidth,
            PixelStride = g.OutputChannels,
            Channels = filters,
            GridHeight = _gridHeight,
            GridWidth = _gridWidth,
            StrideHeight = 1,
            StrideWidth = 1,
            OffsetY = offsetY,
            OffsetX = offsetX,
        };
        int kernel = g.KernelHeight * g.KernelWidth;
        TransposedFilters filterMatrix = new(weights + ((nint)group * filters * kernel * channels), taps, filters, kernel, channels);
        PhaseRows rows = new(dInput + (group * channels), g, _py, _px, _gridHeight, _gridWidth);
        BlockedProduct.Run<RowOrder, TapGather, TransposedFilters, PhaseRows>(Sizes, patches, filterMatrix, rows, default, scratch, team);
    }

    private static int PhaseCount(int size, int phase, int stride) => phase >= size ? 0 : ((size - phase - 1) / stride) + 1;

    private static bool Meets(int distance, int stride) => distance % stride == 0;

    /// <summary>The filters with input and output channels exchanged: row (tap, filter), column input channel.</summary>
    private readonly struct TransposedFilters(float* weights, int* taps, int filters, int kernel, int channels) : IRightOperand
    {
        private readonly float* _weights = weights;
        private readonly int* _taps = taps;
        private readonly int _filters = filters;
        private readonly int _kernel = kernel;
        private readonly int _channels = channels;

        public void Pack<TSimd, TVec>(int k, int depth, int column, int columns, float* destination)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            for (int p = 0; p < depth; p++)
            {
                (int tap, int filter) = Math.DivRem(k + p, _filters);
                float* row = _weights + ((((nint)filter * _kernel) + _taps[tap]) * _channels);
                RightPanels.PackRow<TSimd, TVec>(row + column, columns, destination, p, depth);
            }
        }
    }

    /// <summary>The phase's positions in dInput.</summary>
    private readonly struct PhaseRows(float* dInput, ConvolutionGeometry g, int py, int px, int gridHeight, int gridWidth) : IResultRows
    {
        private readonly float* _dInput = dInput;
        private readonly ConvolutionGeometry _g = g;
        private readonly int _py = py;
        private readonly int _px = px;
        private readonly int _gridHeight = gridHeight;
        private readonly int _gridWidth = gridWidth;

        public float* Row(int row)
        {
            (int rest, int j) = Math.DivRem(row, _gridWidth);
            (int picture, int i) = Math.DivRem(rest, _gridHeight);
            int y = _py + (i * _g.StrideHeight), x = _px + (j * _g.StrideWidth);
            return _dInput + ((((((nint)picture * _g.InputHeight) + y) * _g.InputWidth) + x) * _g.InputChannels);
        }
    }
}
