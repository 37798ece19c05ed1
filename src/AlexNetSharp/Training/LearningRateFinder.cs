using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Training;

/// <summary>A learning rate that was tried, and what came of it.</summary>
/// <param name="Rate">The rate.</param>
/// <param name="Loss">The step's loss, averaged over the steps around it, in nats.</param>
public readonly record struct LearningRatePoint(float Rate, double Loss);

/// <summary>What a sweep over learning rates showed.</summary>
/// <param name="Points">One a step, rates rising, up to where the loss ran away.</param>
/// <param name="Suggestion">A tenth of the rate at which the loss was lowest: there it is about to rise again, and a whole run asks for less.</param>
public sealed record LearningRateSweep(ImmutableArray<LearningRatePoint> Points, float Suggestion);

/// <summary>Looks for a learning rate: trains for a short while at rates that rise from tiny to huge, and watches the loss (Smith 2017, "Cyclical learning rates for training neural networks", §3.3).</summary>
public static class LearningRateFinder
{
    /// <summary>The rate of the first step.</summary>
    public const float LowestRate = 1e-6f;

    /// <summary>The rate of the last step, unless the loss runs away before.</summary>
    public const float HighestRate = 1f;

    // The loss is averaged over a tenth of the sweep, half before and half after a step; single batches are too noisy.
    private const int WindowsPerSweep = 10;

    // The sweep has seen enough once the running loss is this many times the lowest.
    private const double RunAway = 4;

    /// <summary>Sweeps, on a copy whose weights are drawn anew; the network is left as it is.</summary>
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
        Evaluator.RequireFit(network.Spec, data.Training);
        using Network trial = new(network.Spec);
        Initializer.Initialize(trial, options.Initialization, options.Seed);
        using TrainingRun run = new(trial, data.Training, options, team, null);
        int window = Math.Max(1, steps / WindowsPerSweep);
        List<float> rates = [];
        List<double> losses = [];
        double lowest = double.PositiveInfinity;
        for (int step = 0; step < steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float rate = (float)(LowestRate * Math.Pow(HighestRate / LowestRate, (double)step / (steps - 1)));
            try
            {
                StepOutcome outcome = run.Step(step, rate);
                // None of its pictures could be read.
                if (outcome.Images == 0)
                    continue;
                rates.Add(rate);
                losses.Add(outcome.Loss);
            }
            catch (TrainingDivergedException)
            {
                break;
            }
            double running = losses.TakeLast(window).Average();
            lowest = Math.Min(lowest, running);
            if (running > RunAway * lowest)
                break;
        }
        ImmutableArray<LearningRatePoint> points = [.. rates.Select((rate, i) => new LearningRatePoint(rate, Around(losses, i, window / 2)))];
        return new LearningRateSweep(points, Suggest(points));
    }

    private static double Around(List<double> losses, int place, int reach)
    {
        int first = Math.Max(0, place - reach), last = Math.Min(losses.Count - 1, place + reach);
        return losses[first..(last + 1)].Average();
    }

    private static float Suggest(ImmutableArray<LearningRatePoint> points) =>
        points.IsEmpty ? LowestRate : Math.Max(LowestRate, points.MinBy(point => point.Loss).Rate / 10);
}
