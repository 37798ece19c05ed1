using AlexNetSharp.Kernels.Normalization;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Execution;

/// <summary>Local response normalisation; a training plan keeps the scales.</summary>
internal sealed class LrnOperation : Operation
{
    private readonly LrnGeometry _geometry;
    private readonly NativeBuffer<float>? _scale;

    public LrnOperation(LayerShape shape, int batch, PlanMode mode)
    {
        _geometry = ((LocalResponseNorm)shape.Layer).Geometry(shape.Input);
        _scale = Keep<float>(shape, batch, mode);
    }

    public override bool KeepsOutput => false;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output, Span<float> scratch, ThreadTeam team) =>
        LocalResponseNormalization.Forward(input, output, Scale(run.Count), _geometry, team);

    public override void Backward(
        in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput,
        Span<float> gradient, Span<float> scratch, ThreadTeam team)
    {
        if (!dInput.IsEmpty)
            LocalResponseNormalization.Backward(input, Scale(run.Count), dOutput, dInput, _geometry, team);
    }

    private Span<float> Scale(int count) => _scale is null ? [] : _scale.Span[..(count * OutputLength)];
}
