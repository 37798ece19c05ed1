using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Execution;

/// <summary>What all operations of a run share.</summary>
/// <param name="Count">Pictures in this batch, at most the plan's maximum.</param>
/// <param name="Seed">Seed of the dropout masks.</param>
/// <param name="Step">The training step; each has masks of its own.</param>
/// <param name="DropsOut">Whether dropout is on.</param>
internal readonly record struct RunContext(int Count, ulong Seed, uint Step, bool DropsOut);

/// <summary>One step of a plan: one layer, or several that are computed together.</summary>
/// <remarks>Buffers belong to the plan and are handed in, already cut to the batch at hand.</remarks>
internal abstract class Operation : IDisposable
{
    // What the operation keeps from the forward to the backward pass, freed with it.
    private readonly List<IDisposable> _kept = [];

    /// <summary>Values of one picture in this operation's output.</summary>
    public required int OutputLength { get; init; }

    /// <summary>The layers computed here, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>Floats of scratch memory needed for a batch of this size; a smaller one may need more.</summary>
    public virtual int ScratchLength(int batch, int threadCount) => 0;

    /// <summary>Whether <see cref="Backward"/> reads the output; if not, the next operation may overwrite it.</summary>
    public abstract bool KeepsOutput { get; }

    /// <summary>Whether the output may be the very memory of the input.</summary>
    public virtual bool CanRunInPlace => false;

    public abstract void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output, Span<float> scratch, ThreadTeam team);

    /// <summary>Writes dInput, unless it is empty, and this operation's part of the gradient.</summary>
    /// <param name="run">The same as in the forward pass.</param>
    /// <param name="input">The forward pass's input.</param>
    /// <param name="output">The forward pass's output; arbitrary unless <see cref="KeepsOutput"/>.</param>
    /// <param name="dOutput">∂L/∂output; may be overwritten.</param>
    /// <param name="dInput">∂L/∂input; empty for the first operation, whose input nobody asks about.</param>
    /// <param name="gradient">Laid out like the network's values.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats of the batch at hand.</param>
    /// <param name="team">The threads to compute with.</param>
    public abstract void Backward(
        in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput,
        Span<float> gradient, Span<float> scratch, ThreadTeam team);

    public void Dispose() => _kept.ForEach(buffer => buffer.Dispose());

    /// <summary>A buffer for one value an output, where the plan trains; null in inference.</summary>
    protected NativeBuffer<T>? Keep<T>(LayerShape shape, int batch, PlanMode mode)
        where T : unmanaged
    {
        if (mode == PlanMode.Inference)
            return null;
        NativeBuffer<T> buffer = new(checked(batch * shape.Output.Length));
        _kept.Add(buffer);
        return buffer;
    }
}
