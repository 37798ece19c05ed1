using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Training;

/// <summary>Everything that decides what a training run computes, but for the model and the data.</summary>
public sealed record TrainingOptions
{
    /// <summary>Pictures a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Batches whose gradients are added up before weights move, at least 1: a step of BatchSize · Accumulate pictures in the memory of BatchSize.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Passes over the training pictures; not looked at when <see cref="Images"/> is given.</summary>
    public int Epochs { get; init; } = 2;

    /// <summary>Pictures to train on in all, repeats counted; steps are Images / pictures a step, rounded down, and batches always full. Null: by epochs.</summary>
    public int? Images { get; init; }

    /// <summary>The full learning rate, above 0.</summary>
    public float LearningRate { get; init; } = 0.001f;

    /// <summary>How it changes.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>The optimiser.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>The largest norm of all gradients together; longer ones are shortened to it (Pascanu et al. 2013). Null: any.</summary>
    public float? ClipNorm { get; init; }

    /// <summary>How weights begin.</summary>
    public Initialization Initialization { get; init; } = Initialization.He;

    /// <summary>Parameters whose names begin with one of these stay as they are: <c>conv</c> holds all convolutions of the named models still.</summary>
    public ImmutableArray<string> Freeze { get; init; } = [];

    /// <summary>Whether each channel is brought to mean 0 and deviation 1 over the training pictures; the figures go into the model.</summary>
    public bool NormalizePixels { get; init; }

    /// <summary>What is done to each training picture each time it is shown; null for nothing.</summary>
    public AugmentationOptions? Augmentation { get; init; }

    /// <summary>ε: a target is 1 − ε for its class, and ε is spread over all (Szegedy et al. 2016); in [0, 1).</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>How much the pictures of each class count. The loss is Σ −t·ln p / Σ t over a batch, t the weighted and smoothed targets.</summary>
    public ClassWeighting ClassWeighting { get; init; } = ClassWeighting.None;

    /// <summary>An average of the weights over the last steps, which is what is evaluated and kept; null for the weights themselves.</summary>
    public AveragingOptions? Averaging { get; init; }

    /// <summary>Epochs without a better validation accuracy, or the same with a lower loss, after which the run ends; null for never.</summary>
    public int? Patience { get; init; }

    /// <summary>Which weights the run ends with.</summary>
    public KeptWeights Keep { get; init; } = KeptWeights.Last;

    /// <summary>Whether the validation pictures are trained on too, and nothing is validated: for a last run, when by them all choices have been made.</summary>
    public bool TrainOnValidation { get; init; }

    /// <summary>Whether a picture that cannot be read ends the run; else it is reported and left out.</summary>
    public bool Strict { get; init; }

    /// <summary>Decides weights, order of the pictures, augmentation and dropout: the same seed gives the same bits, at any thread count.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Steps between two reports of a minibatch with dropout off, at least 1.</summary>
    public int ReportEvery { get; init; } = 100;

    /// <summary>Pictures that weights move by at a time.</summary>
    [JsonIgnore]
    public int ImagesPerStep => checked(BatchSize * Accumulate);

    /// <summary>Throws unless every option makes sense.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what it must be.</exception>
    public void Validate()
    {
        Require(BatchSize >= 1, $"The batch size is {BatchSize}; it must be at least 1.");
        Require(Accumulate >= 1, $"The number of batches to accumulate is {Accumulate}; it must be at least 1.");
        Require((long)BatchSize * Accumulate <= int.MaxValue, $"{Accumulate} batches of {BatchSize} pictures are more than can be counted; use smaller ones.");
        Require(Images is not null || Epochs >= 1, $"The number of epochs is {Epochs}; it must be at least 1.");
        Require(Images is null || Images >= ImagesPerStep, $"The number of images is {Images}; it must be at least the pictures of a step, {ImagesPerStep}.");
        Require(LearningRate > 0 && float.IsFinite(LearningRate), $"The learning rate is {LearningRate}; it must be a finite number above 0.");
        Require(ClipNorm is null or > 0, $"The largest norm of the gradient is {ClipNorm}; it must be above 0.");
        Require(LabelSmoothing is >= 0 and < 1, $"The label smoothing is {LabelSmoothing}; it must lie in [0, 1).");
        Require(Patience is null or >= 1, $"The patience is {Patience} epochs; it must be at least 1.");
        Require(Enum.IsDefined(Initialization) && Enum.IsDefined(ClassWeighting) && Enum.IsDefined(Keep), $"Initialization, class weighting or kept weights are {Initialization}, {ClassWeighting}, {Keep}, which do not all exist.");
        Require(ReportEvery >= 1, $"The reporting interval is {ReportEvery} steps; it must be at least 1.");
        Require(!Freeze.IsDefault, "The prefixes of parameters to freeze are missing; give an empty list for none.");
        Require(Freeze.All(prefix => !string.IsNullOrEmpty(prefix)), "A prefix of parameters to freeze is empty, which would freeze all of them; name layers.");
        Schedule.Validate();
        Optimizer.Validate();
        Averaging?.Validate();
        Augmentation?.Validate();
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new ArgumentException(otherwise);
    }
}
