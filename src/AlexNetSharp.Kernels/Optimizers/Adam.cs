using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>
/// One update of Adam (Kingma and Ba 2015, "Adam: a method for stochastic optimization"), or of AdamW where weights decay (Loshchilov and
/// Hutter 2019, "Decoupled weight decay regularization"; PyTorch's form of it: the decay is multiplied by the rate).
/// </summary>
public static unsafe class Adam
{
    /// <summary>m = β1·m + (1−β1)·g; v = β2·v + (1−β2)·g²; w moves against m / √v, and by −lr·λ·w.</summary>
    /// <param name="weights">Updated in place.</param>
    /// <param name="firstMoment">m, the same length, updated in place; zeros at the start.</param>
    /// <param name="secondMoment">v, the same length, updated in place; zeros at the start.</param>
    /// <param name="gradient">g, the same length.</param>
    /// <param name="step">The constants.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a constant is out of its range.</exception>
    public static void Update(
        Span<float> weights, Span<float> firstMoment, Span<float> secondMoment, ReadOnlySpan<float> gradient, in AdamStep step, ThreadTeam team)
    {
        Check.Length((ReadOnlySpan<float>)firstMoment, weights.Length, nameof(firstMoment));
        Check.Length((ReadOnlySpan<float>)secondMoment, weights.Length, nameof(secondMoment));
        Check.Length(gradient, weights.Length, nameof(gradient));
        AdamRule rule = new(step);
        fixed (float* w = weights, m = firstMoment, v = secondMoment, g = gradient)
            VectorJob.Run(team, VectorJob.ElementTasks(weights.Length), new UpdateJob<AdamRule>(rule, w, m, v, g, weights.Length));
    }
}
