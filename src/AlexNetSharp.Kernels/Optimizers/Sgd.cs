using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>One update of stochastic gradient descent with momentum and weight decay.</summary>
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
        if (step.Momentum is not (>= 0 and < 1) || !(step.WeightDecay >= 0))
            throw new ArgumentException($"SGD: {step}; needed are a momentum in [0, 1) and a weight decay from 0 up.", nameof(step));
        // Both forms are v = μ·v + scale·(g + λ·w); w += move·v.
        (float scale, float move) = step.Form == MomentumForm.GradientVelocity ? (1f, -step.LearningRate) : (-step.LearningRate, 1f);
        fixed (float* w = weights, v = velocity, g = gradient)
            VectorJob.Run(team, VectorJob.ElementTasks(weights.Length), new Job(w, v, g, weights.Length, step, scale, move));
    }

    private readonly struct Job(float* w, float* v, float* g, int length, SgdStep step, float scale, float move) : IVectorJob
    {
        private readonly float* _w = w;
        private readonly float* _v = v;
        private readonly float* _g = g;
        private readonly int _length = length;
        private readonly SgdStep _step = step;
        private readonly float _scale = scale;
        private readonly float _move = move;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            TVec momentum = TSimd.Broadcast(_step.Momentum), decay = TSimd.Broadcast(_step.WeightDecay);
            TVec scale = TSimd.Broadcast(_scale), move = TSimd.Broadcast(_move);
            int end = Math.Min(_length, (task + 1) * VectorJob.ElementsPerTask);
            for (int i = task * VectorJob.ElementsPerTask; i < end; i += TSimd.Width)
            {
                int inside = end - i;
                TVec w = PartialVector.Load<TSimd, TVec>(_w + i, inside);
                TVec g = TSimd.MultiplyAdd(decay, w, PartialVector.Load<TSimd, TVec>(_g + i, inside));
                TVec v = TSimd.MultiplyAdd(momentum, PartialVector.Load<TSimd, TVec>(_v + i, inside), TSimd.Multiply(scale, g));
                PartialVector.Store<TSimd, TVec>(v, _v + i, inside);
                PartialVector.Store<TSimd, TVec>(TSimd.MultiplyAdd(move, v, w), _w + i, inside);
            }
        }
    }
}
