using System.Text.Json.Serialization;
using AlexNetSharp.Kernels.Pooling;

namespace AlexNetSharp.Models;

/// <summary>2-D max pooling; padding never wins.</summary>
public sealed record MaxPool2D : Layer
{
    /// <summary>Rows and columns of a window.</summary>
    public required int Window { get; init; }

    /// <summary>Input positions from one window to the next.</summary>
    public required int Stride { get; init; }

    /// <summary>The rim.</summary>
    [JsonRequired]
    public Padding Padding { get; init; } = Padding.Valid;

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
        if (Window < 1 || Stride < 1)
            throw Invalid($"window {Window}, stride {Stride}; each must be at least 1.");
        (int top, int left, int bottom, int right) = Padding.Resolve(input.Height, input.Width, Window, Window, Stride);
        PoolGeometry geometry = new()
        {
            Batch = batch,
            InputHeight = input.Height,
            InputWidth = input.Width,
            Channels = input.Channels,
            WindowHeight = Window,
            WindowWidth = Window,
            StrideHeight = Stride,
            StrideWidth = Stride,
            PadTop = top,
            PadLeft = left,
            PadBottom = bottom,
            PadRight = right,
        };
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
