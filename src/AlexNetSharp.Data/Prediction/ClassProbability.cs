namespace AlexNetSharp;

/// <summary>How likely a picture shows one class.</summary>
/// <param name="Label">The class's name.</param>
/// <param name="Index">Its place among the model's classes.</param>
/// <param name="Probability">0 to 1.</param>
public readonly record struct ClassProbability(string Label, int Index, float Probability)
{
    /// <summary>For people: <c>7 (99.87 %)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Label} ({Probability:P2})");
}
