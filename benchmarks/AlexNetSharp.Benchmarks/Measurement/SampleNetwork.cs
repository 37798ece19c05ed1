using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>Networks and pictures to measure with: drawn, the same at every run.</summary>
internal static class SampleNetwork
{
    private const ulong Seed = 1;
    private const ulong BiasStream = 99;

    // As large as the values that a bias is added to, roughly a tenth: enough for an engine that forgets one to be found out.
    private const double BiasDeviation = 0.1;

    /// <summary>The model with weights drawn as training begins with, and biases that are not zero.</summary>
    public static Network Draw(ModelSpec spec)
    {
        Network network = new(spec);
        Initializer.Initialize(network, Initialization.He, Seed);
        PhiloxSequence random = new(Seed, BiasStream);
        foreach (Parameter bias in network.Parameters.Where(parameter => parameter.Spec.Role == ParameterRole.Bias))
        {
            float[] values = new float[bias.Length];
            foreach (ref float value in values.AsSpan())
                value = (float)(BiasDeviation * random.NextNormal());
            network.Write(bias, values);
        }
        return network;
    }

    /// <summary>The model without its LRN layers; <see cref="Draw"/> gives both the same weights.</summary>
    public static ModelSpec WithoutLrn(ModelSpec spec) => spec with { Layers = [.. spec.Layers.Where(layer => layer is not LocalResponseNorm)] };

    /// <summary>Pictures of noise, [batch, height, width, channels].</summary>
    public static float[] Pixels(FeatureShape shape, int batch)
    {
        float[] pixels = new float[batch * shape.Length];
        TrainingBenchmark.FillWithNoise(pixels);
        return pixels;
    }

    /// <summary>The same pictures as [batch, channels, height, width].</summary>
    public static float[] ChannelsFirst(ReadOnlySpan<float> pixels, FeatureShape shape)
    {
        float[] result = new float[pixels.Length];
        int positions = shape.Height * shape.Width;
        for (int i = 0; i < pixels.Length; i++)
        {
            (int picture, int inPicture) = Math.DivRem(i, shape.Length);
            (int position, int channel) = Math.DivRem(inPicture, shape.Channels);
            result[(picture * shape.Length) + (channel * positions) + position] = pixels[i];
        }
        return result;
    }
}
