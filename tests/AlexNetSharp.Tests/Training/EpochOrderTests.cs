using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

public sealed class EpochOrderTests
{
    private const int Length = 1000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(Length)]
    public void Shuffle_AnyLength_GivesAPermutation(int length)
    {
        int[] order = Shuffled(1, 0, length);

        Assert.Equal(Enumerable.Range(0, length), order.Order());
    }

    [Fact]
    public void Shuffle_OtherEpochOrSeed_GivesAnotherOrder()
    {
        int[] order = Shuffled(1, 0);

        Assert.NotEqual(order, Shuffled(1, 1));
        Assert.NotEqual(order, Shuffled(2, 0));
        Assert.NotEqual(order, Enumerable.Range(0, Length));
    }

    [Fact]
    public void Shuffle_OverAnyOldOrder_GivesTheSame()
    {
        int[] order = Shuffled(3, 5), used = Shuffled(9, 9);

        EpochOrder.Shuffle(used, 3, 5);

        Assert.Equal(order, used);
    }

    [Fact]
    public void Shuffle_ManyEpochs_PutsEachPictureFirstAboutEquallyOften()
    {
        const int Pictures = 5, Epochs = 5000;
        int[] first = new int[Pictures];
        for (int epoch = 0; epoch < Epochs; epoch++)
            first[Shuffled(1, epoch, Pictures)[0]]++;

        // Binomial: five standard deviations about the mean.
        double mean = (double)Epochs / Pictures, deviation = Math.Sqrt(mean * (1 - (1.0 / Pictures)));
        Assert.All(first, count => Assert.InRange(count, mean - (5 * deviation), mean + (5 * deviation)));
    }

    private static int[] Shuffled(ulong seed, int epoch, int length = Length)
    {
        int[] order = new int[length];
        EpochOrder.Shuffle(order, seed, epoch);
        return order;
    }
}
