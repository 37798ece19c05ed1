namespace AlexNetSharp.Augmentation;

/// <summary>A rectangle of 1 − λ of the area exchanged, λ ~ Beta(α, α), and labels weighed by the area that is there (Yun et al. 2019).</summary>
/// <param name="Alpha">Above 0, at most 100; 1 draws all areas evenly.</param>
public sealed record CutMix(float Alpha = 1)
{
    /// <summary>Throws unless this makes sense.</summary>
    /// <exception cref="ArgumentException">Names the value and what it must be.</exception>
    internal void Validate() => Limits.Range(Alpha, Alpha, 0, 100, "cut-mix's alpha");
}
