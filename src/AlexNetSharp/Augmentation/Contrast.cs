namespace AlexNetSharp.Augmentation;

/// <summary>Distances from the mean grey of the picture times a factor, cut off at 0 and 1.</summary>
/// <param name="MinimalFactor">The least, above 0.</param>
/// <param name="MaximalFactor">The largest, at most 10.</param>
/// <param name="Probability">0 to 1.</param>
public sealed record Contrast(float MinimalFactor = 0.6f, float MaximalFactor = 1.4f, float Probability = 1)
{
    /// <summary>Throws unless this makes sense.</summary>
    /// <exception cref="ArgumentException">Names the value and what it must be.</exception>
    internal void Validate()
    {
        Limits.Share(Probability, "contrast's probability");
        Limits.Range(MinimalFactor, MaximalFactor, 0, 10, "contrast's factor");
    }
}
