using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Max pooling that no convolution takes along; a training plan keeps the winners.</summary>
internal sealed class MaxPoolOperation : Operation
{
    private readonly MaxPool2D _layer;
    private readonly FeatureShape _input;
    private readonly PlanBuffer<byte>? _winners;
    private readonly ThreadTeam _team;

    public MaxPoolOperation(PlanContext context, LayerShape shape, OperationTime time)
    {
        _layer = (MaxPool2D)shape.Layer;
        _input = shape.Input;
        _team = context.Team;
        if (context.Trains)
            _winners = context.Memory.Reserve<byte>($"{shape.Layer.Name} winners", (long)context.MaximalBatch * shape.Output.Length, time.Forward, time.Backward);
    }

    public override string Kernel => "window by window";

    public override bool KeepsInput => false;

    public override bool KeepsOutput => false;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output) =>
        MaxPooling.Forward(input, output, Winners(run.Count), _layer.Geometry(_input, run.Count), _team);

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        if (!dInput.IsEmpty)
            MaxPooling.Backward(dOutput, Winners(run.Count), dInput, _layer.Geometry(_input, run.Count), _team);
    }

    private Span<byte> Winners(int count) => _winners is null ? [] : _winners.Span[..(count * OutputLength)];
}
