using System.Collections.Immutable;
using AlexNetSharp.Kernels.Convolution;

namespace AlexNetSharp.Execution;

/// <summary>The one table that chooses how a convolution is computed.</summary>
/// <remarks>
/// The first row that can compute a layer does. The environment variable <c>ALEXNET_CONVOLUTION</c> names a row to be tried before all
/// others, for measurements; layers that it cannot compute still go by the table. <c>alexnet bench --layers</c> shows each layer's row.
/// </remarks>
internal static class ConvolutionKernels
{
    /// <summary>The name of the environment variable that prefers a row.</summary>
    public const string Variable = "ALEXNET_CONVOLUTION";

    private static readonly ImmutableArray<ConvolutionKernelRow> Table =
    [
        new("winograd", "square 3x3 and 5x5 filters with stride 1 on at least 16 channels: 2.8 to 4 times fewer products than the direct sum, and the transforms cost less than that saves",
            stage => WinogradConvolution.Supports(stage.Convolution) && stage.Convolution is { InputChannels: >= 16, OutputChannels: >= 16 },
            stage => WinogradConvolution.Supports(stage.Convolution), TakesPooling: true, (context, shape, time) => new WinogradOperation(context, shape, time)
            {
                Name = NameOf(shape),
                OutputLength = shape.Output.Length,
            }),
        new("implicit-gemm", "any other filter, stride, dilation and groups: patches are packed for the cache as the product goes",
            _ => true, _ => true, TakesPooling: false, (context, shape, time) => new ImplicitGemmOperation(context, shape, time)
            {
                Name = NameOf(shape),
                OutputLength = shape.Output.Length,
            }),
    ];

    /// <summary>The row for a stage.</summary>
    /// <exception cref="InvalidOperationException"><c>ALEXNET_CONVOLUTION</c> names no row; the message lists them.</exception>
    public static ConvolutionKernelRow Choose(in ConvolutionStage stage)
    {
        string? forced = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(forced))
        {
            ConvolutionKernelRow row = Table.FirstOrDefault(row => row.Name == forced) ?? throw new InvalidOperationException(
                $"{Variable} is '{forced}'; expected one of {string.Join(", ", Table.Select(row => row.Name))}, or leave it unset for the fastest.");
            if (row.Can(stage))
                return row;
        }
        foreach (ConvolutionKernelRow row in Table)
        {
            if (row.Should(stage))
                return row;
        }
        throw new InvalidOperationException("The last row of the table takes every convolution.");
    }

    private static string NameOf(StageShape shape)
    {
        string name = shape.Layer.Layer.Name;
        return shape.Pooling is null ? name : $"{name}+{shape.Pooling.Layer.Name}";
    }
}
