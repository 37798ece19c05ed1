using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>2-D convolution (cross-correlation, as every network library has it) of any kernel, stride, padding, dilation and groups.</summary>
/// <remarks>
/// y[n,oy,ox,o] = bias[o] + Σ w[o,ky,kx,i] · x[n, oy·stride − padTop + ky·dilation, ox·stride − padLeft + kx·dilation, i], i over the group's
/// input channels. All three passes are implicit matrix products: <see cref="TapGather"/> packs the picture as they go.
/// </remarks>
public static unsafe class SpatialConvolution
{
    /// <summary>Floats of scratch that every pass needs.</summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="threadCount">The team's threads.</param>
    /// <exception cref="ArgumentException">The geometry is invalid or too large.</exception>
    public static int ScratchLength(in ConvolutionGeometry geometry, int threadCount)
    {
        geometry.Validate();
        int forward = ForwardSizes(geometry).ScratchLength(threadCount);
        int weights = WeightSizes(geometry).ScratchLength(threadCount);
        int data = 0;
        for (int py = 0; py < Math.Min(geometry.StrideHeight, geometry.InputHeight); py++)
        {
            for (int px = 0; px < Math.Min(geometry.StrideWidth, geometry.InputWidth); px++)
            {
                GradientPhase phase = new(geometry, py, px);
                if (phase.Positions > 0)
                    data = Math.Max(data, phase.Sizes.ScratchLength(threadCount));
            }
        }
        return Math.Max(forward, Math.Max(weights, data));
    }

    /// <summary>output = activation(convolution(input, weights) + bias).</summary>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="weights">[O, kernel height, kernel width, C / groups].</param>
    /// <param name="bias">[O]; empty for none.</param>
    /// <param name="output">[N, output height, output width, O], overwritten; apart from the input.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="activation">Applied to the finished sums.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or the geometry is invalid.</exception>
    public static void Forward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> output,
        in ConvolutionGeometry geometry, ActivationKind activation, Span<float> scratch, ThreadTeam team)
    {
        CheckLengths(input, weights, output, geometry);
        if (!bias.IsEmpty)
            Check.Length(bias, geometry.OutputChannels, nameof(bias));
        BlockSizes sizes = ForwardSizes(geometry);
        Check.AtLeast(scratch, sizes.ScratchLength(team.ThreadCount), nameof(scratch));
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        int* offsets = stackalloc int[2 * taps];
        int filters = geometry.OutputChannels / geometry.Groups;
        fixed (float* x = input, w = weights, b = bias, y = output, s = scratch)
        {
            for (int group = 0; group < geometry.Groups; group++)
            {
                TapGather patches = InputPatches(geometry, x, group, offsets);
                ColumnMajorRight filterMatrix = new(w + ((nint)group * filters * sizes.K), sizes.K);
                RowMajorResult result = new(y + (group * filters), geometry.OutputChannels);
                BlockedProduct.Run<RowOrder, TapGather, ColumnMajorRight, RowMajorResult>(
                    sizes, patches, filterMatrix, result, new Epilogue(b == null ? null : b + (group * filters), activation), s, team);
            }
        }
    }

    /// <summary>dInput = ∂L/∂input from ∂L/∂output.</summary>
    /// <param name="dOutput">[N, output height, output width, O], before the activation.</param>
    /// <param name="weights">[O, kernel height, kernel width, C / groups].</param>
    /// <param name="dInput">[N, H, W, C], overwritten.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or the geometry is invalid.</exception>
    public static void DataGradient(
        ReadOnlySpan<float> dOutput, ReadOnlySpan<float> weights, Span<float> dInput, in ConvolutionGeometry geometry, Span<float> scratch, ThreadTeam team)
    {
        CheckLengths(dInput, weights, dOutput, geometry);
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        int* tables = stackalloc int[3 * taps];
        fixed (float* dy = dOutput, w = weights, dx = dInput, s = scratch)
        {
            for (int py = 0; py < Math.Min(geometry.StrideHeight, geometry.InputHeight); py++)
            {
                for (int px = 0; px < Math.Min(geometry.StrideWidth, geometry.InputWidth); px++)
                {
                    GradientPhase phase = new(geometry, py, px);
                    if (phase.Positions == 0)
                        continue;
                    Check.AtLeast(scratch, phase.Sizes.ScratchLength(team.ThreadCount), nameof(scratch));
                    for (int group = 0; group < geometry.Groups; group++)
                        phase.Run(geometry, dy, w, dx, group, tables, s, team);
                }
            }
        }
    }

    /// <summary>dWeights = ∂L/∂weights from the input and ∂L/∂output.</summary>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="dOutput">[N, output height, output width, O], before the activation.</param>
    /// <param name="dWeights">[O, kernel height, kernel width, C / groups], overwritten.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or the geometry is invalid.</exception>
    public static void WeightGradient(
        ReadOnlySpan<float> input, ReadOnlySpan<float> dOutput, Span<float> dWeights, in ConvolutionGeometry geometry, Span<float> scratch, ThreadTeam team)
    {
        CheckLengths(input, dWeights, dOutput, geometry);
        BlockSizes sizes = WeightSizes(geometry);
        Check.AtLeast(scratch, sizes.ScratchLength(team.ThreadCount), nameof(scratch));
        int taps = geometry.KernelHeight * geometry.KernelWidth;
        int* offsets = stackalloc int[2 * taps];
        int filters = geometry.OutputChannels / geometry.Groups;
        fixed (float* x = input, dy = dOutput, dw = dWeights, s = scratch)
        {
            for (int group = 0; group < geometry.Groups; group++)
            {
                TapGather patches = InputPatches(geometry, x, group, offsets);
                ColumnMajorLeft gradients = new(dy + (group * filters), geometry.OutputChannels);
                RowMajorResult result = new(dw + ((nint)group * filters * sizes.N), sizes.N);
                BlockedProduct.Run<DepthOrder, ColumnMajorLeft, TapGather, RowMajorResult>(sizes, gradients, patches, result, default, s, team);
            }
        }
    }

    private static BlockSizes ForwardSizes(in ConvolutionGeometry g) => BlockSizes.For(
        Positions(g), g.OutputChannels / g.Groups, g.KernelHeight * g.KernelWidth * (g.InputChannels / g.Groups));

    private static BlockSizes WeightSizes(in ConvolutionGeometry g) => BlockSizes.For(
        g.OutputChannels / g.Groups, g.KernelHeight * g.KernelWidth * (g.InputChannels / g.Groups), Positions(g), splitDepth: true);

    private static int Positions(in ConvolutionGeometry g) => checked(g.Batch * g.OutputHeight * g.OutputWidth);

    private static void CheckLengths(ReadOnlySpan<float> input, ReadOnlySpan<float> weights, ReadOnlySpan<float> output, in ConvolutionGeometry geometry)
    {
        geometry.Validate();
        Check.Length(input, geometry.InputLength, nameof(input));
        Check.Length(weights, geometry.WeightLength, nameof(weights));
        Check.Length(output, geometry.OutputLength, nameof(output));
    }

    private static TapGather InputPatches(in ConvolutionGeometry g, float* input, int group, int* offsets)
    {
        int taps = g.KernelHeight * g.KernelWidth, channels = g.InputChannels / g.Groups;
        for (int t = 0; t < taps; t++)
        {
            offsets[t] = (t / g.KernelWidth * g.DilationHeight) - g.PadTop;
            offsets[taps + t] = (t % g.KernelWidth * g.DilationWidth) - g.PadLeft;
        }
        return new TapGather
        {
            Source = input + (group * channels),
            SourceHeight = g.InputHeight,
            SourceWidth = g.InputWidth,
            PixelStride = g.InputChannels,
            Channels = channels,
            GridHeight = g.OutputHeight,
            GridWidth = g.OutputWidth,
            StrideHeight = g.StrideHeight,
            StrideWidth = g.StrideWidth,
            OffsetY = offsets,
            OffsetX = offsets + taps,
        };
    }
}
