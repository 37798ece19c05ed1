using System.Text.Json.Serialization;

namespace AlexNetSharp.Training;

/// <summary>How the learning rate changes over a run.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ConstantSchedule), "constant")]
[JsonDerivedType(typeof(StepSchedule), "step")]
[JsonDerivedType(typeof(PlateauSchedule), "plateau")]
[JsonDerivedType(typeof(CosineSchedule), "cosine")]
[JsonDerivedType(typeof(OneCycleSchedule), "one-cycle")]
public abstract record LearningRateSchedule
{
    /// <summary>The full rate throughout.</summary>
    public static LearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>Half a cosine from the full rate down to zero.</summary>
    public static LearningRateSchedule Cosine { get; } = new CosineSchedule();

    /// <summary>Steps at the start over which the rate rises in proportion to them, from 0 up: the schedule's own rate times (step + 1) / WarmUpSteps.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>Whether the schedule looks at how the validation goes.</summary>
    [JsonIgnore]
    public virtual bool NeedsValidation => false;

    /// <summary>The rate of one step.</summary>
    /// <param name="baseRate">The full rate.</param>
    /// <param name="step">0 to <paramref name="steps"/> − 1.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <param name="stepsPerEpoch">Steps of one pass over the training pictures.</param>
    public float RateAt(float baseRate, int step, int steps, int stepsPerEpoch)
    {
        float rate = (float)(baseRate * ShareAt(step, steps, stepsPerEpoch));
        return step < WarmUpSteps ? rate * ((step + 1f) / WarmUpSteps) : rate;
    }

    /// <summary>Throws unless the schedule makes sense.</summary>
    /// <exception cref="ArgumentException">Names what does not, its value and what it must be.</exception>
    public virtual void Validate() => Require(WarmUpSteps >= 0, $"The warm-up takes {WarmUpSteps} steps; it must be 0 or more.");

    /// <summary>What of the full rate is used at a step, the warm-up left aside.</summary>
    private protected abstract double ShareAt(int step, int steps, int stepsPerEpoch);

    /// <summary>What follows the validation in this schedule's place; null where nothing does.</summary>
    internal virtual PlateauState? CreatePlateauState() => null;

    private protected static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new ArgumentException(otherwise);
    }
}

/// <summary>The full rate throughout.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    private protected override double ShareAt(int step, int steps, int stepsPerEpoch) => 1;
}

/// <summary>The rate times a factor every so many epochs.</summary>
public sealed record StepSchedule : LearningRateSchedule
{
    /// <summary>Epochs at one rate, at least 1.</summary>
    public int EveryEpochs { get; init; } = 30;

    /// <summary>What the rate is multiplied by, in (0, 1].</summary>
    public float Factor { get; init; } = 0.1f;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(EveryEpochs >= 1, $"The rate changes every {EveryEpochs} epochs; it must be at least 1.");
        Require(Factor is > 0 and <= 1, $"The rate is multiplied by {Factor}; it must lie in (0, 1].");
    }

    private protected override double ShareAt(int step, int steps, int stepsPerEpoch) => Math.Pow(Factor, step / stepsPerEpoch / EveryEpochs);
}

/// <summary>The rate times a factor whenever the validation accuracy has stopped rising: what Krizhevsky et al. 2012 did by hand (§5: divided by ten, three times).</summary>
public sealed record PlateauSchedule : LearningRateSchedule
{
    /// <summary>What the rate is multiplied by, in (0, 1).</summary>
    public float Factor { get; init; } = 0.1f;

    /// <summary>Epochs without improvement that are put up with, from 0 up.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>By how much the accuracy must exceed the best so far to count as better, from 0 up.</summary>
    public float MinimalImprovement { get; init; } = 0.001f;

    /// <inheritdoc/>
    public override bool NeedsValidation => true;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(Factor is > 0 and < 1, $"On a plateau the rate is multiplied by {Factor}; it must lie in (0, 1).");
        Require(Patience >= 0, $"The plateau's patience is {Patience} epochs; it must be 0 or more.");
        Require(MinimalImprovement >= 0, $"The plateau's minimal improvement is {MinimalImprovement}; it must be 0 or more.");
    }

    internal override PlateauState CreatePlateauState() => new(this);

    private protected override double ShareAt(int step, int steps, int stepsPerEpoch) => 1;
}

/// <summary>Half a cosine from the full rate down (Loshchilov and Hutter 2017, without restarts).</summary>
public sealed record CosineSchedule : LearningRateSchedule
{
    /// <summary>What is left of the rate at the end, in [0, 1].</summary>
    public float FinalShare { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(FinalShare is >= 0 and <= 1, $"The cosine ends at {FinalShare} of the rate; it must lie in [0, 1].");
    }

    private protected override double ShareAt(int step, int steps, int stepsPerEpoch)
    {
        double share = 0.5 * (1 + Math.Cos(Math.PI * step / steps));
        return FinalShare == 0 ? share : FinalShare + ((1 - FinalShare) * share);
    }
}

/// <summary>Up to the full rate and down again, both along half a cosine (Smith 2018, "Super-convergence"; the form of PyTorch's OneCycleLR, momentum left alone; a single step is made at the full rate).</summary>
public sealed record OneCycleSchedule : LearningRateSchedule
{
    /// <summary>The share of the run after which the rate is full, in (0, 1).</summary>
    public float PeakAt { get; init; } = 0.3f;

    /// <summary>The run begins at the full rate divided by this, at least 1.</summary>
    public float StartDivisor { get; init; } = 25;

    /// <summary>It ends at the first rate divided by this, at least 1.</summary>
    public float FinalDivisor { get; init; } = 1e4f;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        Require(PeakAt is > 0 and < 1, $"The cycle's peak is at {PeakAt} of the run; it must lie between 0 and 1.");
        Require(StartDivisor >= 1 && FinalDivisor >= 1, $"The cycle's divisors are {StartDivisor} and {FinalDivisor}; both must be at least 1.");
    }

    private protected override double ShareAt(int step, int steps, int stepsPerEpoch)
    {
        // The last step of the rise; a run may be too short to have one.
        double start = 1 / (double)StartDivisor, end = start / FinalDivisor, peak = ((double)PeakAt * steps) - 1;
        if (steps == 1)
            return 1;
        return step <= peak && peak > 0 ? Between(start, 1, step / peak) : Between(1, end, (step - peak) / (steps - 1 - peak));
    }

    private static double Between(double from, double to, double share) => to + ((from - to) * 0.5 * (1 + Math.Cos(Math.PI * share)));
}
