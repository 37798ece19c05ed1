namespace AlexNetSharp.Models;

/// <summary>y = min(max(x, minimum), maximum); from 0 to 6 it is ReLU6.</summary>
public sealed record Clip : ElementwiseLayer
{
    /// <summary>The lower bound.</summary>
    public required float Minimum { get; init; }

    /// <summary>The upper bound, above the lower.</summary>
    public required float Maximum { get; init; }

    /// <inheritdoc/>
    public override string Kind => "Clip";

    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input) => float.IsFinite(Minimum) && float.IsFinite(Maximum) && Minimum < Maximum
        ? input
        : throw Invalid($"from {Minimum} to {Maximum}; both must be finite numbers, the minimum below the maximum.");
}
