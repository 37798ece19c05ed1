using System.Collections.Immutable;

namespace AlexNetSharp.Models;

/// <summary>A fully connected layer with bias.</summary>
public sealed record Dense : ParametricLayer
{
    /// <summary>Outputs.</summary>
    public required int Units { get; init; }

    /// <inheritdoc/>
    public override string Kind => "Dense";

    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input)
    {
        ValidateBias();
        if (Units < 1)
            throw Invalid($"units {Units}; at least 1 is needed.");
        return input.IsVector ? new FeatureShape(1, 1, Units) : throw Invalid($"input {input} (NHWC) is a picture; put a flatten layer before it.");
    }

    /// <inheritdoc/>
    public override ImmutableArray<ParameterSpec> Parameters(FeatureShape input) =>
    [
        new($"{Name}.weight", ParameterRole.Weight, [input.Channels, Units], input.Channels, Units),
        new($"{Name}.bias", ParameterRole.Bias, [Units], input.Channels, Units),
    ];

    /// <inheritdoc/>
    public override long MultiplyAccumulates(FeatureShape input) => (long)input.Channels * Units;
}
