using System.Collections.Immutable;

namespace AlexNetSharp.Models;

/// <summary>Which of a layer's parameters.</summary>
public enum ParameterRole
{
    /// <summary>What inputs are multiplied by.</summary>
    Weight,

    /// <summary>What is added.</summary>
    Bias,
}

/// <summary>A parameter that a layer learns.</summary>
/// <param name="Name">Layer and role: <c>conv1.weight</c>.</param>
/// <param name="Role">Weight or bias.</param>
/// <param name="Shape">Convolution weights [O, kernel height, kernel width, I / groups]; dense weights [in, out]; biases [out].</param>
/// <param name="FanIn">Inputs that each output sums over, for initialisation.</param>
/// <param name="FanOut">Outputs that each input reaches, for initialisation.</param>
public sealed record ParameterSpec(string Name, ParameterRole Role, ImmutableArray<int> Shape, int FanIn, int FanOut)
{
    /// <summary>Values in all.</summary>
    public int Length => Shape.Aggregate(1, (product, size) => checked(product * size));
}
