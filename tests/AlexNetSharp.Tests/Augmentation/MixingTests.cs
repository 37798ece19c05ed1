using AlexNetSharp.Augmentation;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Augmentation;

public sealed class MixingTests
{
    private const int Count = 5;
    private const int Classes = 5;
    private const int Steps = 2000;

    private static readonly FeatureShape Input = new(9, 8, 2);
    private static readonly AugmentationOptions Both = new() { Mixup = new(1), CutMix = new(1) };

    [Fact]
    public void Mixup_OfABatch_BlendsPicturesAndTargetsAlike()
    {
        foreach ((float[] pictures, float[] targets) in Mix(new() { Mixup = new(1) }, 50))
        {
            // Picture i is the constant i + 1, so that a blend's value names both.
            for (int i = 0; i < Count; i++)
            {
                int partner = Count - 1 - i;
                float own = targets[(i * Classes) + i], expected = i == partner ? i + 1 : (own * (i + 1)) + ((1 - own) * (partner + 1));
                Assert.All(pictures.Picture(i, Input), value => Assert.Equal(expected, value, 1e-5));
                AssertTargets(targets, i, partner, own);
            }
        }
    }

    [Fact]
    public void CutMix_OfABatch_ExchangesARectangleAndWeighsByArea()
    {
        foreach ((float[] pictures, float[] targets) in Mix(new() { CutMix = new(1) }, 200))
        {
            for (int i = 0; i < Count; i++)
            {
                int partner = Count - 1 - i;
                float[] picture = pictures.Picture(i, Input);
                int[] given = [.. Enumerable.Range(0, Input.Height * Input.Width).Where(at => picture[at * 2] != i + 1)];
                Assert.All(given, at => Assert.Equal((partner + 1f, partner + 1f), (picture[at * 2], picture[(at * 2) + 1])));
                if (given.Length > 0)
                {
                    int width = given.Max(at => at % 8) - given.Min(at => at % 8) + 1, height = (given[^1] / 8) - (given[0] / 8) + 1;
                    Assert.Equal(width * height, given.Length);
                }
                AssertTargets(targets, i, partner, 1 - (given.Length / 72f));
            }
        }
    }

    [Theory]
    [InlineData(0.2f)]
    [InlineData(1f)]
    [InlineData(5f)]
    public void Mixup_ManySteps_DrawsFromTheBetaDistribution(float alpha)
    {
        double[] shares = [.. Mix(new() { Mixup = new(alpha) }, Steps).Select(mixed => (double)mixed.Targets[0])];

        // Beta(α, α): mean ½, variance 1/(8α + 4).
        double variance = 1 / ((8 * alpha) + 4);
        Assert.Equal(0.5, shares.Average(), 5 * Math.Sqrt(variance / Steps));
        Assert.Equal(variance, shares.Average(share => (share - 0.5) * (share - 0.5)), 5 * 0.9 * variance / Math.Sqrt(Steps));
    }

    [Fact]
    public void Mixup_TheLeastAlpha_IsOneOfTheTwo()
    {
        double[] shares = [.. Mix(new() { Mixup = new(1e-6f) }, 400).Select(mixed => (double)mixed.Targets[0])];

        Assert.All(shares, share => Assert.True(share is 0 or 1, $"{share}"));
        Assert.Equal(0.5, shares.Average(), 0.125);
    }

    [Fact]
    public void Mix_BothKinds_DrawsEachInHalfOfTheStepsAsItWouldAlone()
    {
        (float[] Pictures, float[] Targets)[] both = [.. Mix(Both, 400)], mixup = [.. Mix(new() { Mixup = new(1) }, 400)], cuts = [.. Mix(new() { CutMix = new(1) }, 400)];

        int blended = Enumerable.Range(0, 400).Count(step => both[step].Pictures.SequenceEqual(mixup[step].Pictures));
        int cut = Enumerable.Range(0, 400).Count(step => both[step].Pictures.SequenceEqual(cuts[step].Pictures));

        Assert.Equal(400, blended + cut);
        Assert.Equal(200, blended, 50.0);
    }

    [Fact]
    public void Mix_NeitherKind_ChangesNothing() =>
        Assert.All(Mix(new() { Flip = new() }, 3), mixed =>
        {
            Assert.Equal(Batch(), mixed.Pictures);
            Assert.Equal(Labels(), mixed.Targets);
        });

    [Fact]
    public void Mix_OtherSeedsEpochsAndSteps_MixOtherwise()
    {
        using ThreadTeam team = new(1);
        using BatchPreparation preparation = new(Input, Preprocessing.None, new() { Mixup = new(1) }, 2, Count, team);
        (ulong, int, int)[] moments = [(1, 0, 0), (2, 0, 0), (1, 1, 0), (1, 0, 1)];

        Assert.Equal(4, moments.Select(moment => Mix(preparation, moment.Item1, moment.Item2, moment.Item3).Targets[0]).Distinct().Count());
    }

    [Fact]
    public void Mix_LengthsThatDoNotFit_Throw()
    {
        using ThreadTeam team = new(1);
        using BatchPreparation preparation = new(Input, Preprocessing.None, Both, 2, Count, team);

        Assert.Throws<ArgumentException>(() => preparation.Mix(new float[1], Labels(), Count, Classes, 1, 0, 0));
        Assert.Throws<ArgumentException>(() => preparation.Mix(Batch(), new float[1], Count, Classes, 1, 0, 0));
        Assert.ThrowsAny<ArgumentException>(() => preparation.Mix(Batch(), Labels(), Count, Classes, 1, 0, -1));
    }

    private static void AssertTargets(float[] targets, int own, int partner, float share)
    {
        for (int label = 0; label < Classes; label++)
        {
            float expected = own == partner ? (label == own ? 1 : 0) : label == own ? share : label == partner ? 1 - share : 0;
            Assert.Equal(expected, targets[(own * Classes) + label], 1e-6);
        }
        Assert.Equal(1, targets[(own * Classes)..((own + 1) * Classes)].Sum(), 1e-6);
    }

    private static IEnumerable<(float[] Pictures, float[] Targets)> Mix(AugmentationOptions options, int steps)
    {
        using ThreadTeam team = new(1);
        using BatchPreparation preparation = new(Input, Preprocessing.None, options, 2, Count, team);
        for (int step = 0; step < steps; step++)
            yield return Mix(preparation, 7, 3, step);
    }

    private static (float[] Pictures, float[] Targets) Mix(BatchPreparation preparation, ulong seed, int epoch, int step)
    {
        (float[] pictures, float[] targets) = (Batch(), Labels());
        preparation.Mix(pictures, targets, Count, Classes, seed, epoch, step);
        return (pictures, targets);
    }

    private static float[] Batch() => [.. Enumerable.Range(0, Count * Input.Length).Select(i => (float)((i / Input.Length) + 1))];

    private static float[] Labels() => [.. Enumerable.Range(0, Count * Classes).Select(i => i / Classes == i % Classes ? 1f : 0f)];
}
