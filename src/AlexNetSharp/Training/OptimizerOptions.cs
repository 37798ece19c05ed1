using System.Text.Json.Serialization;
using AlexNetSharp.Kernels.Optimizers;

namespace AlexNetSharp.Training;

/// <summary>Which optimiser, with its constants.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(AdamOptions), "adam")]
[JsonDerivedType(typeof(SgdOptions), "sgd")]
public abstract record OptimizerOptions
{
    /// <summary>λ, from 0 up: with SGD added to the gradient as λ·w, with Adam taken off the weights beside it (AdamW, Loshchilov and Hutter 2019).</summary>
    public float WeightDecay { get; init; }

    /// <summary>Whether biases decay as well.</summary>
    public bool DecaysBiases { get; init; } = true;

    /// <summary>Throws unless the constants make sense.</summary>
    /// <exception cref="ArgumentException">Names the constant, its value and what it must be.</exception>
    public virtual void Validate()
    {
        if (!(WeightDecay >= 0) || !float.IsFinite(WeightDecay))
            throw new ArgumentException($"The weight decay is {WeightDecay}; it must be a finite number from 0 up.");
    }
}

/// <summary>Adam (Kingma and Ba 2015); with weight decay AdamW.</summary>
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

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Beta1 is not (>= 0 and < 1) || Beta2 is not (>= 0 and < 1))
            throw new ArgumentException($"Adam's betas are {Beta1} and {Beta2}; they must lie in [0, 1).");
        if (!(Epsilon > 0) || !float.IsFinite(Epsilon))
            throw new ArgumentException($"Adam's epsilon is {Epsilon}; it must be a finite number above 0.");
        if (!Enum.IsDefined(Form))
            throw new ArgumentException($"Adam's form is {Form}; it must be one of {string.Join(", ", Enum.GetNames<AdamForm>())}.");
    }
}

/// <summary>Stochastic gradient descent with momentum and weight decay.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>μ, in [0, 1).</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>PyTorch's form or that of Krizhevsky et al. 2012.</summary>
    public MomentumForm Form { get; init; } = MomentumForm.GradientVelocity;

    /// <summary>Nesterov's momentum, in the form of Sutskever et al. 2013.</summary>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Momentum is not (>= 0 and < 1))
            throw new ArgumentException($"The momentum is {Momentum}; it must lie in [0, 1).");
        if (Nesterov && Momentum == 0)
            throw new ArgumentException("Nesterov's step looks ahead along the momentum, which is 0; give one above 0.");
        if (!Enum.IsDefined(Form))
            throw new ArgumentException($"The momentum's form is {Form}; it must be one of {string.Join(", ", Enum.GetNames<MomentumForm>())}.");
    }
}
