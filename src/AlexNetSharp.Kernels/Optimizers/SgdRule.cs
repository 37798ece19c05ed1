using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>The arithmetic of stochastic gradient descent; see <see cref="Sgd"/>.</summary>
internal readonly unsafe struct SgdRule : IUpdateRule
{
    private readonly float _momentum;
    private readonly float _decay;
    private readonly float _scale;
    private readonly float _move;

    /// <summary>Works the constants out.</summary>
    /// <exception cref="ArgumentException">A constant is out of its range.</exception>
    public SgdRule(in SgdStep step)
    {
        if (step.Momentum is not (>= 0 and < 1) || !(step.WeightDecay >= 0))
            throw new ArgumentException($"SGD: {step}; needed are a momentum in [0, 1) and a weight decay from 0 up.", nameof(step));
        (_momentum, _decay) = (step.Momentum, step.WeightDecay);
        // Both forms are v = μ·v + scale·(g + λ·w); w += move·v.
        (_scale, _move) = step.Form == MomentumForm.GradientVelocity ? (1f, -step.LearningRate) : (-step.LearningRate, 1f);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move<TSimd, TVec>(float* weights, float* first, float* second, TVec gradient)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec w = TSimd.Load(weights);
        TVec decayed = TSimd.MultiplyAdd(TSimd.Broadcast(_decay), w, gradient);
        TVec v = TSimd.MultiplyAdd(TSimd.Broadcast(_momentum), TSimd.Load(first), TSimd.Multiply(TSimd.Broadcast(_scale), decayed));
        TSimd.Store(v, first);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(_move), v, w), weights);
    }
}
