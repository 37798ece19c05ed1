using AlexNetSharp.Benchmarks.Measurement;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>The update of all weights of a model.</summary>
public class OptimizerBenchmarks : KernelBenchmark
{
    // So low that the weights stay where they are.
    private const float LearningRate = 1e-9f;

    private AlignedFloats _weights = null!;
    private AlignedFloats _gradient = null!;
    private AlignedFloats _first = null!;
    private AlignedFloats _second = null!;

    /// <summary>The models.</summary>
    public static IEnumerable<string> Models => Workload.Standard.Select(workload => workload.Model).Distinct();

    /// <summary>The model.</summary>
    [ParamsSource(nameof(Models))]
    public string Model { get; set; } = "";

    /// <summary>Adam.</summary>
    [Benchmark]
    public void AdamUpdate() => Adam.Update(_weights.Span, _first.Span, _second.Span, _gradient.Span, new AdamStep(LearningRate, Step: 1), Team);

    /// <summary>SGD with momentum and weight decay.</summary>
    [Benchmark]
    public void SgdUpdate() => Sgd.Update(_weights.Span, _first.Span, _gradient.Span, new SgdStep(LearningRate, Momentum: 0.9f, WeightDecay: 5e-4f), Team);

    private protected override void Prepare()
    {
        long parameters = ModelCatalog.Create(Model).InferShapes().Sum(layer => layer.ParameterCount);
        _weights = Noise(parameters);
        _gradient = Noise(parameters);
        _first = Empty(parameters);
        _second = Empty(parameters);
    }
}
