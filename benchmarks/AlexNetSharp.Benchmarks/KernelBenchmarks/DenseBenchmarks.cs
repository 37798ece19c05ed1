using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>The dense layers.</summary>
public class DenseBenchmarks : KernelBenchmark
{
    // So low that the weights stay where they are.
    private static readonly AdamStep Step = new(LearningRate: 1e-9f, Step: 1);

    private DenseGeometry _geometry;
    private AlignedFloats _input = null!;
    private AlignedFloats _packedInput = null!;
    private AlignedFloats _weights = null!;
    private AlignedFloats _bias = null!;
    private AlignedFloats _output = null!;
    private AlignedFloats _dOutput = null!;
    private AlignedFloats _dInput = null!;
    private AlignedFloats _dWeights = null!;
    private AlignedFloats _firstMoment = null!;
    private AlignedFloats _secondMoment = null!;
    private AlignedFloats _scratch = null!;

    /// <summary>The layers.</summary>
    public static IEnumerable<LayerCase> Layers => LayerCase.Of<Dense>();

    /// <summary>The layer.</summary>
    [ParamsSource(nameof(Layers))]
    public LayerCase Layer { get; set; } = null!;

    /// <summary>With bias and ReLU; the input is put into panels first.</summary>
    [Benchmark]
    public void Forward()
    {
        DenseLayer.PackInput(_input.Span, _packedInput.Span, _geometry, Team);
        DenseLayer.Forward(_packedInput.Span, _weights.Span, _bias.Span, _output.Span, _geometry, ActivationKind.Relu, _scratch.Span, Team);
    }

    /// <summary>∂L/∂input.</summary>
    [Benchmark]
    public void DataGradient() => DenseLayer.DataGradient(_dOutput.Span, _weights.Span, _dInput.Span, _geometry, _scratch.Span, Team);

    /// <summary>∂L/∂weights.</summary>
    [Benchmark]
    public void WeightGradient() => DenseLayer.WeightGradient(_packedInput.Span, _dOutput.Span, _dWeights.Span, _geometry, _scratch.Span, Team);

    /// <summary>∂L/∂weights, used up by Adam as it comes.</summary>
    [Benchmark]
    public void WeightGradientWithAdam() => DenseLayer.WeightGradientWithAdam(
        _packedInput.Span, _dOutput.Span, _weights.Span, _firstMoment.Span, _secondMoment.Span, Step, _geometry, _scratch.Span, Team);

    private protected override void Prepare()
    {
        int inputs = Layer.Shape.Input.Channels, outputs = Layer.Shape.Output.Channels;
        _geometry = new DenseGeometry(Layer.Batch, inputs, outputs);
        _input = Noise(_geometry.InputLength);
        _bias = Noise(outputs);
        _dOutput = Noise(_geometry.OutputLength);
        _packedInput = Empty(_geometry.PackedInputLength);
        _weights = Empty(_geometry.WeightLength);
        using (AlignedFloats rowMajor = AlignedFloats.Noise((long)inputs * outputs, 0))
            DenseLayer.PackWeights(rowMajor.Span, _weights.Span, _geometry);
        _output = Empty(_geometry.OutputLength);
        _dInput = Empty(_geometry.InputLength);
        _dWeights = Empty(_geometry.WeightLength);
        _firstMoment = Empty(_geometry.WeightLength);
        _secondMoment = Empty(_geometry.WeightLength);
        _scratch = Empty(Math.Max(DenseLayer.ForwardScratchLength(_geometry, Threads), DenseLayer.BackwardScratchLength(_geometry, Threads)));
        DenseLayer.PackInput(_input.Span, _packedInput.Span, _geometry, Team);
    }
}
