namespace AlexNetSharp.Models;

/// <summary>Inverted dropout: in training each value survives with probability <see cref="Keep"/>, scaled by 1 / Keep; in inference nothing happens.</summary>
public sealed record Dropout : ElementwiseLayer
{
    /// <summary>The probability that a value survives, above 0 and at most 1 (PyTorch's p is 1 − Keep).</summary>
    public required float Keep { get; init; }

    /// <inheritdoc/>
    public override string Kind => "Dropout";

    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input) => Keep is > 0 and <= 1
        ? input
        : throw Invalid($"keep probability {Keep}; it must lie above 0 and be at most 1.");
}
