using AlexNetSharp.Augmentation;
using AlexNetSharp.Kernels.Randomness;

namespace AlexNetSharp.Tests.Augmentation;

public sealed class AugmentationRandomTests
{
    private const int Draws = 20_000;

    [Fact]
    public void NextUInt32_OfAPurpose_AreThePhiloxBlocksOfItsCounters()
    {
        AugmentationRandom random = new(5, 6, AugmentationPurpose.Elastic);

        for (uint block = 0; block < 3; block++)
        {
            (uint, uint, uint, uint) words = (random.NextUInt32(), random.NextUInt32(), random.NextUInt32(), random.NextUInt32());
            Assert.Equal(Philox.Block(5, ((ulong)AugmentationPurpose.Elastic << 32) | block, 6), words);
        }
    }

    [Fact]
    public void AllPurposes_SameStream_GiveNumbersOfTheirOwn() =>
        Assert.Equal(Enum.GetValues<AugmentationPurpose>().Length, Enum.GetValues<AugmentationPurpose>().Select(purpose => new AugmentationRandom(1, 2, purpose).NextUInt32()).Distinct().Count());

    [Fact]
    public void NextNormal_ManyDraws_HaveTheMomentsOfTheNormalDistribution()
    {
        double[] values = Draw((ref AugmentationRandom random) => random.NextNormal());

        AssertMoments(values, 0, 1);
        Assert.Equal(0, values.Average(value => value * value * value), 5 * Math.Sqrt(15.0 / Draws));
        Assert.Equal(3, values.Average(value => value * value * value * value), 5 * Math.Sqrt(96.0 / Draws));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.7)]
    [InlineData(1)]
    [InlineData(4.5)]
    public void NextGamma_ManyDraws_HaveMeanAndVarianceOfTheirShape(double shape) => AssertMoments(Draw((ref AugmentationRandom random) => random.NextGamma(shape)), shape, shape);

    [Fact]
    public void NextInt32_ManyDraws_AreEven()
    {
        int[] counts = new int[7];
        foreach (double value in Draw((ref AugmentationRandom random) => random.NextInt32(7)))
            counts[(int)value]++;

        Assert.All(counts, count => Assert.Equal(Draws / 7.0, count, 5 * Math.Sqrt(Draws / 7.0)));
    }

    [Fact]
    public void NextLogBetween_ManyDraws_AreEvenInTheLogarithm()
    {
        double[] values = Draw((ref AugmentationRandom random) => Math.Log2(random.NextLogBetween(0.25, 4)));

        Assert.All(values, value => Assert.InRange(value, -2, 2));
        AssertMoments(values, 0, 4 / 3.0);
    }

    private delegate double Next(ref AugmentationRandom random);

    private static double[] Draw(Next next)
    {
        AugmentationRandom random = new(11, 12, AugmentationPurpose.Mixing);
        double[] values = new double[Draws];
        for (int i = 0; i < values.Length; i++)
            values[i] = next(ref random);
        return values;
    }

    // Within five deviations; the variance's own by the values' fourth moment.
    private static void AssertMoments(double[] values, double mean, double variance)
    {
        Assert.Equal(mean, values.Average(), 5 * Math.Sqrt(variance / Draws));
        double[] squares = [.. values.Select(value => (value - mean) * (value - mean))];
        Assert.Equal(variance, squares.Average(), 5 * Math.Sqrt(squares.Average(square => (square - variance) * (square - variance)) / Draws));
    }
}
