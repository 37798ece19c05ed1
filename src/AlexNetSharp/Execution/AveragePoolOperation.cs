using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Average pooling; the backward pass needs nothing but the sizes.</summary>
/// <param name="shape">The pooling.</param>
/// <param name="team">The threads to compute with.</param>
internal sealed class AveragePoolOperation(LayerShape shape, ThreadTeam team) : Operation
{
    private readonly AveragePool2D _layer = (AveragePool2D)shape.Layer;

    public override string Kernel => "window by window";

    public override bool KeepsInput => false;

    public override bool KeepsOutput => false;

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output) =>
        AveragePooling.Forward(input, output, _layer.Geometry(shape.Input, run.Count), team);

    public override void Backward(in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput)
    {
        if (!dInput.IsEmpty)
            AveragePooling.Backward(dOutput, dInput, _layer.Geometry(shape.Input, run.Count), team);
    }
}
