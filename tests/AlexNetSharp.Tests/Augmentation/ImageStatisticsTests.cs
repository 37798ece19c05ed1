using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Tests.Augmentation;

public sealed class ImageStatisticsTests
{
    private static readonly StoredImage[] Colors = [.. Enumerable.Range(0, 9).Select(i => Tinted(i, 5 + i, 20 - i))];

    [Fact]
    public void Compute_PicturesOfManySizes_AgreesWithPlainSums()
    {
        using ThreadTeam team = new(2);

        ImageStatistics statistics = ImageStatistics.Compute(new ManySizes(3, Colors), team);

        AssertPlain([.. Colors.SelectMany(image => Pixels(image, 3))], statistics);
        Assert.Equal(Colors.Length, statistics.Pictures);
    }

    [Fact]
    public void Compute_AnyThreadCount_GivesTheSameBits()
    {
        ImageStatistics[] all = [.. new[] { 1, 2, 3, 7 }.Select(threads =>
        {
            using ThreadTeam team = new(threads);
            return ImageStatistics.Compute(new ManySizes(3, Colors), team);
        })];

        Assert.All(all, one => Assert.Equal((all[0].Mean.ToArray(), all[0].Deviation.ToArray(), all[0].Covariance.ToArray()), (one.Mean.ToArray(), one.Deviation.ToArray(), one.Covariance.ToArray()), SameValues));
    }

    [Fact]
    public void Compute_MorePicturesThanAsked_DrawsSoManyBySeed()
    {
        using ThreadTeam team = new(1);
        ManySizes images = new(3, Colors);

        ImageStatistics some = ImageStatistics.Compute(images, team, maximalPictures: 4), again = ImageStatistics.Compute(images, team, maximalPictures: 4), others = ImageStatistics.Compute(images, team, 4, seed: 2);

        Assert.Equal(4, some.Pictures);
        Assert.Equal(some.Mean.AsEnumerable(), again.Mean);
        Assert.NotEqual(some.Mean.AsEnumerable(), others.Mean);
    }

    [Fact]
    public void Compute_BrokenPictures_AreLeftOut()
    {
        using ThreadTeam team = new(2);
        ManySizes images = new(3, [Colors[0], default, Colors[1], default]);

        ImageStatistics statistics = ImageStatistics.Compute(images, team);

        AssertPlain([.. Pixels(Colors[0], 3), .. Pixels(Colors[1], 3)], statistics);
        Assert.Equal(2, statistics.Pictures);
    }

    [Fact]
    public void Compute_NothingToLookAt_SaysSo()
    {
        using ThreadTeam team = new(1);

        Assert.Equal("Data 'test' holds no pictures, so they have no mean. (Parameter 'images')", Assert.Throws<ArgumentException>(() => ImageStatistics.Compute(new ManySizes(3, []), team)).Message);
        Assert.Equal(
            "Data 'test': none of the 2 pictures looked at can be read, so they have no mean. Check the files.",
            Assert.Throws<InvalidDataException>(() => ImageStatistics.Compute(new ManySizes(3, [default, default]), team)).Message);
        Assert.ThrowsAny<ArgumentException>(() => ImageStatistics.Compute(new ManySizes(3, Colors), team, maximalPictures: 0));
    }

    [Fact]
    public void For_AGreyModel_AreThoseOfTheBrightness()
    {
        using ThreadTeam team = new(1);

        ImageStatistics grey = ImageStatistics.Compute(new ManySizes(3, Colors), team).For(1);

        AssertPlain([.. Colors.SelectMany(image => Pixels(image, 3)).Select(pixel => new[] { (0.299 * pixel[0]) + (0.587 * pixel[1]) + (0.114 * pixel[2]) })], grey);
    }

    [Fact]
    public void For_AColourModelOfGreyPictures_AreTheSameThreeTimes()
    {
        using ThreadTeam team = new(1);
        StoredImage[] greys = [Pictures.Noise(1, 6, 7, 1), Pictures.Noise(2, 3, 4, 1)];

        ImageStatistics statistics = ImageStatistics.Compute(new ManySizes(1, greys), team);

        AssertPlain([.. greys.SelectMany(image => Pixels(image, 1))], statistics);
        AssertPlain([.. greys.SelectMany(image => Pixels(image, 1)).Select(pixel => new[] { pixel[0], pixel[0], pixel[0] })], statistics.For(3));
        Assert.Same(statistics, statistics.For(1));
        Assert.Throws<ArgumentException>(() => statistics.For(4));
    }

    private static bool SameValues((float[], float[], double[]) a, (float[], float[], double[]) b) =>
        a.Item1.SequenceEqual(b.Item1) && a.Item2.SequenceEqual(b.Item2) && a.Item3.SequenceEqual(b.Item3);

    private static StoredImage Tinted(int seed, int height, int width)
    {
        Random random = new(seed);
        return Pictures.Of(height, width, 3, (row, column, channel) => random.Next(40) + (channel * 50) + (row * column % 60));
    }

    private static double[][] Pixels(StoredImage image, int channels) =>
        [.. image.Pixels.ToArray().Select(level => level / 255.0).Chunk(channels)];

    private static void AssertPlain(double[][] pixels, ImageStatistics statistics)
    {
        int channels = pixels[0].Length;
        double[] mean = [.. Enumerable.Range(0, channels).Select(channel => pixels.Average(pixel => pixel[channel]))];
        for (int a = 0; a < channels; a++)
        {
            Assert.Equal(mean[a], statistics.Mean[a], 1e-6);
            Assert.Equal(Math.Sqrt(pixels.Average(pixel => Math.Pow(pixel[a] - mean[a], 2))), statistics.Deviation[a], 1e-6);
            for (int b = 0; b < channels; b++)
                Assert.Equal(pixels.Average(pixel => (pixel[a] - mean[a]) * (pixel[b] - mean[b])), statistics.Covariance[(a * channels) + b], 1e-7);
        }
        Assert.Equal((channels, channels, channels * channels), (statistics.Mean.Length, statistics.Deviation.Length, statistics.Covariance.Length));
    }

    /// <summary>Pictures as a folder holds them; those without pixels are broken.</summary>
    private sealed class ManySizes(int channels, StoredImage[] images) : ImageSet("test", channels, ["one"])
    {
        public override ReadOnlySpan<int> Labels => new int[images.Length];

        public override ImageSize? CommonSize => null;

        public override bool IsInMemory => true;

        public override StoredImage Read(int index) => images[index].Pixels.IsEmpty ? throw new InvalidDataException($"Picture {index} is broken.") : images[index];

        public override ImageSet Subset(ReadOnlySpan<int> indices, string name) => throw new NotSupportedException();
    }
}
