using AlexNetSharp.Kernels.Regularization;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>Dropout.</summary>
public class DropoutBenchmarks : KernelBenchmark
{
    private AlignedFloats _input = null!;
    private AlignedFloats _output = null!;

    /// <summary>The layers.</summary>
    public static IEnumerable<LayerCase> Layers => LayerCase.Of<Models.Dropout>();

    /// <summary>The layer.</summary>
    [ParamsSource(nameof(Layers))]
    public LayerCase Layer { get; set; } = null!;

    /// <summary>Forward on activations, backward on gradients: the same.</summary>
    [Benchmark]
    public void Apply() => Dropout.Apply(_input.Span, _output.Span, new DropoutMask(((Models.Dropout)Layer.Shape.Layer).Keep, Seed: 1, Stream: 2, Step: 3), Team);

    private protected override void Prepare()
    {
        _input = Noise(Layer.InputLength);
        _output = Empty(Layer.InputLength);
    }
}
