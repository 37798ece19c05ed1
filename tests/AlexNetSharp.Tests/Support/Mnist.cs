using System.Collections.Immutable;
using System.IO.Compression;
using AlexNetSharp.Images;

namespace AlexNetSharp.Tests.Support;

/// <summary>The MNIST of the repository, read without the reader that AlexNetSharp.Data has for it.</summary>
internal static class Mnist
{
    private const int Side = 28;
    private const int ImagesHeader = 16;
    private const int LabelsHeader = 8;

    private static readonly Lazy<LabeledImages> TrainingFile = new(() => Read("train", 60_000));
    private static readonly Lazy<LabeledImages> TestFile = new(() => Read("t10k", 10_000));

    public static ImmutableArray<string> Digits { get; } = [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")];

    /// <summary>Pictures of the training file, counted as the file does.</summary>
    public static LabeledImages Training(int start, int count) => TrainingFile.Value.Slice(start, count, "mnist/train");

    public static LabeledImages Test(int count) => TestFile.Value.Slice(0, count, "mnist/test");

    public static LabeledImages None => Test(0);

    /// <summary>Pictures to train on, without validation or test.</summary>
    public static DataSplits Splits(int start, int count) => new("mnist", Training(start, count), None, None);

    /// <summary>Pictures 0 to 1, as a model sees them.</summary>
    public static float[] Pixels(LabeledImages images, int start, int count)
    {
        float[] pixels = new float[count * images.ImageLength];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> image = images.Image(start + i);
            for (int j = 0; j < image.Length; j++)
                pixels[(i * image.Length) + j] = image[j] / 255f;
        }
        return pixels;
    }

    private static LabeledImages Read(string name, int count)
    {
        byte[] pixels = Unzip($"{name}-images-idx3-ubyte.gz"), labels = Unzip($"{name}-labels-idx1-ubyte.gz");
        int[] numbers = [.. labels.Skip(LabelsHeader).Select(label => (int)label)];
        Assert.Equal(count, numbers.Length);
        return new LabeledImages($"mnist/{name}", Side, Side, 1, pixels.AsMemory(ImagesHeader), numbers, Digits);
    }

    private static byte[] Unzip(string name)
    {
        using GZipStream stream = new(File.OpenRead(Repository.File("data", "mnist", name)), CompressionMode.Decompress);
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
