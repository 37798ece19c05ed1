namespace AlexNetSharp.Augmentation;

/// <summary>A smooth random displacement (Simard, Steinkraus, Platt 2003).</summary>
/// <param name="Sigma">The deviation in pixels of the Gaussian that smooths alike, 0.5 to 1000: small ones tremble, large ones bend.</param>
/// <param name="Amplitude">The root mean square of the displacement in each direction, 0 to 100 pixels of the input.</param>
/// <param name="Probability">0 to 1.</param>
public sealed record Elastic(float Sigma = 4, float Amplitude = 1, float Probability = 1)
{
    /// <summary>Throws unless this makes sense.</summary>
    /// <exception cref="ArgumentException">Names the value and what it must be.</exception>
    internal void Validate()
    {
        Limits.Share(Probability, "elastic's probability");
        Limits.Within(Sigma, 0.5f, 1000, "elastic's sigma");
        Limits.Within(Amplitude, 0, 100, "elastic's amplitude");
    }
}
