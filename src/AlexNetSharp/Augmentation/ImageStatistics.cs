using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Augmentation;

/// <summary>Mean, deviation and covariance of the channels over all pixels of a set, in units of 255.</summary>
/// <param name="Pictures">Pictures that were looked at.</param>
/// <param name="Mean">[channels].</param>
/// <param name="Deviation">[channels].</param>
/// <param name="Covariance">[channels, channels].</param>
public sealed record ImageStatistics(int Pictures, ImmutableArray<float> Mean, ImmutableArray<float> Deviation, ImmutableArray<double> Covariance)
{
    private const double Unit = 255;

    /// <summary>Computes them; sums are integers, so the same at any number of threads.</summary>
    /// <param name="images">The set.</param>
    /// <param name="team">The threads to read and compute with.</param>
    /// <param name="maximalPictures">Of larger sets so many pictures are drawn.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="ArgumentException">The set is empty, or <paramref name="maximalPictures"/> is below 1.</exception>
    public static ImageStatistics Compute(ImageSet images, ThreadTeam team, int maximalPictures = 20_000, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximalPictures, 1);
        if (images.Count == 0)
            throw new ArgumentException($"Data '{images.Name}' holds no pictures, so they have no mean.", nameof(images));
        int channels = images.Channels, entries = channels + (channels * channels);
        Work work = new(images, Sample(images.Count, maximalPictures, seed), [.. Enumerable.Range(0, team.ThreadCount).Select(_ => new Int128[entries + 1])]);
        GCHandle handle = GCHandle.Alloc(work);
        try
        {
            team.Run(work.Indices.Length, new Job(GCHandle.ToIntPtr(handle)));
        }
        finally
        {
            handle.Free();
        }
        Int128[] sums = [.. Enumerable.Range(0, entries + 1).Select(entry => work.Sums.Aggregate(Int128.Zero, (sum, own) => sum + own[entry]))];
        double pixels = (double)sums[entries];
        double[] mean = [.. Enumerable.Range(0, channels).Select(channel => (double)sums[channel] / pixels)];
        double[] covariance = new double[channels * channels];
        for (int i = 0; i < covariance.Length; i++)
            covariance[i] = (((double)sums[channels + i] / pixels) - (mean[i / channels] * mean[i % channels])) / (Unit * Unit);
        return new ImageStatistics(
            work.Indices.Length,
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
        if (Mean.Length == 1)
            return this with { Mean = [Mean[0], Mean[0], Mean[0]], Deviation = [Deviation[0], Deviation[0], Deviation[0]] };
        double[] weights = [Luma.Of(1, 0, 0), Luma.Of(0, 1, 0), Luma.Of(0, 0, 1)];
        double variance = 0;
        for (int i = 0; i < Covariance.Length; i++)
            variance += weights[i / weights.Length] * weights[i % weights.Length] * Covariance[i];
        return this with { Mean = [Luma.Of(Mean[0], Mean[1], Mean[2])], Deviation = [(float)Math.Sqrt(Math.Max(0, variance))] };
    }

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
            int channels = Images.Channels;
            ReadOnlySpan<byte> pixels = Images.Read(Indices[task]).Pixels.Span;
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
            sums[^1] += pixels.Length / channels;
        }
    }

    private readonly struct Job(nint work) : ITeamJob
    {
        private readonly nint _work = work;

        public void Execute(int task, int worker) => ((Work)GCHandle.FromIntPtr(_work).Target!).Add(task, worker);
    }
}
