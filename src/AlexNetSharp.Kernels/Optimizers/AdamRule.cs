using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>Adam's arithmetic; see <see cref="Adam"/>.</summary>
internal readonly unsafe struct AdamRule : IUpdateRule
{
    private readonly float _beta1;
    private readonly float _rest1;
    private readonly float _beta2;
    private readonly float _rest2;
    private readonly float _minusRate;
    private readonly float _rootScale;
    private readonly float _epsilon;
    private readonly float _minusDecay;

    /// <summary>Works the constants out.</summary>
    /// <exception cref="ArgumentException">A constant is out of its range.</exception>
    public AdamRule(in AdamStep step)
    {
        if (step.Step < 1 || step.Beta1 is not (>= 0 and < 1) || step.Beta2 is not (>= 0 and < 1) || !(step.Epsilon > 0) || !(step.WeightDecay >= 0))
        {
            throw new ArgumentException(
                $"Adam: {step}; needed are a step from 1 up, betas in [0, 1), an epsilon above 0 and a weight decay from 0 up.", nameof(step));
        }
        double correction1 = 1 - Math.Pow(step.Beta1, step.Step), correction2 = 1 - Math.Pow(step.Beta2, step.Step);
        // Both forms are w −= rate · m / (√v · rootScale + ε).
        (double rate, double rootScale) = step.Form == AdamForm.EpsilonHat
            ? (step.LearningRate * Math.Sqrt(correction2) / correction1, 1.0)
            : (step.LearningRate / correction1, 1 / Math.Sqrt(correction2));
        (_beta1, _rest1) = (step.Beta1, 1 - step.Beta1);
        (_beta2, _rest2) = (step.Beta2, 1 - step.Beta2);
        (_minusRate, _rootScale, _epsilon) = (-(float)rate, (float)rootScale, step.Epsilon);
        _minusDecay = -step.LearningRate * step.WeightDecay;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Move<TSimd, TVec>(float* weights, float* first, float* second, TVec gradient)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec m = TSimd.MultiplyAdd(TSimd.Broadcast(_beta1), TSimd.Load(first), TSimd.Multiply(TSimd.Broadcast(_rest1), gradient));
        TVec square = TSimd.Multiply(TSimd.Multiply(TSimd.Broadcast(_rest2), gradient), gradient);
        TVec v = TSimd.MultiplyAdd(TSimd.Broadcast(_beta2), TSimd.Load(second), square);
        TVec denominator = TSimd.MultiplyAdd(TSimd.Sqrt(v), TSimd.Broadcast(_rootScale), TSimd.Broadcast(_epsilon));
        TVec move = TSimd.Divide(TSimd.Multiply(TSimd.Broadcast(_minusRate), m), denominator);
        TSimd.Store(m, first);
        TSimd.Store(v, second);
        // Without decay the bits of move: 1 − lr·λ, the other way to write it, would round a small decay to whole units of 1's last place.
        TVec w = TSimd.Load(weights);
        TSimd.Store(TSimd.Add(w, TSimd.MultiplyAdd(TSimd.Broadcast(_minusDecay), w, move)), weights);
    }
}
