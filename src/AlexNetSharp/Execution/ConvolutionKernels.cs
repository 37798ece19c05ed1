using System.Collections.Immutable;
using AlexNetSharp.Kernels.Convolution;

namespace AlexNetSharp.Execution;

/// <summary>The one table that chooses how a convolution is computed.</summary>
/// <remarks>
/// The first row that suits a layer takes it. The environment variable <c>ALEXNET_CONVOLUTION</c> names a row to be tried before all others,
/// for measurements; layers that it cannot compute still go by the table. <c>alexnet bench --layers</c> shows each layer's row.
/// </remarks>
internal static class ConvolutionKernels
{
    /// <summary>The name of the environment variable that prefers a row.</summary>
    public const string Variable = "ALEXNET_CONVOLUTION";

    // Winograd's transforms work on 16 channels at a time: with fewer, most of their work would be on padding.
    private const int FewChannels = 16;

    private static readonly ImmutableArray<ConvolutionKernelRow> Table =
    [
        new()
        {
            Name = "first-layer",
            Reason = "so few input channels that a patch's values are best read one by one where they stand, and no gradient of the pictures is wanted",
            Can = (stage, isFirst) => isFirst && FirstLayerConvolution.Supports(stage),
            TakesPooling = true,
            Create = (context, shape, time, reason) => new FirstLayerOperation(context, shape, time) { Name = shape.Name, OutputLength = shape.Output.Length, Reason = reason },
        },
        new()
        {
            Name = "winograd",
            Reason = "square 3x3 or 5x5 filters at stride 1: 2.8 to 4 times fewer products than the direct sum, and the transforms cost less than that saves",
            Can = (stage, _) => WinogradConvolution.Supports(stage.Convolution),
            Pays = stage => stage.Convolution is { InputChannels: >= FewChannels, OutputChannels: >= FewChannels },
            TakesPooling = true,
            Create = (context, shape, time, reason) => new WinogradOperation(context, shape, time) { Name = shape.Name, OutputLength = shape.Output.Length, Reason = reason },
        },
        new()
        {
            Name = "implicit-gemm",
            Reason = "any filter, stride, dilation and groups: patches are packed for the cache as the product goes",
            Can = (_, _) => true,
            TakesPooling = false,
            Create = (context, shape, time, reason) => new ImplicitGemmOperation(context, shape, time) { Name = shape.Name, OutputLength = shape.Output.Length, Reason = reason },
        },
    ];

    /// <summary>The row for a stage.</summary>
    /// <param name="stage">The sizes.</param>
    /// <param name="isFirst">Whether it is the network's first operation, whose input's gradient nobody asks for.</param>
    /// <exception cref="InvalidOperationException"><c>ALEXNET_CONVOLUTION</c> names no row; the message lists them.</exception>
    public static ConvolutionKernelRow Choose(in ConvolutionStage stage, bool isFirst)
    {
        string? forced = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(forced))
        {
            ConvolutionKernelRow row = Table.FirstOrDefault(row => row.Name == forced) ?? throw new InvalidOperationException(
                $"{Variable} is '{forced}'; expected one of {string.Join(", ", Table.Select(row => row.Name))}, or leave it unset for the fastest.");
            if (row.Can(stage, isFirst))
                return row;
        }
        foreach (ConvolutionKernelRow row in Table)
        {
            if (row.Can(stage, isFirst) && row.Pays(stage))
                return row;
        }
        throw new InvalidOperationException("The table's last row takes every convolution.");
    }
}
