namespace AlexNetSharp.Augmentation;

/// <summary>A random affine mapping about the picture's centre.</summary>
/// <param name="RotationDegrees">The largest angle to either side, 0 to 180.</param>
/// <param name="Shift">The largest shift to either side as a share of the input's side, 0 to 1.</param>
/// <param name="MinimalScale">The least magnification, 0.1 or more; its logarithm is drawn evenly.</param>
/// <param name="MaximalScale">The largest magnification, at most 10.</param>
/// <param name="ShearDegrees">The largest slant of what is upright to either side, 0 to 60.</param>
/// <param name="Probability">0 to 1.</param>
public sealed record Affine(float RotationDegrees = 0, float Shift = 0, float MinimalScale = 1, float MaximalScale = 1, float ShearDegrees = 0, float Probability = 1)
{
    private const float LeastScale = 0.1f;
    private const float LargestScale = 10;

    /// <summary>Throws unless this makes sense.</summary>
    /// <exception cref="ArgumentException">Names the value and what it must be.</exception>
    internal void Validate()
    {
        Limits.Share(Probability, "affine's probability");
        Limits.Within(RotationDegrees, 0, 180, "affine's rotation");
        Limits.Within(ShearDegrees, 0, 60, "affine's shear");
        Limits.Share(Shift, "affine's shift");
        Limits.Within(MinimalScale, LeastScale, LargestScale, "affine's least scale");
        Limits.Within(MaximalScale, MinimalScale, LargestScale, "affine's largest scale");
    }
}
