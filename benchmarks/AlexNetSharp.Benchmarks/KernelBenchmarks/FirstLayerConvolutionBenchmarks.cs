using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>The convolutions of few input channels, with the pooling that follows them.</summary>
public class FirstLayerConvolutionBenchmarks : KernelBenchmark
{
    private ConvolutionStage _stage;
    private AlignedFloats _input = null!;
    private AlignedFloats _weights = null!;
    private AlignedFloats _bias = null!;
    private AlignedFloats _output = null!;
    private AlignedFloats _dOutput = null!;
    private AlignedFloats _dWeights = null!;
    private AlignedFloats _dBias = null!;
    private AlignedFloats _scratch = null!;
    private byte[] _winners = [];

    /// <summary>The layers.</summary>
    public static IEnumerable<LayerCase> Layers => LayerCase.Of<Convolution2D>().Where(layer => FirstLayerConvolution.Supports(LayerGeometry.Stage(layer)));

    /// <summary>The layer.</summary>
    [ParamsSource(nameof(Layers))]
    public LayerCase Layer { get; set; } = null!;

    /// <summary>With bias, ReLU and pooling.</summary>
    [Benchmark]
    public void Forward() =>
        FirstLayerConvolution.Forward(_input.Span, _weights.Span, _bias.Span, _output.Span, _winners, _stage, _scratch.Span, Team);

    /// <summary>∂L/∂weights and ∂L/∂bias.</summary>
    [Benchmark]
    public void WeightGradient() => FirstLayerConvolution.WeightGradient(
        _input.Span, _output.Span, _winners, _dOutput.Span, _dWeights.Span, _dBias.Span, _stage, _scratch.Span, Team);

    private protected override void Prepare()
    {
        _stage = LayerGeometry.Stage(Layer);
        ConvolutionGeometry geometry = _stage.Convolution;
        _input = Noise(geometry.InputLength);
        _weights = Noise(geometry.WeightLength);
        _bias = Noise(geometry.OutputChannels);
        _dOutput = Noise(_stage.OutputLength);
        _output = Empty(_stage.OutputLength);
        _dWeights = Empty(geometry.WeightLength);
        _dBias = Empty(geometry.OutputChannels);
        _scratch = Empty(FirstLayerConvolution.ScratchLength(_stage, Threads));
        _winners = new byte[_stage.Pooling is null ? 0 : _stage.OutputLength];
        // The gradient needs an output and winners that are some.
        Forward();
    }
}
