using System.Text.Json.Serialization;
using AlexNetSharp.Kernels.Pooling;

namespace AlexNetSharp.Models;

/// <summary>2-D max pooling; padding never wins.</summary>
public sealed record MaxPool2D : Layer
{
    /// <summary>Rows and columns of a window.</summary>
    public required Size2D Window { get; init; }

    /// <summary>Input positions from one window to the next.</summary>
    public required Size2D Stride { get; init; }

    /// <summary>The rim.</summary>
    [JsonRequired]
    public Padding Padding { get; init; } = Padding.Valid;

    /// <summary>Whether a last window may reach beyond the padded input, if it begins before the padding after it. In JSON it may be left out for false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CeilMode { get; init; }

    /// <inheritdoc/>
    public override string Kind => "Max pooling";

    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input)
    {
        PoolGeometry geometry = Geometry(input, 1);
        return new FeatureShape(geometry.OutputHeight, geometry.OutputWidth, input.Channels);
    }

    /// <summary>The kernel's geometry for a batch of this input.</summary>
    internal PoolGeometry Geometry(FeatureShape input, int batch)
    {
        if (!Window.IsPositive || !Stride.IsPositive)
            throw Invalid($"window {Window}, stride {Stride}; each must be at least 1.");
        PoolGeometry geometry = PoolSizes.Geometry(input, batch, Window, Stride, Padding, CeilMode);
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
