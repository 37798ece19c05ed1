using AlexNetSharp.Kernels.Regularization;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Execution;

/// <summary>Dropout in a training plan; the backward pass computes the mask again.</summary>
/// <param name="keep">The probability that a value survives.</param>
/// <param name="stream">This layer's number, so that its masks differ from every other's.</param>
/// <param name="team">The threads to compute with.</param>
internal sealed class DropoutOperation(float keep, uint stream, ThreadTeam team) : Operation
{
    public override string Kernel => "mask from a counter";

    public override bool KeepsInput => false;

    public override bool KeepsOutput => false;

    public override bool CanRunInPlace => true;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output)
    {
        if (run.DropsOut)
            Dropout.Apply(input, output, Mask(run), team);
        else if (!input.Overlaps(output))
            input.CopyTo(output);
    }

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        if (dInput.IsEmpty)
            return;
        if (run.DropsOut)
            Dropout.Apply(dOutput, dInput, Mask(run), team);
        else if (!dOutput.Overlaps(dInput))
            dOutput.CopyTo(dInput);
    }

    private DropoutMask Mask(in RunContext run) => new(keep, run.Seed, stream, run.Step);
}
