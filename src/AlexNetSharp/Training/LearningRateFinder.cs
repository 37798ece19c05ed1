using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Training;

/// <summary>A learning rate that was tried, and what came of it.</summary>
/// <param name="Rate">The rate.</param>
/// <param name="Loss">The step's loss, smoothed over the steps before it, in nats.</param>
public readonly record struct LearningRatePoint(float Rate, double Loss);

/// <summary>What a sweep over learning rates showed.</summary>
/// <param name="Points">One a step, rates rising, up to where the loss ran away.</param>
/// <param name="Suggestion">The rate at which the loss fell fastest against the logarithm of the rate.</param>
public sealed record LearningRateSweep(ImmutableArray<LearningRatePoint> Points, float Suggestion);

/// <summary>Looks for a learning rate: trains for a short while at rates that rise from tiny to huge, and watches the loss (Smith 2017, "Cyclical learning rates for training neural networks", §3.3).</summary>
public static class LearningRateFinder
{
    /// <summary>The rate of the first step.</summary>
    public const float LowestRate = 1e-6f;

    /// <summary>The rate of the last step, unless the loss runs away before.</summary>
    public const float HighestRate = 1f;

    // The loss is averaged over about as many steps; single batches are too noisy to tell slopes by.
    private const double Smoothing = 0.05;

    // The sweep has seen enough once the loss is this many times the lowest.
    private const double RunAway = 4;

    /// <summary>Sweeps. The network's weights are drawn anew for it, and hold nothing of use afterwards.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The training pictures are used, with the options' augmentation.</param>
    /// <param name="options">Batch size, optimiser and all else but rate, schedule and length.</param>
    /// <param name="steps">Steps of the whole sweep, at least 10.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="InvalidModelException">The model does not have all classes of the pictures.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LearningRateSweep Sweep(
        Network network, DataSplits data, TrainingOptions options, int steps, ThreadTeam team, CancellationToken cancellationToken = default)
    {
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 10);
        if (data.Training.Count == 0)
            throw new ArgumentException($"Data '{data.Name}' has no training pictures.", nameof(data));
        Initializer.Initialize(network, options.Initialization, options.Seed);
        using TrainingRun run = new(network, data.Training, options, team, null);
        ImmutableArray<LearningRatePoint>.Builder points = ImmutableArray.CreateBuilder<LearningRatePoint>();
        double average = 0, lowest = double.PositiveInfinity;
        for (int step = 0; step < steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float rate = (float)(LowestRate * Math.Pow(HighestRate / LowestRate, (double)step / (steps - 1)));
            double loss;
            try
            {
                loss = run.Step(step, rate).Loss;
            }
            catch (TrainingDivergedException)
            {
                break;
            }
            average += Smoothing * (loss - average);
            // As the average begins at zero.
            double smooth = average / (1 - Math.Pow(1 - Smoothing, step + 1));
            points.Add(new LearningRatePoint(rate, smooth));
            lowest = Math.Min(lowest, smooth);
            if (smooth > RunAway * lowest)
                break;
        }
        return new LearningRateSweep(points.ToImmutable(), Steepest(points));
    }

    // Rates rise by a constant factor, so the slope against their logarithm is the difference of losses.
    private static float Steepest(ImmutableArray<LearningRatePoint>.Builder points)
    {
        // Slopes are taken over several steps, and not at the sweep's noisy ends.
        const int Span = 4;
        float rate = LowestRate;
        double steepest = 0;
        for (int i = Span; i + Span < points.Count; i++)
        {
            double slope = points[i + Span].Loss - points[i - Span].Loss;
            if (slope < steepest)
                (steepest, rate) = (slope, points[i].Rate);
        }
        return rate;
    }
}
