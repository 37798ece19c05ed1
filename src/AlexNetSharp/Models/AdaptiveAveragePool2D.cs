using AlexNetSharp.Kernels.Pooling;

namespace AlexNetSharp.Models;

/// <summary>2-D average pooling to a given size, whatever the input's: what follows sees the same shape for pictures of any size.</summary>
/// <remarks>
/// The windows are those of PyTorch's <c>AdaptiveAvgPool2d</c>: output i averages the inputs from floor(i · input / output) to before
/// ceil((i + 1) · input / output). Where the input already has that size nothing is computed.
/// </remarks>
public sealed record AdaptiveAveragePool2D : Layer
{
    /// <summary>Rows of the output.</summary>
    public required int OutputHeight { get; init; }

    /// <summary>Columns of the output.</summary>
    public required int OutputWidth { get; init; }

    /// <inheritdoc/>
    public override string Kind => "Average pooling";

    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input) => OutputHeight >= 1 && OutputWidth >= 1
        ? new FeatureShape(OutputHeight, OutputWidth, input.Channels)
        : throw Invalid($"output {OutputHeight}x{OutputWidth}; each side must be at least 1.");

    /// <summary>The kernel's geometry for a batch of this input.</summary>
    internal AdaptivePoolGeometry Geometry(FeatureShape input, int batch) => new()
    {
        Batch = batch,
        InputHeight = input.Height,
        InputWidth = input.Width,
        Channels = input.Channels,
        OutputHeight = OutputHeight,
        OutputWidth = OutputWidth,
    };
}
