using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Augmentation;

/// <summary>Pictures to vary, and what becomes of them.</summary>
internal static class Pictures
{
    /// <summary>Bytes by row, column and channel.</summary>
    public static StoredImage Of(int height, int width, int channels, Func<int, int, int, double> value)
    {
        byte[] pixels = new byte[height * width * channels];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)value(i / channels / width, i / channels % width, i % channels);
        return new StoredImage(height, width, pixels);
    }

    public static StoredImage Noise(int seed, int height, int width, int channels, int low = 0, int high = 256)
    {
        Random random = new(seed);
        return Of(height, width, channels, (_, _, _) => random.Next(low, high));
    }

    public static StoredImage Constant(int height, int width, int channels, byte level) => Of(height, width, channels, (_, _, _) => level);

    public static StoredImage[] Repeat(StoredImage image, int count) => [.. Enumerable.Repeat(image, count)];

    /// <summary>What training sees, [count, height, width, channels]; the stored pictures have the model's channels unless others are named.</summary>
    public static float[] Train(
        AugmentationOptions options, FeatureShape input, StoredImage[] images, Preprocessing? preprocessing = null, int? setChannels = null, ulong seed = 1, int epoch = 0, int first = 0, int threads = 1)
    {
        using ThreadTeam team = new(threads);
        using BatchPreparation preparation = new(input, preprocessing ?? Preprocessing.None, options, setChannels ?? input.Channels, images.Length, team);
        float[] values = new float[images.Length * input.Length];
        preparation.Prepare(images, seed, epoch, first, values);
        return values;
    }

    /// <summary>What an evaluation sees.</summary>
    public static float[] View(FeatureShape input, StoredImage image, Preprocessing? preprocessing = null, int? setChannels = null, TestView view = default)
    {
        using ThreadTeam team = new(1);
        using BatchPreparation preparation = new(input, preprocessing ?? Preprocessing.None, null, setChannels ?? input.Channels, 1, team);
        float[] values = new float[input.Length];
        preparation.Prepare([image], view, values);
        return values;
    }

    /// <summary>What a grey model sees of the picture where each of its pixels lies at another place of the picture; outside is black.</summary>
    public static float[] Moved(StoredImage image, FeatureShape input, Func<int, int, (int Row, int Column)> place)
    {
        float[] values = new float[input.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int row, int column) = place(i / input.Width, i % input.Width);
            bool inside = row >= 0 && row < image.Height && column >= 0 && column < image.Width;
            values[i] = inside ? image.Pixels.Span[(row * image.Width) + column] / 255f : 0;
        }
        return values;
    }

    public static float[] Picture(this float[] batch, int index, FeatureShape input) => batch[(index * input.Length)..((index + 1) * input.Length)];

    public static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"Value {i} is {actual[i]:R}, expected {expected[i]:R}.");
    }
}
