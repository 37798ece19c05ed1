using AlexNetSharp.Kernels.Normalization;
using AlexNetSharp.Kernels.Regularization;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Local response normalisation and the dropout that follows it; the backward pass computes scales and mask again.</summary>
/// <param name="shape">The normalisation.</param>
/// <param name="keep">The dropout's probability that a value survives; 1 without dropout.</param>
/// <param name="stream">The dropout layer's number.</param>
/// <param name="team">The threads to compute with.</param>
internal sealed class LrnOperation(LayerShape shape, float keep, uint stream, ThreadTeam team) : Operation
{
    private readonly LrnGeometry _geometry = ((LocalResponseNorm)shape.Layer).Geometry(shape.Input);

    public override string Kernel => "sliding window across channels";

    public override bool KeepsInput => true;

    public override bool KeepsOutput => false;

    public override bool CanRunInPlace => true;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output) =>
        LocalResponseNormalization.Forward(input, output, _geometry, Mask(run), team);

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        if (!dInput.IsEmpty)
            LocalResponseNormalization.Backward(input, dOutput, dInput, _geometry, Mask(run), team);
    }

    private DropoutMask Mask(in RunContext run) => run.DropsOut && keep < 1 ? new(keep, run.Seed, stream, run.Step) : DropoutMask.None;
}
