using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>One update of Adam (Kingma and Ba 2015, "Adam: a method for stochastic optimization").</summary>
public static unsafe class Adam
{
    /// <summary>m = β1·m + (1−β1)·g; v = β2·v + (1−β2)·g²; w moves against m / √v.</summary>
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
        if (step.Step < 1 || step.Beta1 is not (>= 0 and < 1) || step.Beta2 is not (>= 0 and < 1) || !(step.Epsilon >= 0))
            throw new ArgumentException($"Adam: {step}; needed are a step from 1 up, betas in [0, 1) and an epsilon from 0 up.", nameof(step));
        double correction1 = 1 - Math.Pow(step.Beta1, step.Step), correction2 = 1 - Math.Pow(step.Beta2, step.Step);
        // Both forms are w −= rate · m / (√v · rootScale + ε).
        (double rate, double rootScale) = step.Form == AdamForm.EpsilonHat
            ? (step.LearningRate * Math.Sqrt(correction2) / correction1, 1.0)
            : (step.LearningRate / correction1, 1 / Math.Sqrt(correction2));
        fixed (float* w = weights, m = firstMoment, v = secondMoment, g = gradient)
        {
            Job job = new(w, m, v, g, weights.Length, step, (float)rate, (float)rootScale);
            VectorJob.Run(team, VectorJob.ElementTasks(weights.Length), job);
        }
    }

    private readonly struct Job(float* w, float* m, float* v, float* g, int length, AdamStep step, float rate, float rootScale) : IVectorJob
    {
        private readonly float* _w = w;
        private readonly float* _m = m;
        private readonly float* _v = v;
        private readonly float* _g = g;
        private readonly int _length = length;
        private readonly AdamStep _step = step;
        private readonly float _rate = rate;
        private readonly float _rootScale = rootScale;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            TVec beta1 = TSimd.Broadcast(_step.Beta1), rest1 = TSimd.Broadcast(1 - _step.Beta1);
            TVec beta2 = TSimd.Broadcast(_step.Beta2), rest2 = TSimd.Broadcast(1 - _step.Beta2);
            TVec minusRate = TSimd.Broadcast(-_rate), rootScale = TSimd.Broadcast(_rootScale), epsilon = TSimd.Broadcast(_step.Epsilon);
            int end = Math.Min(_length, (task + 1) * VectorJob.ElementsPerTask);
            for (int i = task * VectorJob.ElementsPerTask; i < end; i += TSimd.Width)
            {
                int inside = end - i;
                TVec g = PartialVector.Load<TSimd, TVec>(_g + i, inside);
                TVec m = TSimd.MultiplyAdd(beta1, PartialVector.Load<TSimd, TVec>(_m + i, inside), TSimd.Multiply(rest1, g));
                TVec v = TSimd.MultiplyAdd(beta2, PartialVector.Load<TSimd, TVec>(_v + i, inside), TSimd.Multiply(TSimd.Multiply(rest2, g), g));
                TVec w = PartialVector.Load<TSimd, TVec>(_w + i, inside);
                TVec denominator = TSimd.MultiplyAdd(TSimd.Sqrt(v), rootScale, epsilon);
                w = TSimd.Add(w, TSimd.Divide(TSimd.Multiply(minusRate, m), denominator));
                PartialVector.Store<TSimd, TVec>(m, _m + i, inside);
                PartialVector.Store<TSimd, TVec>(v, _v + i, inside);
                PartialVector.Store<TSimd, TVec>(w, _w + i, inside);
            }
        }
    }
}
