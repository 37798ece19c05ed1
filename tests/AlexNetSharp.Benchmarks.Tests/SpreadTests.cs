using AlexNetSharp.Benchmarks.Measurement;

namespace AlexNetSharp.Benchmarks.Tests;

public sealed class SpreadTests
{
    [Fact]
    public void Of_OddCount_TakesTheMiddle() => Assert.Equal(new Spread(3, 1, 10), Spread.Of([10, 1, 3, 2, 7]));

    [Fact]
    public void Of_EvenCount_TakesTheMeanOfTheMiddleTwo() => Assert.Equal(new Spread(2.5, 1, 10), Spread.Of([10, 1, 3, 2]));

    [Fact]
    public void Of_Nothing_Throws() => Assert.Throws<ArgumentException>(() => Spread.Of([]));

    // The medians' ratio would be 2; a round in which both were ten times slower changes no round's ratio.
    [Fact]
    public void OfRatios_RoundsOfDifferentConditions_ComparesWithinEachRound() =>
        Assert.Equal(new Spread(3, 2, 4), Spread.OfRatios([20, 30, 4], [10, 10, 1]));

    [Fact]
    public void OfRatios_CountsDiffer_Throws() => Assert.Throws<ArgumentException>(() => Spread.OfRatios([1, 2], [1]));
}
