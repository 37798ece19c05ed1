namespace AlexNetSharp.Augmentation;

/// <summary>The same colour added to all pixels of a picture: Σ α·λ·p over the principal colours p, α ~ N(0, deviation) (Krizhevsky et al. 2012, §4.1).</summary>
/// <param name="Deviation">Of α, 0 to 10; the paper's is 0.1.</param>
/// <param name="Colors">The principal colours; null for ImageNet's.</param>
public sealed record ColorNoise(float Deviation = 0.1f, PrincipalColors? Colors = null)
{
    /// <summary>The principal colours, in units of 255.</summary>
    public PrincipalColors Colors { get; init => field = value ?? PrincipalColors.ImageNet; } = Colors ?? PrincipalColors.ImageNet;

    /// <summary>Throws unless this makes sense.</summary>
    /// <exception cref="ArgumentException">Names the value and what it must be.</exception>
    internal void Validate()
    {
        Limits.Within(Deviation, 0, 10, "colour noise's deviation");
        Colors.Validate();
    }
}
