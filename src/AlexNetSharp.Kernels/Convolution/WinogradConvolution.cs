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
/// adjoints of the forward pass, so that one transform of the outputs' gradient serves both.
/// </para>
/// <para>
/// Pictures are worked through in groups, so that transformed values stay in the caches between the loop that writes them and the one that
/// reads them. The backward pass transforms the input again: that costs less than fetching 2.25 times as much from memory.
/// </para>
/// <para>
/// Rounding errors are several times those of the direct sum: up to about 1e-5 of the largest value, in weight gradients of 5x5 filters up to
/// some 1e-4. A picture's results do not
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
        && Fits((long)geometry.InputHeight + geometry.PadTop + geometry.PadBottom, (long)geometry.InputWidth + geometry.PadLeft + geometry.PadRight);

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
    /// <exception cref="ArgumentException">The geometry is not supported.</exception>
    public static long FilterLength(in ConvolutionGeometry geometry) => (long)Layout(geometry).FilterPointStride * WinogradLayout.Points;

    /// <summary>Floats of the transformed filters of the data gradient.</summary>
    /// <exception cref="ArgumentException">The geometry is not supported.</exception>
    public static long TransposedFilterLength(in ConvolutionGeometry geometry) => (long)Layout(geometry).TransposedPointStride * WinogradLayout.Points;

    /// <summary>Floats of scratch that <see cref="Forward"/> needs.</summary>
    /// <exception cref="ArgumentException">The geometry is not supported.</exception>
    public static long ForwardScratchLength(in ConvolutionGeometry geometry, int threadCount)
    {
        WinogradLayout layout = Layout(geometry);
        return ForwardScratch.For(geometry, layout, threadCount).Length;
    }

    /// <summary>Floats of scratch that <see cref="Backward"/> needs.</summary>
    /// <exception cref="ArgumentException">The geometry is not supported.</exception>
    public static long BackwardScratchLength(in ConvolutionGeometry geometry, int threadCount)
    {
        WinogradLayout layout = Layout(geometry);
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
    /// <param name="stage">The sizes, the activation and the pooling.</param>
    /// <param name="scratch">At least <see cref="ForwardScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or the geometry is not supported.</exception>
    public static void Forward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> filters, ReadOnlySpan<float> bias, Span<float> output, Span<byte> winners,
        in ConvolutionStage stage, Span<float> scratch, ThreadTeam team)
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
            Check.Length((ReadOnlySpan<byte>)winners, stage.Pooling is null ? 0 : stage.OutputLength, nameof(winners));
        ForwardScratch parts = ForwardScratch.For(geometry, layout, team.ThreadCount);
        Check.AtLeast(scratch, parts.Length, nameof(scratch));
        fixed (float* x = input, u = filters, b = bias, y = output, s = scratch)
        fixed (byte* w = winners)
        {
            StageOutput stageOutput = new(stage, b, y, w);
            if (geometry.KernelHeight == 3)
                Forward<Tile4Filter3, Tile3Filter3>(geometry, layout, x, u, stageOutput, parts, s, team);
            else
                Forward<Tile2Filter5, Tile2Filter5>(geometry, layout, x, u, stageOutput, parts, s, team);
        }
    }

    /// <summary>The gradients of a stage.</summary>
    /// <param name="input">[N, H, W, C].</param>
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
        ReadOnlySpan<float> input, ReadOnlySpan<float> transposedFilters, ReadOnlySpan<float> output, ReadOnlySpan<byte> winners,
        ReadOnlySpan<float> dOutput, Span<float> dInput, Span<float> dWeights, Span<float> dBias, in ConvolutionStage stage, Span<float> scratch, ThreadTeam team)
    {
        stage.Validate();
        ConvolutionGeometry geometry = stage.Convolution;
        WinogradLayout layout = Layout(geometry);
        Check.Length(input, geometry.InputLength, nameof(input));
        Check.Length(output, stage.OutputLength, nameof(output));
        Check.Length(winners, stage.Pooling is null ? 0 : stage.OutputLength, nameof(winners));
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
        fixed (float* x = input, u = transposedFilters, y = output, dy = dOutput, dx = dInput, dw = dWeights, s = scratch)
        fixed (byte* w = winners)
        {
            StageGradient stageGradient = new(stage, y, w, dy, s + parts.BiasParts);
            if (geometry.KernelHeight == 3)
                Backward<Tile4Filter3, Tile3Filter3, Filter3>(geometry, layout, x, u, stageGradient, dx, dw, parts, s, team);
            else
                Backward<Tile2Filter5, Tile2Filter5, Filter5>(geometry, layout, x, u, stageGradient, dx, dw, parts, s, team);
        }
        ReadOnlySpan<float> biasParts = scratch.Slice((int)parts.BiasParts, geometry.Batch * geometry.OutputChannels);
        ColumnSums.Compute(biasParts, dBias, scratch[..(int)parts.BiasParts], team);
    }

    private static void Forward<TLarge, TSmall>(
        in ConvolutionGeometry geometry, in WinogradLayout layout, float* input, float* filters, in StageOutput output, in ForwardScratch parts, float* scratch, ThreadTeam team)
        where TLarge : struct, IWinogradTile
        where TSmall : struct, IWinogradTile
    {
        float* transformed = scratch + parts.TransformedInput;
        for (int chunk = 0; chunk < layout.Chunks; chunk += parts.ChunksPerGroup)
        {
            int chunks = Math.Min(parts.ChunksPerGroup, layout.Chunks - chunk);
            VectorJob.Run(
                team, layout.PicturesFrom(chunk, chunks) * InputJob<TLarge, TSmall>.TasksPerPicture(layout),
                new InputJob<TLarge, TSmall>(geometry, layout, chunk, input, transformed, scratch, parts.PerThread));
            VectorJob.Run(
                team, chunks * OutputJob<TLarge, TSmall>.TasksPerChunk(layout),
                new OutputJob<TLarge, TSmall>(layout, chunk, transformed, filters, output, scratch, parts.PerThread, parts.Slice));
        }
    }

    private static void Backward<TLarge, TSmall, TFilter>(
        in ConvolutionGeometry geometry, in WinogradLayout layout, float* input, float* filters, in StageGradient stage,
        float* dInput, float* dWeights, in BackwardScratch parts, float* scratch, ThreadTeam team)
        where TLarge : struct, IWinogradTile
        where TSmall : struct, IWinogradTile
        where TFilter : struct, IWinogradFilter
    {
        float* transformed = scratch + parts.TransformedInput, gradient = scratch + parts.TransformedGradient, dFilters = scratch + parts.FilterGradient;
        for (int chunk = 0; chunk < layout.Chunks; chunk += parts.ChunksPerGroup)
        {
            int chunks = Math.Min(parts.ChunksPerGroup, layout.Chunks - chunk), pictures = layout.PicturesFrom(chunk, chunks);
            VectorJob.Run(
                team, pictures * InputJob<TLarge, TSmall>.TasksPerPicture(layout),
                new InputJob<TLarge, TSmall>(geometry, layout, chunk, input, transformed, scratch, parts.PerThread));
            VectorJob.Run(
                team, pictures * OutputGradientJob<TLarge, TSmall>.TasksPerPicture(layout),
                new OutputGradientJob<TLarge, TSmall>(layout, chunk, stage, gradient, scratch, parts.PerThread));
            VectorJob.Run(
                team, PointGradientJob.Tasks(layout), new PointGradientJob(layout, chunk, chunks, transformed, gradient, dFilters, accumulate: chunk > 0));
            if (dInput != null)
            {
                VectorJob.Run(
                    team, chunks * InputGradientJob<TLarge, TSmall>.TasksPerChunk(layout),
                    new InputGradientJob<TLarge, TSmall>(geometry, layout, chunk, gradient, filters, dInput, scratch, parts.PerThread, parts.Slice));
            }
        }
        VectorJob.Run(team, geometry.OutputChannels, new FilterGradientJob<TFilter>(geometry, layout, dFilters, dWeights));
    }

    // Neither sum nor product wraps around: each side is compared by itself first.
    private static bool Fits(long height, long width) => height <= MaximalPositions && width <= MaximalPositions && height * width <= MaximalPositions;

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

    /// <summary>Where the parts of the forward pass's scratch begin; before them lie the threads' own.</summary>
    private readonly record struct ForwardScratch(int Slice, int PerThread, int ChunksPerGroup, long TransformedInput, long Length)
    {
        public static ForwardScratch For(in ConvolutionGeometry geometry, in WinogradLayout layout, int threadCount)
        {
            long slice = SliceLength(geometry, layout), perThread = slice + layout.ChunkLength(layout.OutputPanelsPerTask), transformed = perThread * threadCount;
            int group = layout.ChunksPerGroup(layout.InputPanels);
            return new ForwardScratch((int)slice, (int)perThread, group, transformed, transformed + (layout.ChunkLength(layout.InputPanels) * group));
        }
    }

    /// <summary>Where the parts of the backward pass's scratch begin; before them lie the threads' own.</summary>
    private readonly record struct BackwardScratch(
        int Slice, int PerThread, int ChunksPerGroup, long TransformedInput, long TransformedGradient, long FilterGradient, long BiasParts, long Length)
    {
        public static BackwardScratch For(in ConvolutionGeometry geometry, in WinogradLayout layout, int threadCount)
        {
            long slice = SliceLength(geometry, layout), perThread = slice + layout.ChunkLength(layout.InputPanelsPerTask);
            int group = layout.ChunksPerGroup(layout.InputPanels + layout.OutputPanels);
            long input = perThread * threadCount, gradient = input + (layout.ChunkLength(layout.InputPanels) * group);
            long dFilters = gradient + (layout.ChunkLength(layout.OutputPanels) * group);
            long bias = dFilters + ((long)layout.TransposedPointStride * WinogradLayout.Points);
            return new BackwardScratch((int)slice, (int)perThread, group, input, gradient, dFilters, bias, bias + ((long)geometry.Batch * geometry.OutputChannels));
        }
    }
}
