using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>One learnt parameter: where its values lie within its network's.</summary>
/// <remarks>
/// Values are read and written in the layout that <see cref="ParameterSpec.Shape"/> states. In memory dense weights lie as
/// <see cref="DenseLayer"/> computes with them, in panels with zeros around; all others lie as their shape says.
/// </remarks>
/// <param name="Spec">Name and shape.</param>
/// <param name="Offset">The first value's place; gradients and optimiser state lie at the same place in buffers of their own.</param>
public sealed record Parameter(ParameterSpec Spec, int Offset)
{
    /// <summary>Layer and role: <c>conv1.weight</c>.</summary>
    public string Name => Spec.Name;

    /// <summary>Values in all.</summary>
    public int Length => Spec.Length;

    /// <summary>Floats that the values take in memory.</summary>
    internal int StorageLength => Panels is DenseGeometry panels ? checked((int)panels.WeightLength) : Length;

    // The panels' sizes, where values lie in panels.
    private DenseGeometry? Panels => Spec is { Role: ParameterRole.Weight, Shape: [int inputs, int outputs] } ? new DenseGeometry(1, inputs, outputs) : null;

    /// <summary>This parameter's part of a buffer that is laid out like the network's values.</summary>
    internal Span<float> In(Span<float> buffer) => buffer.Slice(Offset, StorageLength);

    /// <summary>Takes this parameter's values, in their shape's order, from a buffer that is laid out like the network's values.</summary>
    /// <exception cref="ArgumentException">There is not room for exactly <see cref="Length"/> values.</exception>
    internal void Read(Span<float> buffer, Span<float> values)
    {
        RequireLength(values.Length, nameof(values));
        if (Panels is DenseGeometry panels)
            DenseLayer.UnpackWeights(In(buffer), values, panels);
        else
            In(buffer).CopyTo(values);
    }

    /// <summary>Puts values, in their shape's order, into a buffer that is laid out like the network's values.</summary>
    /// <exception cref="ArgumentException">They are not exactly <see cref="Length"/> values.</exception>
    internal void Write(Span<float> buffer, ReadOnlySpan<float> values)
    {
        RequireLength(values.Length, nameof(values));
        if (Panels is DenseGeometry panels)
            DenseLayer.PackWeights(values, In(buffer), panels);
        else
            values.CopyTo(In(buffer));
    }

    /// <summary>Takes the weights of some of a dense layer's outputs, a panel's or the last ones, from a buffer that is laid out like the network's values.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="first">The first of the outputs; begins a panel.</param>
    /// <param name="outputs">How many.</param>
    /// <param name="values">[in, outputs], overwritten.</param>
    internal void ReadOutputs(Span<float> buffer, int first, int outputs, Span<float> values) =>
        DenseLayer.UnpackWeights(Panel(buffer, first, outputs, out DenseGeometry panel), values, panel);

    /// <summary>Puts the weights of some of a dense layer's outputs, a panel's or the last ones, into a buffer that is laid out like the network's values.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="first">The first of the outputs; begins a panel.</param>
    /// <param name="outputs">How many.</param>
    /// <param name="values">[in, outputs].</param>
    internal void WriteOutputs(Span<float> buffer, int first, int outputs, ReadOnlySpan<float> values) =>
        DenseLayer.PackWeights(values, Panel(buffer, first, outputs, out DenseGeometry panel), panel);

    // A panel of many lies as the one panel of a layer that has no more outputs.
    private Span<float> Panel(Span<float> buffer, int first, int outputs, out DenseGeometry panel)
    {
        panel = new(1, Spec.Shape[0], outputs);
        int length = (int)panel.WeightLength;
        return In(buffer).Slice(first / DenseLayer.PanelOutputs * length, length);
    }

    private void RequireLength(int length, string name)
    {
        if (length != Length)
            throw new ArgumentException($"{length} values for parameter '{Name}' of shape [{string.Join(',', Spec.Shape)}]; it has {Length}.", name);
    }
}
