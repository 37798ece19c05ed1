using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>The max poolings.</summary>
public class MaxPoolingBenchmarks : KernelBenchmark
{
    private PoolGeometry _geometry;
    private AlignedFloats _input = null!;
    private AlignedFloats _output = null!;
    private AlignedFloats _dOutput = null!;
    private AlignedFloats _dInput = null!;
    private byte[] _winners = [];

    /// <summary>The layers.</summary>
    public static IEnumerable<LayerCase> Layers => LayerCase.Of<MaxPool2D>();

    /// <summary>The layer.</summary>
    [ParamsSource(nameof(Layers))]
    public LayerCase Layer { get; set; } = null!;

    /// <summary>With the winners kept, as in training.</summary>
    [Benchmark]
    public void Forward() => MaxPooling.Forward(_input.Span, _output.Span, _winners, _geometry, Team);

    /// <summary>∂L/∂input.</summary>
    [Benchmark]
    public void Backward() => MaxPooling.Backward(_dOutput.Span, _winners, _dInput.Span, _geometry, Team);

    private protected override void Prepare()
    {
        _geometry = LayerGeometry.Pooling(Layer);
        _input = Noise(_geometry.InputLength);
        _dOutput = Noise(_geometry.OutputLength);
        _output = Empty(_geometry.OutputLength);
        _dInput = Empty(_geometry.InputLength);
        _winners = new byte[_geometry.OutputLength];
        // The backward pass needs winners that are some.
        Forward();
    }
}
