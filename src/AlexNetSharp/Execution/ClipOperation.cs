using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Clipping, element by element.</summary>
/// <param name="clip">The bounds.</param>
/// <param name="team">The threads to compute with.</param>
internal sealed class ClipOperation(Clip clip, ThreadTeam team) : Operation
{
    public override string Kernel => "Clip, element by element";

    public override bool KeepsInput => false;

    public override bool KeepsOutput => true;

    public override bool CanRunInPlace => true;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output) =>
        Clipping.Forward(input, output, clip.Minimum, clip.Maximum, team);

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        if (!dInput.IsEmpty)
            Clipping.Backward(output, dOutput, dInput, clip.Minimum, clip.Maximum, team);
    }
}
