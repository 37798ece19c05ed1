using System.Text.Json.Serialization;
using AlexNetSharp.Kernels.Activations;

namespace AlexNetSharp.Models;

/// <summary>An element-wise function after a convolution or dense layer.</summary>
public abstract record ActivationLayer : ElementwiseLayer
{
    /// <summary>The function.</summary>
    [JsonIgnore]
    public abstract ActivationKind Activation { get; }
}

/// <summary>y = max(x, 0).</summary>
public sealed record Relu : ActivationLayer
{
    /// <inheritdoc/>
    public override string Kind => "ReLU";

    /// <inheritdoc/>
    public override ActivationKind Activation => ActivationKind.Relu;
}

/// <summary>y = tanh(x).</summary>
public sealed record Tanh : ActivationLayer
{
    /// <inheritdoc/>
    public override string Kind => "Tanh";

    /// <inheritdoc/>
    public override ActivationKind Activation => ActivationKind.Tanh;
}

/// <summary>y = 1 / (1 + e^−x).</summary>
public sealed record Sigmoid : ActivationLayer
{
    /// <inheritdoc/>
    public override string Kind => "Sigmoid";

    /// <inheritdoc/>
    public override ActivationKind Activation => ActivationKind.Sigmoid;
}
