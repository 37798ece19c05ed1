namespace AlexNetSharp.Models;

/// <summary>Turns a picture's values into a plain list, in H, W, C order.</summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override string Kind => "Flatten";

    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input) => new(1, 1, input.Length);
}
