using System.Text.Json.Serialization;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>Where the learning rate enters momentum.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MomentumForm>))]
public enum MomentumForm
{
    /// <summary>v = μ·v + g + λ·w; w −= lr·v (PyTorch, Sutskever's "classical" form after a change of variable).</summary>
    [JsonStringEnumMemberName("gradient_velocity")]
    GradientVelocity,

    /// <summary>v = μ·v − λ·lr·w − lr·g; w += v (Krizhevsky et al. 2012, §5): the velocity keeps the rate it was gathered at.</summary>
    [JsonStringEnumMemberName("weight_velocity")]
    WeightVelocity,
}

/// <summary>The constants of one update of stochastic gradient descent.</summary>
/// <param name="LearningRate">lr.</param>
/// <param name="Momentum">μ, in [0, 1).</param>
/// <param name="WeightDecay">λ, from 0 up.</param>
/// <param name="Form">Which form of momentum.</param>
/// <param name="Nesterov">
/// Whether weights move by where momentum will have carried the velocity (Nesterov 1983, in the form of Sutskever et al. 2013 that PyTorch
/// uses): w −= lr·(g + λ·w + μ·v) with the new v; in the other form w += μ·v − lr·(g + λ·w). Needs a momentum above 0.
/// </param>
public readonly record struct SgdStep(
    float LearningRate, float Momentum = 0, float WeightDecay = 0, MomentumForm Form = MomentumForm.GradientVelocity, bool Nesterov = false);
