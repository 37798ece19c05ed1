using System.Runtime.InteropServices;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Reductions;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>A stage whose convolution sees few input channels, as a network's first layer does: 1 to 4, any kernel, stride and padding.</summary>
/// <remarks>
/// <para>
/// So few channels fill no vector, and their patches repeat each value once a tap. So the vectors run along the filters, each input value is
/// broadcast from where it lies in a few padded rows, and the matrix of patches (9 times the picture for a 3x3 kernel, 121 times for 11x11 at
/// stride 1) is never made. What a few rows of the convolution give goes through bias, activation and pooling while it is in cache.
/// </para>
/// <para>
/// A result is one sum in the order of the taps, whatever the batch, the threads and the tile that it falls into. The weight gradient is summed
/// over a band of rows, then over the bands of a few pictures (as many as the batch alone says), then over those.
/// </para>
/// <para>
/// There is no data gradient here: a network's first layer needs none, and elsewhere <see cref="SpatialConvolution.DataGradient"/> computes it.
/// </para>
/// </remarks>
public static unsafe class FirstLayerConvolution
{
    /// <summary>The largest number of input channels.</summary>
    public const int MaximalChannels = 4;

    private const int Line = PanelLayout.Columns;

    /// <summary>Whether the stage's convolution has at most <see cref="MaximalChannels"/> input channels, dilation 1 and one group.</summary>
    public static bool Supports(in ConvolutionStage stage)
    {
        ConvolutionGeometry g = stage.Convolution;
        return g.InputChannels <= MaximalChannels && (g.DilationHeight, g.DilationWidth, g.Groups) == (1, 1, 1);
    }

    /// <summary>Floats of scratch that both passes need.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="threadCount">The team's threads.</param>
    /// <exception cref="ArgumentException">The stage is invalid, not supported or too large.</exception>
    public static int ScratchLength(in ConvolutionStage stage, int threadCount)
    {
        FirstLayerSizes sizes = Cut(stage);
        return (int)Math.Max(ForwardLength(sizes, threadCount), GradientLength(sizes, threadCount));
    }

    /// <summary>output = pooling(activation(convolution(input, weights) + bias)).</summary>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="weights">[O, kernel height, kernel width, C].</param>
    /// <param name="bias">[O]; empty for none.</param>
    /// <param name="output">[N, height, width, O] as the stage writes it, overwritten; apart from the input.</param>
    /// <param name="winners">
    /// The same shape: ky · window width + kx of the maximum, kept for <see cref="WeightGradient"/>; empty in inference and without pooling.
    /// </param>
    /// <param name="stage">The stage.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the stage, or the stage is invalid or not supported.</exception>
    public static void Forward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> output, Span<byte> winners,
        in ConvolutionStage stage, Span<float> scratch, ThreadTeam team)
    {
        FirstLayerSizes sizes = Cut(stage);
        Check.Length(input, stage.Convolution.InputLength, nameof(input));
        Check.Length(weights, stage.Convolution.WeightLength, nameof(weights));
        if (!bias.IsEmpty)
            Check.Length(bias, sizes.Channels, nameof(bias));
        Check.Length((ReadOnlySpan<float>)output, stage.OutputLength, nameof(output));
        if (!winners.IsEmpty)
            Check.Length((ReadOnlySpan<byte>)winners, stage.Pooling is null ? 0 : stage.OutputLength, nameof(winners));
        Check.AtLeast(scratch, ForwardLength(sizes, team.ThreadCount), nameof(scratch));
        fixed (float* x = input, w = weights, b = bias, y = output, s = scratch)
        fixed (byte* places = winners)
        {
            int* offsets = (int*)Aligned(s);
            float* packed = (float*)offsets + sizes.OffsetsLength;
            WriteOffsets(stage.Convolution, sizes, offsets);
            PaddedRows rows = new(stage.Convolution, x, (int)sizes.PaddedRow);
            VectorJob.Run(team, sizes.Panels, new PackJob(sizes, w, packed));
            VectorJob.Run(team, sizes.Batch * sizes.TasksPerPicture, new ForwardJob(
                sizes, rows, stage.Convolution.StrideHeight, new StageOutput(stage, b, y, places), offsets, packed, packed + sizes.WeightsLength));
        }
    }

    /// <summary>The gradients of weights and bias from that of what the stage wrote.</summary>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="output">What <see cref="Forward"/> wrote.</param>
    /// <param name="winners">What it kept of the pooling; empty without.</param>
    /// <param name="dOutput">∂L/∂output, the same shape as the output.</param>
    /// <param name="dWeights">[O, kernel height, kernel width, C], overwritten.</param>
    /// <param name="dBias">[O], overwritten; empty for none.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the stage, or the stage is invalid or not supported.</exception>
    public static void WeightGradient(
        ReadOnlySpan<float> input, ReadOnlySpan<float> output, ReadOnlySpan<byte> winners, ReadOnlySpan<float> dOutput,
        Span<float> dWeights, Span<float> dBias, in ConvolutionStage stage, Span<float> scratch, ThreadTeam team)
    {
        FirstLayerSizes sizes = Cut(stage);
        Check.Length(input, stage.Convolution.InputLength, nameof(input));
        Check.Length(output, stage.OutputLength, nameof(output));
        Check.Length(winners, stage.Pooling is null ? 0 : stage.OutputLength, nameof(winners));
        Check.Length(dOutput, stage.OutputLength, nameof(dOutput));
        Check.Length((ReadOnlySpan<float>)dWeights, stage.Convolution.WeightLength, nameof(dWeights));
        if (!dBias.IsEmpty)
            Check.Length((ReadOnlySpan<float>)dBias, sizes.Channels, nameof(dBias));
        Check.AtLeast(scratch, GradientLength(sizes, team.ThreadCount), nameof(scratch));
        fixed (float* x = input, y = output, dy = dOutput, dw = dWeights, s = scratch)
        fixed (byte* places = winners)
        {
            int* offsets = (int*)Aligned(s);
            float* biases = (float*)offsets + sizes.OffsetsLength, partials = biases + sizes.BiasesLength;
            WriteOffsets(stage.Convolution, sizes, offsets);
            PaddedRows rows = new(stage.Convolution, x, (int)sizes.PaddedRow);
            VectorJob.Run(team, sizes.Partials * sizes.TasksPerPartial, new GradientJob(
                sizes, rows, stage.Convolution.StrideHeight, new StageGradient(stage, y, places, dy, biases),
                offsets, partials, partials + (sizes.WeightsLength * sizes.Partials)));
            VectorJob.Run(team, sizes.Panels, new AddJob(sizes, partials, dw));
            if (!dBias.IsEmpty)
            {
                // The partial gradients are through: their memory serves the sums of the pictures' parts.
                int length = ColumnSums.ScratchLength(sizes.Batch, sizes.Channels);
                ColumnSums.Compute(new ReadOnlySpan<float>(biases, sizes.Batch * sizes.Channels), dBias, new Span<float>(partials, length), team);
            }
        }
    }

    private static FirstLayerSizes Cut(in ConvolutionStage stage)
    {
        stage.Validate();
        ConvolutionGeometry g = stage.Convolution;
        return Supports(stage) ? new FirstLayerSizes(stage) : throw new ArgumentException(
            $"{g.InputChannels} input channels, dilation {g.DilationHeight}x{g.DilationWidth} and {g.Groups} groups: at most {MaximalChannels} channels, "
            + "dilation 1 and one group are supported. Use SpatialConvolution.", nameof(stage));
    }

    private static long ForwardLength(in FirstLayerSizes sizes, int threadCount) =>
        Fitting(Line + sizes.OffsetsLength + sizes.WeightsLength + (threadCount * sizes.ForwardPerThread));

    private static long GradientLength(in FirstLayerSizes sizes, int threadCount) => Fitting(
        Line + sizes.OffsetsLength + sizes.BiasesLength
        + Math.Max(sizes.WeightsLength * sizes.Partials, ColumnSums.ScratchLength(sizes.Batch, sizes.Channels)) + (threadCount * sizes.GradientPerThread));

    private static long Fitting(long floats) => floats <= int.MaxValue
        ? floats
        : throw new ArgumentException($"The stage needs {floats} floats of scratch memory, more than an array holds.");

    // To a cache line, a panel's row.
    private static float* Aligned(float* scratch) => (float*)(((nuint)scratch + (Line * sizeof(float)) - 1) & ~(nuint)((Line * sizeof(float)) - 1));

    // Rows of a filter, and so of the weights, run over columns and channels as the picture's do.
    private static void WriteOffsets(in ConvolutionGeometry geometry, in FirstLayerSizes sizes, int* offsets)
    {
        int row = geometry.KernelWidth * geometry.InputChannels;
        for (int ky = 0; ky < geometry.KernelHeight; ky++)
        {
            for (int k = 0; k < row; k++)
                *offsets++ = (ky * (int)sizes.PaddedRow) + k;
        }
    }

    // One task: one panel of the weights, [depth][16].
    private readonly struct PackJob(FirstLayerSizes sizes, float* weights, float* packed) : IVectorJob
    {
        private readonly FirstLayerSizes _sizes = sizes;
        private readonly float* _weights = weights;
        private readonly float* _packed = packed;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int depth = _sizes.Depth, inside = Math.Min(Line, _sizes.Channels - (task * Line));
            float* source = _weights + ((nint)task * Line * depth), target = _packed + (task * PanelLayout.Stride(depth));
            for (int k = 0; k < depth; k++, source++, target += Line)
            {
                for (int o = 0; o < Line; o++)
                    target[o] = o < inside ? source[(nint)o * depth] : 0;
            }
        }
    }

    // One task: some rows of one picture's output, all channels.
    private readonly struct ForwardJob(
        FirstLayerSizes sizes, PaddedRows input, int strideHeight, StageOutput output, int* offsets, float* weights, float* scratch) : IVectorJob
    {
        private readonly FirstLayerSizes _sizes = sizes;
        private readonly PaddedRows _input = input;
        private readonly int _strideHeight = strideHeight;
        private readonly StageOutput _output = output;
        private readonly int* _offsets = offsets;
        private readonly float* _weights = weights;
        private readonly float* _scratch = scratch;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            (int picture, int part) = Math.DivRem(task, _sizes.TasksPerPicture);
            int rowsPerTask = _sizes.StepsPerTask * _sizes.OutputRowsPerStep;
            int first = part * rowsPerTask, end = Math.Min(_sizes.OutputRows, first + rowsPerTask);
            // The convolution's rows in the slices, from the step before; those that windows share are kept.
            int heldFirst = 0, heldEnd = 0;
            for (int row = first; row < end; row += _sizes.OutputRowsPerStep)
            {
                int last = Math.Min(end, row + _sizes.OutputRowsPerStep);
                (int y0, int y1) = _sizes.ConvolutionRows(row, last);
                int kept = Math.Max(0, heldEnd - y0);
                Step<TSimd, TVec>(picture, row, last, y0, y1, kept, y0 - heldFirst, _scratch + (worker * _sizes.ForwardPerThread));
                (heldFirst, heldEnd) = (y0, y1);
            }
        }

        private void Step<TSimd, TVec>(int picture, int row, int last, int y0, int y1, int kept, int keptAt, float* input)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int fresh = y1 - y0 - kept;
            nint slice = (nint)_sizes.StepSlice, length = (nint)_sizes.Width * Line, rowStep = (nint)_strideHeight * _input.Length;
            if (fresh > 0)
                _input.Copy(picture, (y0 + kept) * _strideHeight, _sizes.InputRows(fresh), input);
            float* sums = input + _sizes.StepInput;
            for (int panel = 0; panel < _sizes.Panels; panel += 2, sums += 2 * slice)
            {
                int panels = Math.Min(2, _sizes.Panels - panel);
                for (int i = 0; kept > 0 && i < panels; i++)
                    NativeMemory.Copy(sums + (i * slice) + (keptAt * length), sums + (i * slice), (nuint)(kept * length * sizeof(float)));
                if (fresh > 0)
                {
                    FirstLayerProduct<TSimd, TVec>.Forward(
                        _sizes, fresh, panels, _offsets, input, rowStep, _weights + (panel * PanelLayout.Stride(_sizes.Depth)), sums + (kept * length), slice);
                }
                for (int i = 0; i < panels; i++)
                    _output.WriteRows<TSimd, TVec>(sums + (i * slice), length, y0, picture, (panel + i) * Line, row, last);
            }
        }
    }

    // One task: the gradient of some panels from the pictures of one partial sum.
    private readonly struct GradientJob(
        FirstLayerSizes sizes, PaddedRows input, int strideHeight, StageGradient gradient, int* offsets, float* partials, float* scratch) : IVectorJob
    {
        private readonly FirstLayerSizes _sizes = sizes;
        private readonly PaddedRows _input = input;
        private readonly int _strideHeight = strideHeight;
        private readonly StageGradient _gradient = gradient;
        private readonly int* _offsets = offsets;
        private readonly float* _partials = partials;
        private readonly float* _scratch = scratch;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            (int partial, int part) = Math.DivRem(task, _sizes.TasksPerPartial);
            int first = partial * _sizes.PicturesPerPartial, end = Math.Min(_sizes.Batch, first + _sizes.PicturesPerPartial);
            int firstPanel = part * _sizes.PairsPerTask * 2, endPanel = Math.Min(_sizes.Panels, firstPanel + (_sizes.PairsPerTask * 2));
            nint slice = (nint)_sizes.BandSlice, row = (nint)_sizes.Width * Line, rowStep = (nint)_strideHeight * _input.Length;
            float* input = _scratch + (worker * _sizes.GradientPerThread), dSums = input + _sizes.BandInput;
            float* dWeights = _partials + (partial * _sizes.WeightsLength);
            for (int picture = first; picture < end; picture++)
            {
                for (int y = 0; y < _sizes.Rows; y += _sizes.BandRows)
                {
                    int rows = Math.Min(_sizes.BandRows, _sizes.Rows - y);
                    _input.Copy(picture, y * _strideHeight, _sizes.InputRows(rows), input);
                    for (int panel = firstPanel; panel < endPanel; panel += 2)
                    {
                        int panels = Math.Min(2, endPanel - panel);
                        for (int i = 0; i < panels; i++)
                            _gradient.ReadRows<TSimd, TVec>(dSums + (i * slice), row, picture, (panel + i) * Line, y, y + rows);
                        FirstLayerProduct<TSimd, TVec>.WeightGradient(
                            _sizes, rows, panels, _offsets, input, rowStep, dSums, slice, dWeights + (panel * PanelLayout.Stride(_sizes.Depth)),
                            add: picture > first || y > 0);
                    }
                }
            }
        }
    }

    // One task: one panel of the gradient, its partial sums added up in order, then laid out as the weights are.
    private readonly struct AddJob(FirstLayerSizes sizes, float* partials, float* dWeights) : IVectorJob
    {
        private readonly FirstLayerSizes _sizes = sizes;
        private readonly float* _partials = partials;
        private readonly float* _dWeights = dWeights;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int depth = _sizes.Depth, inside = Math.Min(Line, _sizes.Channels - (task * Line));
            float* source = _partials + (task * PanelLayout.Stride(depth)), target = _dWeights + ((nint)task * Line * depth);
            float* sums = stackalloc float[Line];
            for (int k = 0; k < depth; k++, source += Line, target++)
            {
                for (int lane = 0; lane < Line; lane += TSimd.Width)
                {
                    TVec sum = TSimd.Load(source + lane);
                    for (int partial = 1; partial < _sizes.Partials; partial++)
                        sum = TSimd.Add(sum, TSimd.Load(source + (partial * (nint)_sizes.WeightsLength) + lane));
                    TSimd.Store(sum, sums + lane);
                }
                for (int o = 0; o < inside; o++)
                    target[(nint)o * depth] = sums[o];
            }
        }
    }
}
