using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>The convolutions, computed directly.</summary>
public class ConvolutionBenchmarks : KernelBenchmark
{
    private ConvolutionGeometry _geometry;
    private AlignedFloats _input = null!;
    private AlignedFloats _weights = null!;
    private AlignedFloats _bias = null!;
    private AlignedFloats _output = null!;
    private AlignedFloats _dOutput = null!;
    private AlignedFloats _dInput = null!;
    private AlignedFloats _dWeights = null!;
    private AlignedFloats _scratch = null!;

    /// <summary>The layers.</summary>
    public static IEnumerable<LayerCase> Layers => LayerCase.Of<Convolution2D>();

    /// <summary>The layer.</summary>
    [ParamsSource(nameof(Layers))]
    public LayerCase Layer { get; set; } = null!;

    /// <summary>With bias and ReLU.</summary>
    [Benchmark]
    public void Forward() =>
        SpatialConvolution.Forward(_input.Span, _weights.Span, _bias.Span, _output.Span, _geometry, ActivationKind.Relu, _scratch.Span, Team);

    /// <summary>∂L/∂input.</summary>
    [Benchmark]
    public void DataGradient() => SpatialConvolution.DataGradient(_dOutput.Span, _weights.Span, _dInput.Span, _geometry, _scratch.Span, Team);

    /// <summary>∂L/∂weights.</summary>
    [Benchmark]
    public void WeightGradient() => SpatialConvolution.WeightGradient(_input.Span, _dOutput.Span, _dWeights.Span, _geometry, _scratch.Span, Team);

    private protected override void Prepare()
    {
        _geometry = LayerGeometry.Convolution(Layer);
        _input = Noise(_geometry.InputLength);
        _weights = Noise(_geometry.WeightLength);
        _bias = Noise(_geometry.OutputChannels);
        _dOutput = Noise(_geometry.OutputLength);
        _output = Empty(_geometry.OutputLength);
        _dInput = Empty(_geometry.InputLength);
        _dWeights = Empty(_geometry.WeightLength);
        _scratch = Empty(SpatialConvolution.ScratchLength(_geometry, Threads));
    }
}
