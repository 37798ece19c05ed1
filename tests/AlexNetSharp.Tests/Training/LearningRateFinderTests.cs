using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

public sealed class LearningRateFinderTests
{
    private static readonly TrainingOptions Options = new() { BatchSize = 32 };

    [Fact]
    public void Sweep_Digits_SuggestsARateToTrainWith()
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Narrow);
        float[] before = network.Values.ToArray();

        LearningRateSweep sweep = LearningRateFinder.Sweep(network, Mnist.Splits(5000, 2000), Options, 80, team, TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine($"{sweep.Suggestion}: {string.Join(" ", sweep.Points.Select(point => $"{point.Rate:g2}:{point.Loss:f2}"))}");
        Assert.InRange(sweep.Suggestion, 3e-4f, 3e-2f);
        Assert.Equal(LearningRateFinder.LowestRate, sweep.Points[0].Rate);
        Assert.All(sweep.Points.Zip(sweep.Points.Skip(1)), pair => Assert.True(pair.Second.Rate > pair.First.Rate));
        Assert.Equal(sweep.Points.MinBy(point => point.Loss).Rate / 10, sweep.Suggestion);
        // It ends where the loss has run away, and leaves the network alone.
        Assert.True(sweep.Points.Length < 80);
        Assert.Equal(before, network.Values.ToArray());
        RecordingObserver observer = new();
        Trainer.Train(network, Mnist.Splits(5000, 2000), Options with { LearningRate = sweep.Suggestion, ReportEvery = 1 }, team, observer, cancellationToken: TestContext.Current.CancellationToken);
        double loss = observer.Minibatches.TakeLast(20).Average(report => report.Loss);
        TestContext.Current.TestOutputHelper?.WriteLine($"loss {loss}");
        Assert.True(loss < 1, $"loss {loss}");
    }

    [Fact]
    public void Sweep_Twice_IsTheSameAtAnyNumberOfThreads()
    {
        LearningRateSweep[] sweeps = [.. new[] { 1, 3 }.Select(threads =>
        {
            using ThreadTeam team = new(threads);
            using Network network = new(TestModels.Narrow);
            return LearningRateFinder.Sweep(network, Mnist.Splits(5000, 200), Options, 20, team, TestContext.Current.CancellationToken);
        })];

        Assert.Equal(sweeps[0].Points, sweeps[1].Points.ToArray());
        Assert.Equal(sweeps[0].Suggestion, sweeps[1].Suggestion);
    }

    [Fact]
    public void Sweep_BatchesThatCannotBeRead_AreNoPoints()
    {
        using ThreadTeam team = new(1);
        using Network network = new(TestModels.Narrow);
        BrokenImages none = new(Mnist.Training(5000, 40), _ => true);

        LearningRateSweep sweep = LearningRateFinder.Sweep(network, Mnist.Splits(0, 1) with { Training = none }, Options, 10, team, TestContext.Current.CancellationToken);

        Assert.Empty(sweep.Points);
        Assert.Equal(LearningRateFinder.LowestRate, sweep.Suggestion);
    }

    [Fact]
    public void Sweep_WhatCannotBe_IsRefused()
    {
        using ThreadTeam team = new(1);
        using Network network = new(TestModels.Narrow);

        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateFinder.Sweep(network, Mnist.Splits(5000, 20), Options, 9, team, TestContext.Current.CancellationToken));
        Assert.StartsWith(
            "Data 'mnist' has no training pictures.",
            Assert.Throws<ArgumentException>(() => LearningRateFinder.Sweep(network, Mnist.Splits(5000, 0), Options, 20, team, TestContext.Current.CancellationToken)).Message,
            StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() => LearningRateFinder.Sweep(network, Mnist.Splits(5000, 20), Options, 20, team, new CancellationToken(canceled: true)));
    }
}
