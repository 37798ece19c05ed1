using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Reductions;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Convolution, bias and activation.</summary>
internal sealed class ConvolutionOperation(Network network, LayerShape shape, ActivationKind activation) : Operation
{
    private readonly Convolution2D _layer = (Convolution2D)shape.Layer;
    private readonly Parameter _weight = network.Find(shape.Parameters[0].Name);
    private readonly Parameter _bias = network.Find(shape.Parameters[1].Name);

    public override bool KeepsOutput => activation != ActivationKind.Identity;

    public override int ScratchLength(int batch, int threadCount)
    {
        ConvolutionGeometry geometry = _layer.Geometry(shape.Input, batch);
        int sums = ColumnSums.ScratchLength(batch * geometry.OutputHeight * geometry.OutputWidth, geometry.OutputChannels);
        return Math.Max(SpatialConvolution.ScratchLength(geometry, threadCount), sums);
    }

    public override void Forward(in RunContext run, ReadOnlySpan<float> input, Span<float> output, Span<float> scratch, ThreadTeam team) =>
        SpatialConvolution.Forward(input, network[_weight], network[_bias], output, _layer.Geometry(shape.Input, run.Count), activation, scratch, team);

    public override void Backward(
        in RunContext run, ReadOnlySpan<float> input, ReadOnlySpan<float> output, Span<float> dOutput, Span<float> dInput,
        Span<float> gradient, Span<float> scratch, ThreadTeam team)
    {
        ConvolutionGeometry geometry = _layer.Geometry(shape.Input, run.Count);
        if (activation != ActivationKind.Identity)
            Activation.Backward(activation, output, dOutput, dOutput, team);
        ColumnSums.Compute(dOutput, _bias.In(gradient), scratch, team);
        SpatialConvolution.WeightGradient(input, dOutput, _weight.In(gradient), geometry, scratch, team);
        if (!dInput.IsEmpty)
            SpatialConvolution.DataGradient(dOutput, network[_weight], dInput, geometry, scratch, team);
    }
}
