using System.Text.Json.Serialization;

namespace AlexNetSharp.Models;

/// <summary>y = x where x is positive, else slope · x (Maas, Hannun and Ng 2013).</summary>
public sealed record LeakyRelu : ElementwiseLayer
{
    /// <summary>What negative values are multiplied by.</summary>
    [JsonRequired]
    public float Slope { get; init; } = 0.01f;

    /// <inheritdoc/>
    public override string Kind => "Leaky ReLU";

    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input) =>
        float.IsFinite(Slope) ? input : throw Invalid($"slope {Slope}; it must be a finite number.");
}
