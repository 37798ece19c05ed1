using AlexNetSharp.Execution;

namespace AlexNetSharp.Training;

/// <summary>Everything that decides what a training run computes, but for the model and the data.</summary>
public sealed record TrainingOptions
{
    /// <summary>Pictures a step, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Passes over the training pictures; not looked at when <see cref="Images"/> is given.</summary>
    public int Epochs { get; init; } = 2;

    /// <summary>Pictures to train on in all, repeats counted; steps are Images / BatchSize, rounded down, and batches always full. Null: by epochs.</summary>
    public int? Images { get; init; }

    /// <summary>The full learning rate, above 0.</summary>
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>How it changes.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>The optimiser.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>How weights begin.</summary>
    public Initialization Initialization { get; init; } = Initialization.He;

    /// <summary>Decides weights, order of the pictures and dropout: the same seed gives the same bits, at any thread count.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Steps between two reports of a minibatch with dropout off, at least 1.</summary>
    public int ReportEvery { get; init; } = 100;

    /// <summary>Throws unless every option makes sense.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what it must be.</exception>
    public void Validate()
    {
        if (BatchSize < 1)
            throw new ArgumentException($"The batch size is {BatchSize}; it must be at least 1.");
        if (Images is null && Epochs < 1)
            throw new ArgumentException($"The number of epochs is {Epochs}; it must be at least 1.");
        if (Images < BatchSize)
            throw new ArgumentException($"The number of images is {Images}; it must be at least the batch size, {BatchSize}.");
        if (!(LearningRate > 0) || !float.IsFinite(LearningRate))
            throw new ArgumentException($"The learning rate is {LearningRate}; it must be a finite number above 0.");
        if (ReportEvery < 1)
            throw new ArgumentException($"The reporting interval is {ReportEvery} steps; it must be at least 1.");
    }
}
