namespace AlexNetSharp.Kernels.Activations;

/// <summary>The element-wise functions that follow a convolution or a dense layer.</summary>
public enum ActivationKind
{
    /// <summary>y = x.</summary>
    Identity,

    /// <summary>y = max(x, 0) (Nair and Hinton 2010; Krizhevsky et al. 2012, §3.1).</summary>
    Relu,

    /// <summary>y = tanh(x).</summary>
    Tanh,

    /// <summary>y = 1 / (1 + e^−x).</summary>
    Sigmoid,
}
