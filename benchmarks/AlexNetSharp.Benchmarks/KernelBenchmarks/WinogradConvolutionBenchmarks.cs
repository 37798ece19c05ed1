using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>The convolutions that Winograd's method computes, with the pooling that follows them.</summary>
public class WinogradConvolutionBenchmarks : KernelBenchmark
{
    private ConvolutionStage _stage;
    private AlignedFloats _input = null!;
    private AlignedFloats _weights = null!;
    private AlignedFloats _filters = null!;
    private AlignedFloats _transposedFilters = null!;
    private AlignedFloats _bias = null!;
    private AlignedFloats _output = null!;
    private AlignedFloats _dOutput = null!;
    private AlignedFloats _dInput = null!;
    private AlignedFloats _dWeights = null!;
    private AlignedFloats _dBias = null!;
    private AlignedFloats _scratch = null!;
    private byte[] _winners = [];

    /// <summary>The layers.</summary>
    public static IEnumerable<LayerCase> Layers => LayerCase.Of<Convolution2D>().Where(layer => WinogradConvolution.Supports(LayerGeometry.Convolution(layer)));

    /// <summary>The layer.</summary>
    [ParamsSource(nameof(Layers))]
    public LayerCase Layer { get; set; } = null!;

    /// <summary>What follows a change of the weights.</summary>
    [Benchmark]
    public void TransformFilters() => WinogradConvolution.TransformFilters(_weights.Span, _filters.Span, _transposedFilters.Span, _stage.Convolution, Team);

    /// <summary>With bias, ReLU and pooling.</summary>
    [Benchmark]
    public void Forward() =>
        WinogradConvolution.Forward(_input.Span, _filters.Span, _bias.Span, _output.Span, _winners, _stage, _scratch.Span, Team);

    /// <summary>All gradients.</summary>
    [Benchmark]
    public void Backward() => WinogradConvolution.Backward(
        _input.Span, _transposedFilters.Span, _output.Span, _winners, _dOutput.Span, _dInput.Span, _dWeights.Span, _dBias.Span, _stage, _scratch.Span, Team);

    private protected override void Prepare()
    {
        _stage = LayerGeometry.Stage(Layer);
        ConvolutionGeometry geometry = _stage.Convolution;
        _input = Noise(geometry.InputLength);
        _weights = Noise(geometry.WeightLength);
        _bias = Noise(geometry.OutputChannels);
        _dOutput = Noise(_stage.OutputLength);
        _filters = Empty(WinogradConvolution.FilterLength(geometry));
        _transposedFilters = Empty(WinogradConvolution.TransposedFilterLength(geometry));
        _output = Empty(_stage.OutputLength);
        _dInput = Empty(geometry.InputLength);
        _dWeights = Empty(geometry.WeightLength);
        _dBias = Empty(geometry.OutputChannels);
        _scratch = Empty(Math.Max(WinogradConvolution.ForwardScratchLength(geometry, Threads), WinogradConvolution.BackwardScratchLength(geometry, Threads)));
        _winners = new byte[_stage.Pooling is null ? 0 : _stage.OutputLength];
        // The backward pass needs filters, an output and winners that are some.
        TransformFilters();
        Forward();
    }
}
