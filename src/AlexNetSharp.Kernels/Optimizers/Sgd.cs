using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>One update of stochastic gradient descent with momentum, Nesterov's or none, and weight decay.</summary>
public static unsafe class Sgd
{
    /// <summary>Moves the weights by the velocity, in the form that <see cref="SgdStep.Form"/> names.</summary>
    /// <param name="weights">Updated in place.</param>
    /// <param name="velocity">The same length, updated in place; zeros at the start.</param>
    /// <param name="gradient">g, the same length.</param>
    /// <param name="step">The constants.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a constant is out of its range.</exception>
    public static void Update(Span<float> weights, Span<float> velocity, ReadOnlySpan<float> gradient, in SgdStep step, ThreadTeam team)
    {
        Check.Length((ReadOnlySpan<float>)velocity, weights.Length, nameof(velocity));
        Check.Length(gradient, weights.Length, nameof(gradient));
        SgdRule rule = new(step);
        fixed (float* w = weights, v = velocity, g = gradient)
            VectorJob.Run(team, VectorJob.ElementTasks(weights.Length), new UpdateJob<SgdRule>(rule, w, v, null, g, weights.Length));
    }
}
