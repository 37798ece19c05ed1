using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Models;
using BenchmarkDotNet.Attributes;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>Pictures varied and brought to a model's input: what a training step does before its first layer.</summary>
public class BatchPreparationBenchmarks : KernelBenchmark
{
    private const int Digits = 64;
    private const int Photographs = 8;

    private BatchPreparation _digitPreparation = null!;
    private BatchPreparation _photographPreparation = null!;
    private StoredImage[] _digits = [];
    private StoredImage[] _photographs = [];
    private float[] _digitInput = [];
    private float[] _photographInput = [];

    /// <summary>64 pictures of 28x28x1: affine mapping and elastic displacement.</summary>
    [Benchmark]
    public void DistortDigits() => _digitPreparation.Prepare(_digits, 1, 0, 0, _digitInput);

    /// <summary>8 pictures of 500x375x3 to 224x224x3: resized crop, flip and colour noise, normalised.</summary>
    [Benchmark]
    public void CropPhotographs() => _photographPreparation.Prepare(_photographs, 1, 0, 0, _photographInput);

    private protected override void Prepare()
    {
        FeatureShape digit = new(28, 28, 1), photograph = new(224, 224, 3);
        Preprocessing preprocessing = new() { Mean = [0.485f, 0.456f, 0.406f], Deviation = [0.229f, 0.224f, 0.225f] };
        _digitPreparation = Keep(new BatchPreparation(
            digit, Preprocessing.None, new() { Affine = new(15, 0.1f, 0.83f, 1.2f, 12), Elastic = new() }, 1, Digits, Team));
        _photographPreparation = Keep(new BatchPreparation(
            photograph, preprocessing, new() { RandomResizedCrop = new(), Flip = new(), ColorNoise = new() }, 3, Photographs, Team));
        _digits = [.. Enumerable.Range(0, Digits).Select(seed => Picture(seed, 28, 28, 1))];
        _photographs = [.. Enumerable.Range(0, Photographs).Select(seed => Picture(seed, 375, 500, 3))];
        _digitInput = new float[Digits * digit.Length];
        _photographInput = new float[Photographs * photograph.Length];
    }

    private static StoredImage Picture(int seed, int height, int width, int channels)
    {
        byte[] pixels = new byte[height * width * channels];
        new Random(seed).NextBytes(pixels);
        return new StoredImage(height, width, pixels);
    }
}
