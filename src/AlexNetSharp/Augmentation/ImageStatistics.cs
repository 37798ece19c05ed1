using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Augmentation;

/// <summary>Mean, deviation and covariance of the channels over all pixels of a set, in units of 255.</summary>
/// <param name="Pictures">Pictures that were looked at: those that can be read.</param>
/// <param name="Mean">[channels].</param>
/// <param name="Deviation">[channels].</param>
/// <param name="Covariance">[channels, channels].</param>
public sealed record ImageStatistics(int Pictures, ImmutableArray<float> Mean, ImmutableArray<float> Deviation, ImmutableArray<double> Covariance)
{
    private const double Unit = 255;
    private const int Grey = 1;
    private const int Colors = 3;

    /// <summary>Computes them; sums are integers, so the same at any number of threads. Pictures that cannot be read are left out.</summary>
    /// <param name="images">The set.</param>
    /// <param name="team">The threads to read and compute with.</param>
    /// <param name="maximalPictures">Of larger sets so many pictures are drawn.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="ArgumentException">The set is empty, or <paramref name="maximalPictures"/> is below 1.</exception>
    /// <exception cref="InvalidDataException">No picture can be read.</exception>
    public static ImageStatistics Compute(ImageSet images, ThreadTeam team, int maximalPictures = 20_000, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximalPictures, 1);
        if (images.Count == 0)
            throw new ArgumentException($"Data '{images.Name}' holds no pictures, so they have no mean.", nameof(images));
        int channels = images.Channels, entries = channels + (channels * channels);
        Work work = new(images, Sample(images.Count, maximalPictures, seed), [.. Enumerable.Range(0, team.ThreadCount).Select(_ => new Int128[entries + 2])]);
        GCHandle handle = GCHandle.Alloc(work);
        try
        {
            team.Run(work.Indices.Length, new Job(GCHandle.ToIntPtr(handle)));
        }
        finally
        {
            handle.Free();
        }
        Int128[] sums = [.. Enumerable.Range(0, entries + 2).Select(entry => work.Sums.Aggregate(Int128.Zero, (sum, own) => sum + own[entry]))];
        if (sums[^1] == 0)
            throw new InvalidDataException($"Data '{images.Name}': none of the {work.Indices.Length} pictures looked at can be read, so they have no mean. Check the files.");
        double pixels = (double)sums[entries];
        double[] mean = [.. Enumerable.Range(0, channels).Select(channel => (double)sums[channel] / pixels)];
        double[] covariance = new double[channels * channels];
        for (int i = 0; i < covariance.Length; i++)
            covariance[i] = (((double)sums[channels + i] / pixels) - (mean[i / channels] * mean[i % channels])) / (Unit * Unit);
        return new ImageStatistics(
            (int)sums[^1],
            [.. mean.Select(value => (float)(value / Unit))],
            [.. Enumerable.Range(0, channels).Select(channel => (float)Math.Sqrt(Math.Max(0, covariance[(channel * channels) + channel])))],
            [.. covariance]);
    }

    /// <summary>The statistics as a model of so many channels sees the pictures: grey ones three times over, coloured ones by their brightness.</summary>
    /// <param name="channels">The set's, 1 or 3.</param>
    internal ImageStatistics For(int channels)
    {
        if (channels == Mean.Length)
            return this;
        if (Mean.Length == Grey && channels == Colors)
            return new ImageStatistics(Pictures, Thrice(Mean[0]), Thrice(Deviation[0]), [.. Enumerable.Repeat(Covariance[0], Colors * Colors)]);
        if (Mean.Length != Colors || channels != Grey)
            throw new ArgumentException($"The pictures have {Mean.Length} channels, the model takes {channels}; only 1 and 3 are converted into each other. Choose other data or another model.", nameof(channels));
        double[] weights = [Luma.Of(1, 0, 0), Luma.Of(0, 1, 0), Luma.Of(0, 0, 1)];
        double variance = 0;
        for (int i = 0; i < Covariance.Length; i++)
            variance += weights[i / Colors] * weights[i % Colors] * Covariance[i];
        return new ImageStatistics(Pictures, [Luma.Of(Mean[0], Mean[1], Mean[2])], [(float)Math.Sqrt(Math.Max(0, variance))], [variance]);
    }

    private static ImmutableArray<float> Thrice(float value) => [value, value, value];

    private static int[] Sample(int count, int most, ulong seed)
    {
        int[] indices = [.. Enumerable.Range(0, count)];
        if (count <= most)
            return indices;
        PhiloxSequence random = new(seed, StreamNumber.OfSample(0));
        for (int i = 0; i < most; i++)
        {
            int j = i + random.NextInt32(count - i);
            (indices[i], indices[j]) = (indices[j], indices[i]);
        }
        return indices[..most];
    }

    private sealed record Work(ImageSet Images, int[] Indices, Int128[][] Sums)
    {
        public void Add(int task, int worker)
        {
            ReadOnlySpan<byte> pixels;
            try
            {
                pixels = Images.Read(Indices[task]).Pixels.Span;
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                // Training reads it as well, and says what is wrong with it.
                return;
            }
            int channels = Images.Channels;
            Int128[] sums = Sums[worker];
            for (int first = 0; first < channels; first++)
            {
                long sum = 0;
                for (int i = first; i < pixels.Length; i += channels)
                    sum += pixels[i];
                sums[first] += sum;
                for (int second = 0; second < channels; second++)
                {
                    long product = 0;
                    for (int i = 0; i < pixels.Length; i += channels)
                        product += pixels[i + first] * pixels[i + second];
                    sums[channels + (first * channels) + second] += product;
                }
            }
            sums[^2] += pixels.Length / channels;
            sums[^1]++;
        }
    }

    private readonly struct Job(nint work) : ITeamJob
    {
        private readonly nint _work = work;

        public void Execute(int task, int worker) => ((Work)GCHandle.FromIntPtr(_work).Target!).Add(task, worker);
    }
}
