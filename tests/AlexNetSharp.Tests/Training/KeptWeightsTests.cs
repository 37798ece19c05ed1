using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

/// <summary>Which weights a run ends with, when it ends, and which it leaves alone.</summary>
public sealed class KeptWeightsTests
{
    // So low a rate that no weight moves, and no epoch differs from the first.
    private const float Nothing = 1e-30f;

    private static readonly ModelSpec Model = TestModels.Find("TanhAndSigmoid");

    private static readonly TrainingOptions Still = new()
    {
        BatchSize = 10,
        Epochs = 6,
        LearningRate = Nothing,
        Schedule = LearningRateSchedule.Constant,
        Optimizer = new SgdOptions { Momentum = 0 },
    };

    // So high a rate that accuracy comes and goes.
    private static readonly TrainingOptions Wild = Still with { Epochs = 12, LearningRate = 3, Optimizer = new SgdOptions() };

    [Theory]
    [InlineData(1, 0.9f)]
    [InlineData(3, 0.8f)]
    public void Train_Averaged_EvaluatesAndKeepsTheAverage(int every, float decay)
    {
        double[]? average = null;
        List<float[]> evaluated = [];
        using Network network = new(Model);
        RecordingObserver observer = new()
        {
            OnStep = step =>
            {
                if (step.Step % every != 0)
                    return;
                double share = 1 - Math.Pow(Math.Min(decay, (1.0 + step.Step) / (10 + step.Step)), every);
                double[] weights = ReferenceNetwork.Widen(network.Values);
                average = average is null ? weights : [.. average.Zip(weights, (a, w) => a + (share * (w - a)))];
            },
            OnWeights = (weights, _) => evaluated.Add(weights.Values.ToArray()),
        };

        Run(network, Still with { LearningRate = 0.2f, Averaging = new AveragingOptions { Decay = decay, Every = every } }, observer);

        Assert.Equal(6, evaluated.Count);
        Assert.Equal(evaluated[^1], network.Values.ToArray());
        Assert.All(average!.Zip(evaluated[^1]), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
    }

    [Fact]
    public void Train_AverageThatNeverBegins_KeepsTheWeights()
    {
        Assert.Equal(After(Still with { LearningRate = 0.1f }), After(Still with { LearningRate = 0.1f, Averaging = new AveragingOptions { Every = 1000 } }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Train_NothingImproves_StopsAfterItsPatience(int patience)
    {
        using Network network = new(Model);
        RecordingObserver observer = new();

        TrainingResult result = Run(network, Still with { Patience = patience }, observer);

        Assert.Equal((true, false, 1, (1 + patience) * 3), (result.StoppedEarly, result.WasCancelled, result.BestEpoch, result.Steps));
        Assert.Equal([true, .. Enumerable.Repeat(false, patience)], observer.Epochs.Select(epoch => epoch.IsBest));
    }

    [Fact]
    public void Train_PatienceAtItsEndInTheLastEpoch_DidNotStopEarly()
    {
        using Network network = new(Model);

        TrainingResult result = Run(network, Still with { Epochs = 3, Patience = 2 });

        Assert.Equal((false, 9), (result.StoppedEarly, result.Steps));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_KeepBest_EndsWithTheBestEpochsBits(bool averages)
    {
        float[] best = [];
        using Network network = new(Model);
        RecordingObserver observer = new()
        {
            OnWeights = (weights, report) =>
            {
                if (report.IsBest)
                    best = weights.Values.ToArray();
            },
        };

        TrainingResult result = Run(network, Wild with { Keep = KeptWeights.Best, Averaging = averages ? new AveragingOptions { Every = 1, Decay = 0.5f } : null }, observer);

        Assert.Equal(best, network.Values.ToArray());
        EpochReport[] epochs = [.. observer.Epochs];
        EpochReport expected = epochs.OrderByDescending(epoch => epoch.ValidationAccuracy).ThenBy(epoch => epoch.ValidationLoss).First();
        Assert.Equal(expected.Epoch, result.BestEpoch);
        Assert.True(result.BestEpoch < epochs.Length, "the last epoch was the best: nothing was shown");
    }

    [Fact]
    public void Train_CancelledInALaterEpoch_KeepsTheBestSoFar()
    {
        using CancellationTokenSource source = new();
        float[] first = [];
        using Network network = new(Model);
        RecordingObserver observer = new()
        {
            OnWeights = (weights, _) => first = weights.Values.ToArray(),
            OnStep = step =>
            {
                if (step.Step == 5)
                    source.Cancel();
            },
        };

        TrainingResult result = Run(network, Wild with { Keep = KeptWeights.Best }, observer, source.Token);

        Assert.Equal((5, true, 1), (result.Steps, result.WasCancelled, result.BestEpoch));
        Assert.Equal(first, network.Values.ToArray());
    }

    [Fact]
    public void Train_CancelledBeforeAnEvaluation_EndsWithoutIt()
    {
        using CancellationTokenSource source = new();
        using Network network = new(Model);
        RecordingObserver observer = new()
        {
            OnStep = step =>
            {
                if (step.Step == 3)
                    source.Cancel();
            },
        };

        TrainingResult result = Run(network, Wild, observer, source.Token);

        Assert.Equal((3, true, 0), (result.Steps, result.WasCancelled, result.BestEpoch));
        Assert.Empty(observer.Epochs);
    }

    [Fact]
    public void Train_OnAPlateau_LowersTheRate()
    {
        using Network network = new(Model);
        RecordingObserver observer = new();

        Run(network, Still with { Epochs = 5, Schedule = new PlateauSchedule { Patience = 0, Factor = 0.5f } }, observer);

        float[] expected = [.. new[] { 1, 1, 0.5f, 0.25f, 0.125f }.SelectMany(share => Enumerable.Repeat(Nothing * share, 3))];
        Assert.Equal(expected, observer.Steps.Select(step => step.LearningRate));
    }

    [Theory]
    [InlineData("early stopping")]
    [InlineData("best")]
    [InlineData("plateau")]
    [InlineData("best of all pictures")]
    public void Train_WithoutValidationPictures_RefusesWhatNeedsThem(string what)
    {
        TrainingOptions options = what switch
        {
            "early stopping" => Still with { Patience = 1 },
            "best" => Still with { Keep = KeptWeights.Best },
            "best of all pictures" => Still with { Keep = KeptWeights.Best, TrainOnValidation = true },
            _ => Still with { Schedule = new PlateauSchedule() },
        };
        using ThreadTeam team = new(1);
        using Network network = new(Model);

        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => Trainer.Train(network, Patches.Splits(Model, 10), options, team, null, cancellationToken: TestContext.Current.CancellationToken));

        Assert.StartsWith("Data 'patches' has no validation pictures", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(1e6f, 1)]
    [InlineData(null, 2)]
    public void Train_Frozen_LeavesThoseBitsAndMovesTheOthers(float? clip, int accumulate)
    {
        TrainingOptions options = Still with { LearningRate = 0.1f, ClipNorm = clip, Accumulate = accumulate, Freeze = ["conv", "fc2"], Optimizer = new AdamOptions { WeightDecay = 0.1f } };
        using Network network = TestModels.Random(Model);
        Dictionary<string, float[]> before = network.Parameters.ToDictionary(parameter => parameter.Name, network.Read);

        FineTune(network, options);

        foreach (Parameter parameter in network.Parameters)
        {
            if (parameter.Name.StartsWith("fc1", StringComparison.Ordinal))
                Assert.NotEqual(before[parameter.Name], network.Read(parameter));
            else
                Assert.Equal(before[parameter.Name], network.Read(parameter));
        }
    }

    [Fact]
    public void Train_FrozenBelow_MovesTheRestAsWithoutFreezing()
    {
        // One step: what lies above does not know yet that the layers below stay.
        TrainingOptions options = Still with { LearningRate = 0.1f, Images = 10 };
        using Network frozen = TestModels.Random(Model), free = TestModels.Random(Model);

        FineTune(frozen, options with { Freeze = ["conv"] });
        FineTune(free, options);

        foreach (Parameter parameter in free.Parameters.Where(parameter => parameter.Name.StartsWith("fc", StringComparison.Ordinal)))
            Assert.Equal(free.Read(parameter), frozen.Read(parameter));
    }

    [Theory]
    [InlineData("dense", "No parameter of model 'TanhAndSigmoid' begins with 'dense', which is to be frozen. Its parameters are conv1.weight, conv1.bias,")]
    [InlineData("c f", "All parameters of model 'TanhAndSigmoid' are frozen by c, f; nothing would be learnt. Leave some free.")]
    public void Train_PrefixesThatMakeNoSense_AreNamed(string prefixes, string message)
    {
        using Network network = new(Model);

        ArgumentException exception = Assert.Throws<ArgumentException>(() => Run(network, Still with { Freeze = [.. prefixes.Split(' ')] }));

        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FineTune_GivenWeights_BeginsWithThem()
    {
        using Network network = TestModels.Random(Model);
        float[] before = network.Values.ToArray();

        FineTune(network, Still);
        Assert.Equal(before, network.Values.ToArray());

        Run(network, Still);
        Assert.NotEqual(before, network.Values.ToArray());
    }

    private static float[] After(TrainingOptions options)
    {
        using Network network = new(Model);
        Run(network, options);
        return network.Values.ToArray();
    }

    private static TrainingResult Run(Network network, TrainingOptions options, RecordingObserver? observer = null, CancellationToken? cancellationToken = null)
    {
        using ThreadTeam team = new(2);
        return Trainer.Train(network, Patches.Splits(Model, 30, validation: 50), options, team, observer, cancellationToken: cancellationToken ?? TestContext.Current.CancellationToken);
    }

    private static void FineTune(Network network, TrainingOptions options)
    {
        using ThreadTeam team = new(2);
        Trainer.FineTune(network, Patches.Splits(Model, 30, validation: 50), options, team, null, cancellationToken: TestContext.Current.CancellationToken);
    }
}
