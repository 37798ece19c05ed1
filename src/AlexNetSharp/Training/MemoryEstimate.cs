using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Training;

/// <summary>The memory that a run takes, known before anything of it is taken.</summary>
/// <param name="WeightBytes">The network's values.</param>
/// <param name="OptimizerBytes">The optimiser's state; 0 in inference.</param>
/// <param name="BufferBytes">A plan's buffers, which share what their lifetimes allow.</param>
/// <param name="UnsharedBufferBytes">What those buffers would take side by side.</param>
public sealed record MemoryEstimate(long WeightBytes, long OptimizerBytes, long BufferBytes, long UnsharedBufferBytes)
{
    /// <summary>All of it.</summary>
    public long TotalBytes => WeightBytes + OptimizerBytes + BufferBytes;

    /// <summary>For training.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="batchSize">Pictures a step.</param>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="team">The threads: each has scratch memory of its own.</param>
    /// <exception cref="InvalidModelException">The model's layers do not fit together.</exception>
    public static MemoryEstimate OfTraining(ModelSpec spec, int batchSize, OptimizerOptions optimizer, ThreadTeam team)
    {
        using Network network = Network.WithoutMemory(spec);
        using Optimizer state = new(optimizer, network, allocates: false);
        using ExecutionPlan plan = new(network, batchSize, PlanMode.Training, team, state, allocates: false);
        return new MemoryEstimate(network.Bytes, state.Bytes, plan.BufferBytes, plan.UnsharedBufferBytes);
    }

    /// <summary>For inference.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="batchSize">Pictures at a time.</param>
    /// <param name="team">The threads: each has scratch memory of its own.</param>
    /// <exception cref="InvalidModelException">The model's layers do not fit together.</exception>
    public static MemoryEstimate OfInference(ModelSpec spec, int batchSize, ThreadTeam team)
    {
        using Network network = Network.WithoutMemory(spec);
        using ExecutionPlan plan = new(network, batchSize, PlanMode.Inference, team, null, allocates: false);
        return new MemoryEstimate(network.Bytes, 0, plan.BufferBytes, plan.UnsharedBufferBytes);
    }
}
