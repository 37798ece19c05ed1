using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Randomness;

public sealed class PhiloxSequenceTests
{
    private const int Draws = 200_000;

    [Fact]
    public void NextUInt32_FromTheStart_AreTheWordsOfTheBlocksInOrder()
    {
        PhiloxSequence sequence = new(0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210);
        for (uint block = 0; block < 100; block++)
        {
            foreach (uint word in ReferencePhilox.Generate(block, 0, 0x7654_3210, 0xFEDC_BA98, 0x89AB_CDEF, 0x0123_4567))
                Assert.Equal(word, sequence.NextUInt32());
        }
    }

    [Fact]
    public void NextUInt32_ACopy_GoesOnFromTheSamePlace()
    {
        PhiloxSequence sequence = new(1, 2);
        for (int i = 0; i < 7; i++)
            sequence.NextUInt32();
        PhiloxSequence copy = sequence;
        Assert.Equal(sequence.NextUInt32(), copy.NextUInt32());
        Assert.NotEqual(new PhiloxSequence(1, 3).NextUInt32(), new PhiloxSequence(1, 2).NextUInt32());
        Assert.NotEqual(new PhiloxSequence(2, 2).NextUInt32(), new PhiloxSequence(1, 2).NextUInt32());
    }

    [Fact]
    public void NextDouble_ManyDraws_LieInTheUnitIntervalAroundOneHalf()
    {
        PhiloxSequence sequence = new(3, 4);
        double sum = 0;
        for (int i = 0; i < Draws; i++)
        {
            double value = sequence.NextDouble();
            Assert.InRange(value, 0, 1 - (1 / 4294967296.0));
            sum += value;
        }
        // The variance of a uniform number is 1/12; five standard deviations of the mean.
        Assert.Equal(0.5, sum / Draws, 5 * Math.Sqrt(1.0 / 12 / Draws));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(100)]
    public void NextInt32_ManyDraws_FallOnEveryNumberEquallyOften(int bound)
    {
        PhiloxSequence sequence = new(5, 6);
        int[] counts = new int[bound];
        for (int i = 0; i < Draws; i++)
            counts[sequence.NextInt32(bound)]++;
        double probability = 1.0 / bound, sigma = Math.Sqrt(Draws * probability * (1 - probability));
        Assert.All(counts, count => Assert.InRange(count, (Draws * probability) - (5 * sigma), (Draws * probability) + (5 * sigma)));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData((1 << 30) + 1)]
    public void NextInt32_LargeBound_StaysBelowIt(int bound)
    {
        PhiloxSequence sequence = new(7, 8);
        for (int i = 0; i < 10_000; i++)
            Assert.InRange(sequence.NextInt32(bound), 0, bound - 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void NextInt32_BoundBelowOne_NamesIt(int bound)
    {
        PhiloxSequence sequence = new(1, 1);
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => sequence.NextInt32(bound));
        Assert.Equal(bound, error.ActualValue);
    }

    [Fact]
    public void NextNormal_ManyDraws_HaveTheMomentsOfTheNormalDistribution()
    {
        PhiloxSequence sequence = new(9, 10);
        double first = 0, second = 0, fourth = 0;
        for (int i = 0; i < Draws; i++)
        {
            double value = sequence.NextNormal();
            Assert.True(double.IsFinite(value));
            first += value;
            second += value * value;
            fourth += value * value * value * value;
        }
        // Moments 0, 1, 3 with variances 1, 2 and 96; five standard deviations of each mean.
        Assert.Equal(0, first / Draws, 5 * Math.Sqrt(1.0 / Draws));
        Assert.Equal(1, second / Draws, 5 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(3, fourth / Draws, 5 * Math.Sqrt(96.0 / Draws));
    }
}
