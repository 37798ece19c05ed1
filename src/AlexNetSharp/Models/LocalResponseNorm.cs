using System.Text.Json.Serialization;
using AlexNetSharp.Kernels.Normalization;

namespace AlexNetSharp.Models;

/// <summary>Local response normalisation across channels (Krizhevsky et al. 2012, §3.3).</summary>
public sealed record LocalResponseNorm : ElementwiseLayer
{
    /// <summary>Channels on either side that count.</summary>
    public required int Radius { get; init; }

    /// <summary>Added to the sum of squares; k in the paper.</summary>
    [JsonRequired]
    public float Bias { get; init; } = 1;

    /// <summary>Weight of the sum of squares, <b>not</b> divided by the window (TensorFlow's and the paper's convention; PyTorch, Caffe and ONNX divide).</summary>
    public required float Alpha { get; init; }

    /// <summary>The exponent.</summary>
    [JsonRequired]
    public float Beta { get; init; } = 0.75f;

    /// <inheritdoc/>
    public override string Kind => "LRN";

    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input)
    {
        Geometry(input);
        return input;
    }

    /// <summary>The kernel's constants.</summary>
    internal LrnGeometry Geometry(FeatureShape input)
    {
        LrnGeometry geometry = new(input.Channels, Radius, Bias, Alpha, Beta);
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
