namespace AlexNetSharp.Augmentation;

/// <summary>Mirroring.</summary>
/// <param name="Probability">Of left and right being exchanged, 0 to 1.</param>
/// <param name="VerticalProbability">Of top and bottom being exchanged, 0 to 1.</param>
public sealed record Flip(float Probability = 0.5f, float VerticalProbability = 0)
{
    /// <summary>Throws unless this makes sense.</summary>
    /// <exception cref="ArgumentException">Names the value and what it must be.</exception>
    internal void Validate()
    {
        Limits.Share(Probability, "flip's probability");
        Limits.Share(VerticalProbability, "flip's vertical probability");
    }
}
