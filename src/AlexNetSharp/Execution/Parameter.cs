using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>One learnt parameter: where its values lie within its network's.</summary>
/// <param name="Spec">Name and shape.</param>
/// <param name="Offset">The first value's place; gradients and optimiser state lie at the same place in buffers of their own.</param>
public sealed record Parameter(ParameterSpec Spec, int Offset)
{
    /// <summary>Layer and role: <c>conv1.weight</c>.</summary>
    public string Name => Spec.Name;

    /// <summary>Values in all.</summary>
    public int Length => Spec.Length;

    /// <summary>This parameter's part of a buffer that is laid out like the network's values.</summary>
    internal Span<float> In(Span<float> buffer) => buffer.Slice(Offset, Length);
}
