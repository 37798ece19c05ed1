using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Tests.Optimizers;

public sealed class GradientNormTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private readonly ThreadTeam _team = fixture.Team;

    // Around lanes, blocks and tasks, and one with more than a least task for each of the most tasks.
    private static IEnumerable<int> Lengths => Enumerable.Range(0, 70).Concat([511, 512, 513, 16383, 16384, 16385, 40000, 5_000_001]);

    [Fact]
    public void Compute_EveryLength_IsTheRootOfTheSumOfSquares()
    {
        foreach (int length in Lengths)
        {
            float[] g = Draw.Uniform(length, length);
            double expected = Math.Sqrt(g.Sum(value => (double)value * value));
            Assert.InRange(GradientNorm.Compute(new Guarded<float>(g).Span, _team), expected * (1 - Tolerances.Norm), expected * (1 + Tolerances.Norm));
        }
    }

    [Fact]
    public void Compute_AnyNumberOfThreads_GivesTheSameBits()
    {
        float[] g = Draw.Uniform(1, 5_000_003);
        Teams.GiveTheSameBits("norm", team =>
        {
            long bits = BitConverter.DoubleToInt64Bits(GradientNorm.Compute(g, team));
            return [BitConverter.Int32BitsToSingle((int)bits), BitConverter.Int32BitsToSingle((int)(bits >> 32))];
        });
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(1e30f)]
    public void Clip_ANormThatIsNotFinite_LeavesTheGradient(float value)
    {
        float[] g = Draw.Uniform(1, 1000), before = [.. g];
        before[777] = g[777] = value;
        Assert.False(double.IsFinite(GradientNorm.Clip(g, 1, _team)));
        Close.SameBits("gradient", before, g);
    }

    [Fact]
    public void Clip_LongerThanTheLargest_IsScaledDownToItAndAShorterOneIsLeft()
    {
        float[] g = Draw.Uniform(1, 30_001), before = [.. g];
        double norm = GradientNorm.Clip(g, 2, _team);
        Assert.Equal(100, norm, 1.0); // √(30,001 / 3).
        // PyTorch's coefficient, rounded to float, and the product.
        Close.Within("clipped", [.. before.Select(value => value * 2 / (norm + 1e-6))], g, 2.01 * Tolerances.UnitRoundoff);
        Assert.Equal(2, GradientNorm.Compute(g, _team), 1e-5);
        float[] clipped = [.. g];
        GradientNorm.Clip(g, 2.5f, _team);
        Close.SameBits("short enough", clipped, g);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void Clip_LargestNormThatIsNotPositive_IsNamed(float maximum)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => GradientNorm.Clip(new float[3], maximum, _team));
        Assert.Contains($"The largest gradient norm is {maximum}; it must be above 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elementwise_EveryLength_AreTheirFormulas()
    {
        foreach (int length in Lengths.SkipLast(1))
        {
            float[] x = Draw.Uniform(length, length), y = Draw.Uniform(length + 1, length);
            Guarded<float> scaled = new(x), sums = new(x), averages = new(x);
            Elementwise.Scale(scaled.Span, 0.3f, _team);
            Elementwise.Add(sums.Span, new Guarded<float>(y).Span, _team);
            Elementwise.MoveTowards(averages.Span, new Guarded<float>(y).Span, 0.25f, _team);
            Close.SameBits("scale", [.. x.Select(value => 0.3f * value)], scaled.Values());
            Close.SameBits("add", [.. x.Zip(y, (a, b) => a + b)], sums.Values());
            double[] expected = [.. x.Zip(y, (a, b) => a + (0.25 * ((double)b - a)))];
            Close.Within("move towards", expected, averages.Values(), 3 * Tolerances.UnitRoundoff, [.. x.Zip(y, (a, b) => Math.Abs(a) + Math.Abs(b))]);
        }
    }

    [Fact]
    public void Elementwise_AnyNumberOfThreads_GiveTheSameBits()
    {
        float[] x = Draw.Uniform(1, 100_003), y = Draw.Uniform(2, 100_003);
        Teams.GiveTheSameBits("elementwise", team =>
        {
            float[] result = [.. x];
            Elementwise.MoveTowards(result, y, 0.01f, team);
            Elementwise.Add(result, y, team);
            Elementwise.Scale(result, 0.7f, team);
            return result;
        });
    }

    [Fact]
    public void Clip_AnyNumberOfThreads_GivesTheSameBits()
    {
        float[] g = Draw.Uniform(1, 200_003);
        Teams.GiveTheSameBits("clip", team =>
        {
            float[] clipped = [.. g];
            GradientNorm.Clip(clipped, 0.5f, team);
            return clipped;
        });
    }

    [Fact]
    public void Elementwise_DifferentLengths_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Elementwise.Add(new float[3], new float[4], _team));
        Assert.Throws<ArgumentException>(() => Elementwise.MoveTowards(new float[3], new float[2], 0.1f, _team));
    }
}
