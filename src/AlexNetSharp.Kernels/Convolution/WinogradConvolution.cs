using AlexNetSharp.Kernels.Convolution.Winograd;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Reductions;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>Convolution of 3x3 and 5x5 filters with stride 1 by Winograd's minimal filtering, all three passes, with bias, activation and pooling.</summary>
/// <remarks>
/// <para>
/// Tiles F(4x4, 3x3) and F(3x3, 3x3), mixed so that few outputs are computed in vain, need 2.25 products an output at best where the direct
/// sum needs 9; F(2x2, 5x5) needs 9 where the direct sum needs 25 (Winograd 1980; Lavin and Gray 2016). The backward passes are the exact
/// adjoints of the forward pass, so that one transform of the outputs' gradient serves both, and the transformed input serves twice.
/// </para>
/// <para>
/// Rounding errors are some three times those of the direct sum: about 2e-6 of the largest value for 3x3 filters. A picture's results do not
/// depend on the batch it stands in, and none on the number of threads.
/// </para>
/// </remarks>
public static unsafe class WinogradConvolution
{
    // A slice of 64x64 positions is 256 KB: past that it would leave a core's own caches.
    private const int MaximalPositions = 64 * 64;

    /// <summary>Whether these sizes can be computed here: square 3x3 or 5x5 filters, stride and dilation 1, one group, pictures of at most 64x64.</summary>
    public static bool Supports(in ConvolutionGeometry geometry) =>
        geometry is { KernelHeight: 3, KernelWidth: 3 } or { KernelHeight: 5, KernelWidth: 5 }
        && geometry is { StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1, Groups: 1 }
        && (long)(geometry.InputHeight + geometry.PadTop + geometry.PadBottom) * (geometry.InputWidth + geometry.PadLeft + geometry.PadRight) <= MaximalPositions;

    /// <summary>The tiles that these sizes are cut into, for people: <c>F(4x4+3x3, 3x3)</c>.</summary>
    public static string Tiles(in ConvolutionGeometry geometry)
    {
        WinogradLayout layout = Layout(geometry);
        if (geometry.KernelHeight == 5)
            return "F(2x2, 5x5)";
        int large = layout.Rows.LargeTiles + layout.Columns.LargeTiles, small = layout.Rows.SmallTiles + layout.Columns.SmallTiles;
        return large == 0 ? "F(3x3, 3x3)" : small == 0 ? "F(4x4, 3x3)" : "F(4x4+3x3, 3x3)";
    }

    /// <summary>Floats of the transformed filters.</summary>
    public static long FilterLength(in ConvolutionGeometry geometry) => (long)new WinogradLayout(geometry).FilterPointStride * WinogradLayout.Points;

    /// <summary>Floats of the transformed filters of the data gradient.</summary>
    public static long TransposedFilterLength(in ConvolutionGeometry geometry) => (long)new WinogradLayout(geometry).TransposedPointStride * WinogradLayout.Points;

    /// <summary>Floats of the transformed input.</summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="isKept">Whether a backward pass will read it; if not, part of it is enough at a time.</param>
    public static long TransformedInputLength(in ConvolutionGeometry geometry, bool isKept)
    {
        WinogradLayout layout = new(geometry);
        return layout.ChunkLength(layout.InputPanels) * (isKept ? layout.Chunks : layout.ChunksPerGroup(layout.InputPanels));
    }

    /// <summary>Floats of scratch that <see cref="Forward"/> needs, beside the transformed input.</summary>
    public static long ForwardScratchLength(in ConvolutionGeometry geometry, int threadCount)
    {
        WinogradLayout layout = new(geometry);
        return threadCount * (SliceLength(geometry, layout) + layout.ChunkLength(layout.OutputPanelsPerTask));
    }

    /// <summary>Floats of scratch that <see cref="Backward"/> needs.</summary>
    public static long BackwardScratchLength(in ConvolutionGeometry geometry, int threadCount)
    {
        WinogradLayout layout = new(geometry);
        return BackwardScratch.For(geometry, layout, threadCount).Length;
    }

    /// <summary>Transforms the filters; to be called again when the weights have changed.</summary>
    /// <param name="weights">[O, kernel height, kernel width, C].</param>
    /// <param name="filters">Out: <see cref="FilterLength"/> floats, for <see cref="Forward"/>.</param>
    /// <param name="transposed">Out: <see cref="TransposedFilterLength"/> floats, for <see cref="Backward"/>; empty in inference.</param>
    /// <param name="geometry">The sizes; the batch does not matter.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or the geometry is not supported.</exception>
    public static void TransformFilters(ReadOnlySpan<float> weights, Span<float> filters, Span<float> transposed, in ConvolutionGeometry geometry, ThreadTeam team)
    {
        WinogradLayout layout = Layout(geometry);
        Check.Length(weights, geometry.WeightLength, nameof(weights));
        Check.Length((ReadOnlySpan<float>)filters, FilterLength(geometry), nameof(filters));
        if (!transposed.IsEmpty)
            Check.Length((ReadOnlySpan<float>)transposed, TransposedFilterLength(geometry), nameof(transposed));
        fixed (float* w = weights, u = filters, t = transposed)
        {
            if (geometry.KernelHeight == 3)
                VectorJob.Run(team, layout.OutputPanels, new FilterJob<Filter3>(geometry, layout, w, u, t));
            else
                VectorJob.Run(team, layout.OutputPanels, new FilterJob<Filter5>(geometry, layout, w, u, t));
        }
    }

    /// <summary>output = pooling(activation(convolution(input, filters) + bias)).</summary>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="filters">What <see cref="TransformFilters"/> wrote.</param>
    /// <param name="bias">[O]; empty for none.</param>
    /// <param name="output">The stage's output, overwritten; apart from the input.</param>
    /// <param name="winners">The same shape, the pooling's winners, kept for <see cref="Backward"/>; empty in inference or without pooling.</param>
    /// <param name="transformedInput">Out: at least <see cref="TransformedInputLength"/> floats; as many as a kept one has if <see cref="Backward"/> follows.</param>
    /// <param name="stage">The sizes, the activation and the pooling.</param>
    /// <param name="scratch">At least <see cref="ForwardScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or the geometry is not supported.</exception>
    public static void Forward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> filters, ReadOnlySpan<float> bias, Span<float> output, Span<byte> winners,
        Span<float> transformedInput, in ConvolutionStage stage, Span<float> scratch, ThreadTeam team)
    {
        stage.Validate();
        ConvolutionGeometry geometry = stage.Convolution;
        WinogradLayout layout = Layout(geometry);
        Check.Length(input, geometry.InputLength, nameof(input));
        Check.Length(filters, FilterLength(geometry), nameof(filters));
        if (!bias.IsEmpty)
            Check.Length(bias, geometry.OutputChannels, nameof(bias));
        Check.Length((ReadOnlySpan<float>)output, stage.OutputLength, nameof(output));
        if (!winners.IsEmpty)
            Check.Length((ReadOnlySpan<byte>)winners, stage.OutputLength, nameof(winners));
        Check.AtLeast(transformedInput, TransformedInputLength(geometry, isKept: false), nameof(transformedInput));
        Check.AtLeast(scratch, ForwardScratchLength(geometry, team.ThreadCount), nameof(scratch));
        fixed (float* x = input, u = filters, b = bias, y = output, v = transformedInput, s = scratch)
        fixed (byte* w = winners)
        {
            StageOutput stageOutput = new(stage, b, y, w);
            bool isKept = transformedInput.Length >= TransformedInputLength(geometry, isKept: true);
            if (geometry.KernelHeight == 3)
                Forward<Tile4Filter3, Tile3Filter3>(geometry, layout, x, u, v, isKept, stageOutput, s, team);
            else
                Forward<Tile2Filter5, Tile2Filter5>(geometry, layout, x, u, v, isKept, stageOutput, s, team);
        }
    }

    /// <summary>The gradients of a stage.</summary>
    /// <param name="transformedInput">What <see cref="Forward"/> wrote, kept whole.</param>
    /// <param name="transposedFilters">What <see cref="TransformFilters"/> wrote; not read if <paramref name="dInput"/> is empty.</param>
    /// <param name="output">What <see cref="Forward"/> wrote.</param>
    /// <param name="winners">What <see cref="Forward"/> wrote; empty without pooling.</param>
    /// <param name="dOutput">∂L/∂output, the stage's output's shape.</param>
    /// <param name="dInput">∂L/∂input, [N, H, W, C], overwritten; empty if nobody asks.</param>
    /// <param name="dWeights">∂L/∂weights, [O, kernel height, kernel width, C], overwritten.</param>
    /// <param name="dBias">∂L/∂bias, [O], overwritten.</param>
    /// <param name="stage">As in <see cref="Forward"/>.</param>
    /// <param name="scratch">At least <see cref="BackwardScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or the geometry is not supported.</exception>
    public static void Backward(
        ReadOnlySpan<float> transformedInput, ReadOnlySpan<float> transposedFilters, ReadOnlySpan<float> output, ReadOnlySpan<byte> winners,
        ReadOnlySpan<float> dOutput, Span<float> dInput, Span<float> dWeights, Span<float> dBias, in ConvolutionStage stage, Span<float> scratch, ThreadTeam team)
    {
        stage.Validate();
        ConvolutionGeometry geometry = stage.Convolution;
        WinogradLayout layout = Layout(geometry);
        Check.AtLeast(transformedInput, TransformedInputLength(geometry, isKept: true), nameof(transformedInput));
        Check.Length(output, stage.OutputLength, nameof(output));
        if (stage.Pooling is not null)
            Check.Length(winners, stage.OutputLength, nameof(winners));
        Check.Length(dOutput, stage.OutputLength, nameof(dOutput));
        if (!dInput.IsEmpty)
        {
            Check.Length((ReadOnlySpan<float>)dInput, geometry.InputLength, nameof(dInput));
            Check.Length(transposedFilters, TransposedFilterLength(geometry), nameof(transposedFilters));
        }
        Check.Length((ReadOnlySpan<float>)dWeights, geometry.WeightLength, nameof(dWeights));
        Check.Length((ReadOnlySpan<float>)dBias, geometry.OutputChannels, nameof(dBias));
        BackwardScratch parts = BackwardScratch.For(geometry, layout, team.ThreadCount);
        Check.AtLeast(scratch, parts.Length, nameof(scratch));
        fixed (float* v = transformedInput, u = transposedFilters, y = output, dy = dOutput, dx = dInput, dw = dWeights, s = scratch)
        fixed (byte* w = winners)
        {
            StageGradient stageGradient = new(stage, y, w, dy, s + parts.BiasParts);
            if (geometry.KernelHeight == 3)
                Backward<Tile4Filter3, Tile3Filter3, Filter3>(geometry, layout, v, u, stageGradient, dx, dw, parts, s, team);
            else
                Backward<Tile2Filter5, Tile2Filter5, Filter5>(geometry, layout, v, u, stageGradient, dx, dw, parts, s, team);
        }
        ReadOnlySpan<float> biasParts = scratch.Slice((int)parts.BiasParts, geometry.Batch * geometry.OutputChannels);
        ColumnSums.Compute(biasParts, dBias, scratch[..(int)parts.BiasParts], team);
    }

    private static void Forward<TLarge, TSmall>(
        in ConvolutionGeometry geometry, in WinogradLayout layout, float* input, float* filters, float* transformed, bool isKept,
        in StageOutput output, float* scratch, ThreadTeam team)
        where TLarge : struct, IWinogradTile
        where TSmall : struct, IWinogradTile
    {
        int slice = (int)SliceLength(geometry, layout), perThread = slice + (int)layout.ChunkLength(layout.OutputPanelsPerTask);
        int group = layout.ChunksPerGroup(layout.InputPanels);
        for (int chunk = 0; chunk < layout.Chunks; chunk += group)
        {
            int chunks = Math.Min(group, layout.Chunks - chunk), pictures = Math.Min(chunks * layout.PicturesPerChunk, layout.Batch - (chunk * layout.PicturesPerChunk));
            float* target = transformed + (isKept ? chunk * (nint)layout.ChunkLength(layout.InputPanels) : 0);
            VectorJob.Run(
                team, pictures * InputJob<TLarge, TSmall>.TasksPerPicture(layout),
                new InputJob<TLarge, TSmall>(geometry, layout, chunk, input, target, scratch, perThread));
            VectorJob.Run(
                team, chunks * OutputJob<TLarge, TSmall>.TasksPerChunk(layout),
                new OutputJob<TLarge, TSmall>(layout, chunk, target, filters, output, scratch, perThread, slice));
        }
    }

    private static void Backward<TLarge, TSmall, TFilter>(
        in ConvolutionGeometry geometry, in WinogradLayout layout, float* input, float* filters, in StageGradient stage,
        float* dInput, float* dWeights, in BackwardScratch parts, float* scratch, ThreadTeam team)
        where TLarge : struct, IWinogradTile
        where TSmall : struct, IWinogradTile
        where TFilter : struct, IWinogradFilter
    {
        float* gradient = scratch + parts.TransformedGradient, dFilters = scratch + parts.FilterGradient;
        int group = layout.ChunksPerGroup(layout.OutputPanels);
        for (int chunk = 0; chunk < layout.Chunks; chunk += group)
        {
            int chunks = Math.Min(group, layout.Chunks - chunk), pictures = Math.Min(chunks * layout.PicturesPerChunk, layout.Batch - (chunk * layout.PicturesPerChunk));
            VectorJob.Run(
                team, pictures * OutputGradientJob<TLarge, TSmall>.TasksPerPicture(layout),
                new OutputGradientJob<TLarge, TSmall>(layout, chunk, stage, gradient, scratch, parts.PerThread));
            VectorJob.Run(
                team, PointGradientJob.Tasks(layout),
                new PointGradientJob(layout, chunk, chunks, input + (chunk * (nint)layout.ChunkLength(layout.InputPanels)), gradient, dFilters, accumulate: chunk > 0));
            if (dInput != null)
            {
                VectorJob.Run(
                    team, chunks * InputGradientJob<TLarge, TSmall>.TasksPerChunk(layout),
                    new InputGradientJob<TLarge, TSmall>(geometry, layout, chunk, gradient, filters, dInput, scratch, parts.PerThread, parts.Slice));
            }
        }
        VectorJob.Run(team, geometry.OutputChannels, new FilterGradientJob<TFilter>(geometry, layout, dFilters, dWeights));
    }

    private static WinogradLayout Layout(in ConvolutionGeometry geometry)
    {
        geometry.Validate();
        if (!Supports(geometry))
        {
            throw new ArgumentException(
                $"Winograd: a {geometry.KernelHeight}x{geometry.KernelWidth} filter, stride {geometry.StrideHeight}x{geometry.StrideWidth}, dilation {geometry.DilationHeight}x{geometry.DilationWidth}, "
                + $"{geometry.Groups} groups on {geometry.InputHeight}x{geometry.InputWidth} pictures; 3x3 or 5x5 with stride, dilation and groups 1 on at most {MaximalPositions} padded positions are supported. Use SpatialConvolution.");
        }
        return new WinogradLayout(geometry);
    }

    // The larger of the two slices: inputs, with what tiles reach beyond their outputs.
    private static long SliceLength(in ConvolutionGeometry geometry, in WinogradLayout layout) =>
        (layout.Rows.Extent + geometry.KernelHeight - 1L) * (layout.Columns.Extent + geometry.KernelWidth - 1L) * PanelLayout.Columns;

    /// <summary>Where the parts of the backward pass's scratch begin.</summary>
    private readonly record struct BackwardScratch(int Slice, int PerThread, long TransformedGradient, long FilterGradient, long BiasParts, long Length)
    {
        public static BackwardScratch For(in ConvolutionGeometry geometry, in WinogradLayout layout, int threadCount)
        {
            long slice = SliceLength(geometry, layout), perThread = slice + layout.ChunkLength(layout.InputPanelsPerTask);
            long gradient = perThread * threadCount;
            long dFilters = gradient + (layout.ChunkLength(layout.OutputPanels) * layout.ChunksPerGroup(layout.OutputPanels));
            long bias = dFilters + ((long)layout.TransposedPointStride * WinogradLayout.Points);
            return new BackwardScratch((int)slice, (int)perThread, gradient, dFilters, bias, bias + ((long)geometry.Batch * geometry.OutputChannels));
        }
    }
}
