namespace AlexNetSharp.Augmentation;

/// <summary>Pictures and labels blended, λ ~ Beta(α, α) (Zhang et al. 2018).</summary>
/// <param name="Alpha">Above 0, at most 100; small ones leave one of the two nearly alone.</param>
public sealed record Mixup(float Alpha = 0.2f)
{
    /// <summary>Throws unless this makes sense.</summary>
    /// <exception cref="ArgumentException">Names the value and what it must be.</exception>
    internal void Validate() => Limits.Range(Alpha, Alpha, 0, 100, "mixup's alpha");
}
