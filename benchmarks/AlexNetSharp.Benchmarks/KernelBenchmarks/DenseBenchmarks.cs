using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>The dense layers: three products.</summary>
public class DenseBenchmarks : KernelBenchmark
{
    private GemmGeometry _forward;
    private GemmGeometry _dataGradient;
    private GemmGeometry _weightGradient;
    private AlignedFloats _input = null!;
    private AlignedFloats _weights = null!;
    private AlignedFloats _bias = null!;
    private AlignedFloats _output = null!;
    private AlignedFloats _dOutput = null!;
    private AlignedFloats _dInput = null!;
    private AlignedFloats _dWeights = null!;
    private AlignedFloats _scratch = null!;

    /// <summary>The layers.</summary>
    public static IEnumerable<LayerCase> Layers => LayerCase.Of<Dense>();

    /// <summary>The layer.</summary>
    [ParamsSource(nameof(Layers))]
    public LayerCase Layer { get; set; } = null!;

    /// <summary>Y = X · W with bias and ReLU.</summary>
    [Benchmark]
    public void Forward() => Gemm.Multiply(_input.Span, _weights.Span, _bias.Span, _output.Span, _forward, ActivationKind.Relu, _scratch.Span, Team);

    /// <summary>dX = dY · Wᵀ.</summary>
    [Benchmark]
    public void DataGradient() => Gemm.Multiply(_dOutput.Span, _weights.Span, [], _dInput.Span, _dataGradient, ActivationKind.Identity, _scratch.Span, Team);

    /// <summary>dW = Xᵀ · dY.</summary>
    [Benchmark]
    public void WeightGradient() => Gemm.Multiply(_input.Span, _dOutput.Span, [], _dWeights.Span, _weightGradient, ActivationKind.Identity, _scratch.Span, Team);

    private protected override void Prepare()
    {
        int inputs = Layer.Shape.Input.Channels, outputs = Layer.Shape.Output.Channels;
        _forward = new GemmGeometry(Layer.Batch, outputs, inputs);
        _dataGradient = new GemmGeometry(Layer.Batch, inputs, outputs) { TransposeB = true };
        _weightGradient = new GemmGeometry(inputs, outputs, Layer.Batch) { TransposeA = true };
        _input = Noise(Layer.InputLength);
        _weights = Noise((long)inputs * outputs);
        _bias = Noise(outputs);
        _dOutput = Noise(Layer.OutputLength);
        _output = Empty(Layer.OutputLength);
        _dInput = Empty(Layer.InputLength);
        _dWeights = Empty((long)inputs * outputs);
        _scratch = Empty(new[] { _forward, _dataGradient, _weightGradient }.Max(product => Gemm.ScratchLength(product, Threads)));
    }
}
