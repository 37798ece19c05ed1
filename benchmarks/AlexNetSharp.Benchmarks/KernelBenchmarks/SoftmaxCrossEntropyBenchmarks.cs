using AlexNetSharp.Benchmarks.Measurement;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>The loss, which one thread computes.</summary>
public class SoftmaxCrossEntropyBenchmarks
{
    private float[] _logits = [];
    private float[] _dLogits = [];
    private float[] _losses = [];
    private int[] _labels = [];
    private int _classes;

    /// <summary>The models.</summary>
    public static IEnumerable<string> Models => OptimizerBenchmarks.Models;

    /// <summary>The model.</summary>
    [ParamsSource(nameof(Models))]
    public string Model { get; set; } = "";

    /// <summary>The loss of each picture.</summary>
    [Benchmark]
    public void Loss() => SoftmaxCrossEntropy.Loss(_logits, _labels, _losses, _classes);

    /// <summary>∂L/∂logits.</summary>
    [Benchmark]
    public void Gradient() => SoftmaxCrossEntropy.Gradient(_logits, _labels, _dLogits, _classes);

    /// <summary>Lays out the operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        int batch = Workload.Standard.First(workload => workload.Model == Model).Batch;
        _classes = ModelCatalog.Create(Model).Classes.Length;
        using AlignedFloats noise = AlignedFloats.Noise(batch * _classes, 0);
        _logits = noise.Span.ToArray();
        _dLogits = new float[batch * _classes];
        _losses = new float[batch];
        _labels = [.. Enumerable.Range(0, batch).Select(i => i % _classes)];
    }
}
