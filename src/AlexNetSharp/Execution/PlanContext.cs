using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Execution;

/// <summary>What all operations of a plan share.</summary>
/// <param name="Network">The weights.</param>
/// <param name="MaximalBatch">The largest batch.</param>
/// <param name="Mode">Training or inference.</param>
/// <param name="Team">The threads.</param>
/// <param name="Memory">Where buffers are reserved.</param>
/// <param name="Optimizer">Updates weights as soon as their gradient is there; null for a plan that keeps all gradients.</param>
internal sealed record PlanContext(Network Network, int MaximalBatch, PlanMode Mode, ThreadTeam Team, PlanMemory Memory, IParameterUpdate? Optimizer)
{
    /// <summary>All gradients, laid out like the network's values; null if the optimiser takes them as they come, or in inference.</summary>
    public PlanBuffer<float>? Gradient { get; set; }

    public bool Trains => Mode == PlanMode.Training;

    /// <summary>The largest of a length that depends on the batch: blocks are balanced to the problem's size, so that a smaller batch may need more.</summary>
    public long Largest(Func<int, long> length) => Enumerable.Range(1, MaximalBatch).Max(length);
}
