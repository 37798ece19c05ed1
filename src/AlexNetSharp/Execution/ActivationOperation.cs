using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Execution;

/// <summary>An activation that follows neither a convolution nor a dense layer, which would compute it themselves.</summary>
internal sealed class ActivationOperation(ActivationKind activation, ThreadTeam team) : Operation
{
    public override string Kernel => $"{activation}, element by element";

    public override bool KeepsInput => false;

    public override bool KeepsOutput => true;

    public override bool CanRunInPlace => true;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output) => Activation.Forward(activation, input, output, team);

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        if (!dInput.IsEmpty)
            Activation.Backward(activation, output, dOutput, dInput, team);
    }
}
