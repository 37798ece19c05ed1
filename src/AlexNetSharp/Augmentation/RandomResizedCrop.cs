namespace AlexNetSharp.Augmentation;

/// <summary>A random part of the picture, resampled to the input's size (Szegedy et al. 2015, §6).</summary>
/// <remarks>Ten draws that may not fit into the picture, then its centre within the bounds of the aspect.</remarks>
/// <param name="MinimalArea">Least share of the picture's area, above 0.</param>
/// <param name="MaximalArea">Largest share, at most 1.</param>
/// <param name="MinimalAspect">Least width / height, above 0; its logarithm is drawn evenly.</param>
/// <param name="MaximalAspect">Largest width / height.</param>
public sealed record RandomResizedCrop(float MinimalArea = 0.08f, float MaximalArea = 1, float MinimalAspect = 3f / 4, float MaximalAspect = 4f / 3)
{
    /// <summary>Throws unless this makes sense.</summary>
    /// <exception cref="ArgumentException">Names the value and what it must be.</exception>
    internal void Validate()
    {
        Limits.Range(MinimalArea, MaximalArea, 0, 1, "random resized crop's area");
        Limits.Range(MinimalAspect, MaximalAspect, 0, 100, "random resized crop's aspect");
    }
}
