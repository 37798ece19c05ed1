using System.Collections.Immutable;

namespace AlexNetSharp.Execution;

/// <summary>What all operations of a run share.</summary>
/// <param name="Count">Pictures in this batch, at most the plan's maximum.</param>
/// <param name="Seed">Seed of the dropout masks.</param>
/// <param name="Step">The training step that the masks of the forward pass are drawn for, and drawn for again going backward.</param>
/// <param name="DropsOut">Whether dropout is on.</param>
/// <param name="LearningRate">The step's learning rate, where an optimiser belongs to the plan.</param>
/// <param name="UpdateStep">The optimiser's own step, counted from 1.</param>
internal readonly record struct RunContext(int Count, ulong Seed, uint Step, bool DropsOut, float LearningRate = 0, int UpdateStep = 0);

/// <summary>One step of a plan: one layer, or several that are computed together.</summary>
/// <remarks>
/// Inputs, outputs and their gradients belong to the plan and are handed in, already cut to the batch at hand. What else an operation needs it
/// reserves in its constructor, with the moments at which it needs it.
/// </remarks>
internal abstract class Operation
{
    /// <summary>Values of one picture in this operation's output.</summary>
    public required int OutputLength { get; init; }

    /// <summary>The layers computed here, joined by +.</summary>
    public required string Name { get; init; }

    /// <summary>What it learns; empty for most.</summary>
    public virtual ImmutableArray<Parameter> Parameters => [];

    /// <summary>How it is computed, for people.</summary>
    public abstract string Kernel { get; }

    /// <summary>Why it is computed so, where there was a choice; else empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Multiply-accumulates of one picture's forward pass, a convolution's counted as computed directly.</summary>
    public virtual long MultiplyAccumulates => 0;

    /// <summary>Whether <see cref="Backward"/> reads the input; if not, the input need not be kept.</summary>
    public abstract bool KeepsInput { get; }

    /// <summary>Whether <see cref="Backward"/> reads the output; if not, the next operation may overwrite it.</summary>
    public abstract bool KeepsOutput { get; }

    /// <summary>Whether the output may be the very memory of the input, and the input's gradient that of the output's.</summary>
    public virtual bool CanRunInPlace => false;

    /// <summary>Computes the output.</summary>
    public abstract void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output);

    /// <summary>Writes dInput, unless it is empty, and the parameters' gradients; moves the parameters, where an optimiser belongs to the plan.</summary>
    /// <param name="run">The same as in the forward pass.</param>
    /// <param name="input">The forward pass's input; arbitrary unless <see cref="KeepsInput"/>.</param>
    /// <param name="output">The forward pass's output; arbitrary unless <see cref="KeepsOutput"/>.</param>
    /// <param name="dOutput">∂L/∂output; may be overwritten.</param>
    /// <param name="dInput">∂L/∂input; empty for the first operation, whose input nobody asks about.</param>
    public abstract void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput);
}
