using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Execution;

/// <summary>Max pooling; a training plan keeps the winners.</summary>
internal sealed class MaxPoolOperation : Operation
{
    private readonly MaxPool2D _layer;
    private readonly FeatureShape _input;
    private readonly NativeBuffer<byte>? _winners;

    public MaxPoolOperation(LayerShape shape, int batch, PlanMode mode)
    {
        _layer = (MaxPool2D)shape.Layer;
        _input = shape.Input;
        _winners = Keep<byte>(shape, batch, mode);
    }

    public override bool KeepsOutput => false;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output, Span<float> scratch, ThreadTeam team) =>
        MaxPooling.Forward(input, output, Winners(run.Count), _layer.Geometry(_input, run.Count), team);

    public override void Backward(
        in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput,
        Span<float> gradient, Span<float> scratch, ThreadTeam team)
    {
        if (!dInput.IsEmpty)
            MaxPooling.Backward(dOutput, Winners(run.Count), dInput, _layer.Geometry(_input, run.Count), team);
    }

    private Span<byte> Winners(int count) => _winners is null ? [] : _winners.Span[..(count * OutputLength)];
}
