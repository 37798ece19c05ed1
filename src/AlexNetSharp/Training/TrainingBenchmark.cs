using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Training;

/// <summary>One training step after another on the same made-up minibatch: what <see cref="Trainer"/> computes, without data and reports.</summary>
public sealed class TrainingBenchmark : IDisposable
{
    // So low that weights stay where they are and no step is easier than another.
    private const float LearningRate = 1e-9f;

    private readonly ExecutionPlan _plan;
    private readonly Optimizer _optimizer;
    private readonly int[] _labels;
    private int _step;

    /// <summary>Compiles the plan.</summary>
    /// <param name="network">The network, its weights drawn.</param>
    /// <param name="batchSize">Pictures a step.</param>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="team">The threads to compute with.</param>
    public TrainingBenchmark(Network network, int batchSize, OptimizerOptions optimizer, ThreadTeam team)
    {
        _optimizer = new Optimizer(optimizer, network);
        _plan = new ExecutionPlan(network, batchSize, PlanMode.Training, team, _optimizer);
        FillWithNoise(_plan.Input(batchSize));
        _labels = [.. Enumerable.Range(0, batchSize).Select(i => i % network.Spec.Classes.Length)];
    }

    /// <summary>The compiled plan, to be looked at.</summary>
    public ExecutionPlan Plan => _plan;

    /// <summary>Bytes of the plan's buffers and the optimiser's state, the weights not counted.</summary>
    public long Bytes => _plan.BufferBytes + _optimizer.Bytes;

    /// <summary>Forward with dropout, backward, update.</summary>
    public void Step()
    {
        _step++;
        _plan.ForwardWithDropout(_labels.Length, seed: 1, (uint)_step);
        _plan.BackwardAndUpdate(_labels, LearningRate, _step);
    }

    /// <summary>Fills <paramref name="pixels"/> with numbers in [0, 1).</summary>
    public static void FillWithNoise(Span<float> pixels)
    {
        PhiloxSequence random = new(seed: 1, stream: 0);
        foreach (ref float pixel in pixels)
            pixel = (float)random.NextDouble();
    }

    /// <summary>Frees the plan and the optimiser's state.</summary>
    public void Dispose()
    {
        _plan.Dispose();
        _optimizer.Dispose();
    }
}
