namespace AlexNetSharp.Augmentation;

/// <summary>A random rectangle overwritten (Zhong et al. 2017). Its aspect lies between 0.3 and 1 / 0.3.</summary>
/// <param name="Probability">0 to 1.</param>
/// <param name="MinimalArea">Least share of the input's area, above 0.</param>
/// <param name="MaximalArea">Largest share, at most 1.</param>
/// <param name="Fill">What it then holds.</param>
public sealed record Erasing(float Probability = 0.5f, float MinimalArea = 0.02f, float MaximalArea = 0.4f, ErasingFill Fill = ErasingFill.Mean)
{
    /// <summary>Throws unless this makes sense.</summary>
    /// <exception cref="ArgumentException">Names the value and what it must be.</exception>
    internal void Validate()
    {
        Limits.Share(Probability, "erasing's probability");
        Limits.Range(MinimalArea, MaximalArea, 0, 1, "erasing's area");
        Limits.Defined(Fill, "erasing's fill");
    }
}
