using AlexNetSharp.Augmentation;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Data;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Server.Tests;

/// <summary>Models of random weights, narrow so that they are quick, pictures, and what the library itself makes of them.</summary>
internal static class TestModels
{
    public const int Classes = 10;
    public const int ImageLength = 28 * 28;

    private const int WidthDivisor = 8;

    private static readonly Lazy<byte[]> Mnist = new(() => IdxReader.ReadImages(Path.Combine(RepositoryRoot(), "data", "mnist", "t10k-images-idx3-ubyte.gz")).Pixels);

    public static string RepositoryRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "AlexNetSharp.slnx")))
                return directory.FullName;
        }
        throw new DirectoryNotFoundException($"No AlexNetSharp.slnx above '{AppContext.BaseDirectory}'.");
    }

    /// <summary>Writes a model whose weights follow from the seed.</summary>
    public static string Write(string path, ulong seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using Network network = new(ModelCatalog.AlexNetMnist([.. Enumerable.Range(0, Classes).Select(i => $"{i}")], WidthDivisor));
        Initializer.Initialize(network, Initialization.He, seed);
        ModelFile.Save(network, path);
        return path;
    }

    /// <summary>The bytes of one of MNIST's test pictures.</summary>
    public static byte[] Pixels(int index) => Mnist.Value.AsSpan(index * ImageLength, ImageLength).ToArray();

    /// <summary>One of MNIST's test pictures as a PNG file, four times enlarged.</summary>
    public static byte[] Png(int index)
    {
        const int Factor = 4, Side = 28 * Factor;
        byte[] pixels = Pixels(index), enlarged = new byte[Side * Side];
        for (int i = 0; i < enlarged.Length; i++)
            enlarged[i] = pixels[((i / Side / Factor) * 28) + (i % Side / Factor)];
        return PictureWriter.EncodePng(new StoredImage(Side, Side, enlarged), 1);
    }

    /// <summary>What the library computes for pictures one by one: logits and probabilities, each [pictures][classes].</summary>
    public static (float[][] Logits, float[][] Probabilities) Infer(string model, IEnumerable<byte[]> pixels)
    {
        using Network network = ModelFile.Load(model);
        using ThreadTeam team = new(1);
        using ExecutionPlan plan = new(network, 1, PlanMode.Inference, team);
        using PicturePreparation preparation = new(network.Spec, team);
        List<float[]> logits = [], probabilities = [];
        foreach (byte[] picture in pixels)
        {
            preparation.Prepare(new StoredImage(28, 28, picture), TestView.Center, plan.Input(1));
            logits.Add(plan.Forward(1).ToArray());
            probabilities.Add(new float[Classes]);
            SoftmaxCrossEntropy.Softmax(logits[^1], probabilities[^1], Classes);
        }
        return ([.. logits], [.. probabilities]);
    }

    /// <summary>What <c>alexnet predict</c> computes for a file, by the same calls.</summary>
    public static float[] Predict(string model, string file)
    {
        using Network network = ModelFile.Load(model);
        using ThreadTeam team = new(2);
        using ExecutionPlan plan = new(network, 1, PlanMode.Inference, team);
        using PicturePreparation preparation = new(network.Spec, team);
        preparation.Prepare(preparation.Read(file), TestView.Center, plan.Input(1));
        float[] probabilities = new float[Classes];
        SoftmaxCrossEntropy.Softmax(plan.Forward(1), probabilities, Classes);
        return probabilities;
    }
}
