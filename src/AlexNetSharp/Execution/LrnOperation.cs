using AlexNetSharp.Kernels.Normalization;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Local response normalisation; a training plan keeps the scales.</summary>
internal sealed class LrnOperation : Operation
{
    private readonly LrnGeometry _geometry;
    private readonly PlanBuffer<float>? _scale;
    private readonly ThreadTeam _team;

    public LrnOperation(PlanContext context, LayerShape shape, OperationTime time)
    {
        _geometry = ((LocalResponseNorm)shape.Layer).Geometry(shape.Input);
        _team = context.Team;
        if (context.Trains)
            _scale = context.Memory.Reserve<float>($"{shape.Layer.Name} scales", (long)context.MaximalBatch * shape.Output.Length, time.Forward, time.Backward);
    }

    public override string Kernel => "across channels";

    public override bool KeepsInput => true;

    public override bool KeepsOutput => false;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output) =>
        LocalResponseNormalization.Forward(input, output, Scale(run.Count), _geometry, _team);

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        if (!dInput.IsEmpty)
            LocalResponseNormalization.Backward(input, Scale(run.Count), dOutput, dInput, _geometry, _team);
    }

    private Span<float> Scale(int count) => _scale is null ? [] : _scale.Span[..(count * OutputLength)];
}
