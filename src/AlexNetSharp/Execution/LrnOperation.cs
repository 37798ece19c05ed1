using AlexNetSharp.Kernels.Normalization;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Local response normalisation; the backward pass computes the scales again.</summary>
internal sealed class LrnOperation(LayerShape shape) : Operation
{
    private readonly LrnGeometry _geometry = ((LocalResponseNorm)shape.Layer).Geometry(shape.Input);

    public override bool KeepsOutput => false;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output, Span<float> scratch, ThreadTeam team) =>
        LocalResponseNormalization.Forward(input, output, _geometry, team);

    public override void Backward(
        in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput,
        Span<float> gradient, Span<float> scratch, ThreadTeam team)
    {
        if (!dInput.IsEmpty)
            LocalResponseNormalization.Backward(input, dOutput, dInput, _geometry, team);
    }
}
