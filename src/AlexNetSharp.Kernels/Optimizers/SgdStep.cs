namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>Where the learning rate enters momentum.</summary>
public enum MomentumForm
{
    /// <summary>v = μ·v + g + λ·w; w −= lr·v (PyTorch, Sutskever's "classical" form after a change of variable).</summary>
    GradientVelocity,

    /// <summary>v = μ·v − λ·lr·w − lr·g; w += v (Krizhevsky et al. 2012, §5): the velocity keeps the rate it was gathered at.</summary>
    WeightVelocity,
}

/// <summary>The constants of one update of stochastic gradient descent.</summary>
/// <param name="LearningRate">lr.</param>
/// <param name="Momentum">μ, in [0, 1).</param>
/// <param name="WeightDecay">λ, from 0 up.</param>
/// <param name="Form">Which form of momentum.</param>
public readonly record struct SgdStep(float LearningRate, float Momentum = 0, float WeightDecay = 0, MomentumForm Form = MomentumForm.GradientVelocity);
