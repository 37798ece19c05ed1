namespace AlexNetSharp.Training;

/// <summary>An exponential moving average of the weights (Polyak and Juditsky 1992; the form of Szegedy et al. 2016).</summary>
public sealed record AveragingOptions
{
    /// <summary>What of the average stays at each step, in (0, 1); at the start less, (1 + step) / (10 + step), so that it is not held back by the first weights.</summary>
    public float Decay { get; init; } = 0.999f;

    /// <summary>Steps between two updates of the average, at least 1: each then counts for as many steps. A pass over all weights takes about a sixth of a step of alexnet-mnist.</summary>
    public int Every { get; init; } = 8;

    /// <summary>What of the average stays at the update after a step, counted from 1.</summary>
    internal float DecayAt(int step) => (float)Math.Pow(Math.Min(Decay, (1.0 + step) / (10.0 + step)), Every);

    /// <summary>Throws unless the options make sense.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what it must be.</exception>
    public void Validate()
    {
        if (Decay is not (> 0 and < 1))
            throw new ArgumentException($"The decay of the weights' average is {Decay}; it must lie between 0 and 1.");
        if (Every < 1)
            throw new ArgumentException($"The weights' average is updated every {Every} steps; it must be at least 1.");
    }
}
