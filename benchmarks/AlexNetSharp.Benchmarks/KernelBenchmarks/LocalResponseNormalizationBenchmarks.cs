using AlexNetSharp.Kernels.Normalization;
using AlexNetSharp.Kernels.Regularization;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>The local response normalisations, alone and with the dropout that follows them.</summary>
public class LocalResponseNormalizationBenchmarks : KernelBenchmark
{
    private static readonly DropoutMask Mask = new(Keep: 0.8f, Seed: 1, Stream: 2, Step: 3);

    private LrnGeometry _geometry;
    private AlignedFloats _input = null!;
    private AlignedFloats _output = null!;
    private AlignedFloats _dOutput = null!;
    private AlignedFloats _dInput = null!;

    /// <summary>The layers.</summary>
    public static IEnumerable<LayerCase> Layers => LayerCase.Of<LocalResponseNorm>();

    /// <summary>The layer.</summary>
    [ParamsSource(nameof(Layers))]
    public LayerCase Layer { get; set; } = null!;

    /// <summary>Alone.</summary>
    [Benchmark]
    public void Forward() => LocalResponseNormalization.Forward(_input.Span, _output.Span, _geometry, Team);

    /// <summary>∂L/∂input.</summary>
    [Benchmark]
    public void Backward() => LocalResponseNormalization.Backward(_input.Span, _dOutput.Span, _dInput.Span, _geometry, Team);

    /// <summary>With dropout.</summary>
    [Benchmark]
    public void ForwardWithDropout() => LocalResponseNormalization.Forward(_input.Span, _output.Span, _geometry, Mask, Team);

    /// <summary>∂L/∂input with dropout.</summary>
    [Benchmark]
    public void BackwardWithDropout() => LocalResponseNormalization.Backward(_input.Span, _dOutput.Span, _dInput.Span, _geometry, Mask, Team);

    private protected override void Prepare()
    {
        LocalResponseNorm layer = (LocalResponseNorm)Layer.Shape.Layer;
        _geometry = new LrnGeometry(Layer.Shape.Input.Channels, layer.Radius, layer.Bias, layer.Alpha, layer.Beta);
        _input = Noise(Layer.InputLength);
        _dOutput = Noise(Layer.InputLength);
        _output = Empty(Layer.InputLength);
        _dInput = Empty(Layer.InputLength);
    }
}
