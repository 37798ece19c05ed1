using System.Text.Json.Serialization;
using AlexNetSharp.Kernels.Pooling;

namespace AlexNetSharp.Models;

/// <summary>2-D average pooling over windows of one size.</summary>
public sealed record AveragePool2D : Layer
{
    /// <summary>Rows and columns of a window.</summary>
    public required Size2D Window { get; init; }

    /// <summary>Input positions from one window to the next.</summary>
    public required Size2D Stride { get; init; }

    /// <summary>The rim.</summary>
    [JsonRequired]
    public Padding Padding { get; init; } = Padding.Valid;

    /// <summary>Whether padding counts as zeros; without, a window at the rim averages the input's positions alone. ONNX and PyTorch call it <c>count_include_pad</c>.</summary>
    [JsonRequired]
    public bool CountsPadding { get; init; }

    /// <summary>Whether a last window may reach beyond the padded input, which never counts there, if it begins before the padding after it. In JSON it may be left out for false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CeilMode { get; init; }

    /// <inheritdoc/>
    public override string Kind => "Average pooling";

    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input)
    {
        PoolGeometry windows = Geometry(input, 1).Windows;
        return new FeatureShape(windows.OutputHeight, windows.OutputWidth, input.Channels);
    }

    /// <summary>The kernel's geometry for a batch of this input.</summary>
    internal AveragePoolGeometry Geometry(FeatureShape input, int batch)
    {
        if (!Window.IsPositive || !Stride.IsPositive)
            throw Invalid($"window {Window}, stride {Stride}; each must be at least 1.");
        AveragePoolGeometry geometry = new(PoolSizes.Geometry(input, batch, Window, Stride, Padding, CeilMode), CountsPadding);
        try
        {
            geometry.Validate();
        }
        catch (ArgumentException e)
        {
            throw Invalid($"input {input} (NHWC). {e.Message}", e);
        }
        return geometry;
    }
}
