using System.Text.Json.Serialization;
using AlexNetSharp.Kernels.Optimizers;

namespace AlexNetSharp.Training;

/// <summary>Which optimiser, with its constants.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(AdamOptions), "adam")]
[JsonDerivedType(typeof(SgdOptions), "sgd")]
public abstract record OptimizerOptions;

/// <summary>Adam (Kingma and Ba 2015).</summary>
public sealed record AdamOptions : OptimizerOptions
{
    /// <summary>Decay of the first moment, in [0, 1).</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Decay of the second moment, in [0, 1).</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>ε̂ or ε, as <see cref="Form"/> says; above 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>TensorFlow's or PyTorch's form.</summary>
    public AdamForm Form { get; init; } = AdamForm.EpsilonHat;
}

/// <summary>Stochastic gradient descent with momentum and weight decay.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>μ, in [0, 1).</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>λ, from 0 up.</summary>
    public float WeightDecay { get; init; }

    /// <summary>PyTorch's form or that of Krizhevsky et al. 2012.</summary>
    public MomentumForm Form { get; init; } = MomentumForm.GradientVelocity;
}
