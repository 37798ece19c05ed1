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
    private readonly float _moveByGradient;

    /// <summary>Works the constants out.</summary>
    /// <exception cref="ArgumentException">A constant is out of its range.</exception>
    public SgdRule(in SgdStep step)
    {
        if (step.Momentum is not (>= 0 and < 1) || !(step.WeightDecay >= 0))
            throw new ArgumentException($"SGD: {step}; needed are a momentum in [0, 1) and a weight decay from 0 up.", nameof(step));
        if (step.Nesterov && step.Momentum == 0)
            throw new ArgumentException($"SGD: {step}; Nesterov's step looks ahead along the momentum, which must be above 0.", nameof(step));
        (_momentum, _decay) = (step.Momentum, step.WeightDecay);
        // Both forms are v = μ·v + scale·(g + λ·w); w += move·v. Nesterov's moves by μ·v + scale·(g + λ·w) with the new v instead.
        (_scale, _move) = step.Form == MomentumForm.GradientVelocity ? (1f, -step.LearningRate) : (-step.LearningRate, 1f);
        if (step.Nesterov)
            (_move, _moveByGradient) = (_move * step.Momentum, _move * _scale);
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
        // The second term is zero, and changes no bits, but in Nesterov's step.
        TVec moved = TSimd.MultiplyAdd(TSimd.Broadcast(_move), v, w);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Broadcast(_moveByGradient), decayed, moved), weights);
    }
}
