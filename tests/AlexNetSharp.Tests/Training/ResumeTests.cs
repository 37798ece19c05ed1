using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

/// <summary>A run that was stopped and goes on ends with the bits of one that never stopped, and reports what that reports.</summary>
public sealed class ResumeTests : IDisposable
{
    // Three epochs of 77 pictures, three steps each; the last batch of an epoch has 13.
    private static readonly TrainingOptions Plain = new() { BatchSize = 32, Epochs = 3, ReportEvery = 2, Seed = 5 };

    private static readonly Dictionary<string, TrainingOptions> Kinds = new()
    {
        ["plain"] = Plain,
        ["images"] = Plain with { Images = 32 * 7 },
        ["sgd on a plateau"] = Plain with
        {
            Optimizer = new SgdOptions { Momentum = 0.9f, WeightDecay = 5e-4f },
            LearningRate = 0.01f,
            Schedule = new PlateauSchedule { Factor = 0.5f, Patience = 0 },
        },
        ["everything"] = Plain with
        {
            BatchSize = 16,
            Accumulate = 2,
            ClipNorm = 0.5f,
            LabelSmoothing = 0.1f,
            ClassWeighting = ClassWeighting.Balanced,
            NormalizePixels = true,
            Optimizer = new AdamOptions { WeightDecay = 0.01f },
            Schedule = new OneCycleSchedule { WarmUpSteps = 2 },
            Averaging = new AveragingOptions { Every = 2, Decay = 0.9f },
            Keep = KeptWeights.Best,
            Freeze = ["conv1"],
            Augmentation = new AugmentationOptions
            {
                RandomCrop = new RandomCrop(2),
                Elastic = new Elastic(),
                Erasing = new Erasing(Fill: ErasingFill.Noise),
                Mixup = new Mixup(),
            },
        },
    };

    private readonly TemporaryDirectory _directory = new();
    private readonly ThreadTeam _team = new(2);

    public static IEnumerable<TheoryDataRow<string, int>> Stops =>
        from kind in Kinds.Keys
        from step in (int[])[1, 2, 3, 5]
        select new TheoryDataRow<string, int>(kind, step);

    private static DataSplits Data => Mnist.Splits(5000, 77) with { Validation = Mnist.Training(0, 20) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _team.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public void Resume_StoppedAfterAnyStep_EndsWithTheSameWeightsAndReports(string kind, int step)
    {
        TrainingOptions options = Kinds[kind];
        using Network whole = Create(options);
        RecordingObserver expected = new();
        TrainingResult never = Trainer.Train(whole, Data, options, _team, expected, cancellationToken: Token);

        RecordingObserver before = StopAfter(step, options, everySteps: null);
        TrainingState state = TrainingStateKeeper.FindNewest(_directory.Path)!;
        using Network resumed = new(state.Model);
        RecordingObserver after = new();
        TrainingResult result = Trainer.Resume(state, resumed, Data, options, _team, after, cancellationToken: Token);

        Assert.Equal(step, state.Step);
        Assert.Equal(whole.Values, resumed.Values);
        Assert.Equal(expected.Calls.Skip(1), [.. before.Calls.Skip(1), .. after.Calls.Skip(1)]);
        Assert.Equal((step, state.Images), (after.Start.FirstStep, after.Start.FirstImages));
        Assert.Equal((never.Steps, never.Images, never.BestEpoch), (result.Steps, result.Images, result.BestEpoch));
        Assert.False(result.WasCancelled);
    }

    [Fact]
    public void Resume_KilledBetweenStates_GoesOnFromTheOneBefore()
    {
        using Network whole = Create(Plain);
        Trainer.Train(whole, Data, Plain, _team, cancellationToken: Token);

        // Nothing is kept after step 4: the process might as well have been killed there.
        using (Network killed = Create(Plain))
        {
            RecordingObserver fails = new() { OnStep = report => Assert.NotEqual(6, report.Step) };
            Assert.ThrowsAny<Exception>(() => Trainer.Train(killed, Data, Plain, _team, fails, new TrainingStateKeeper(_directory.Path, everySteps: 4), Token));
        }
        TrainingState state = TrainingStateKeeper.FindNewest(_directory.Path)!;
        using Network resumed = new(state.Model);
        Trainer.Resume(state, resumed, Data, Plain, _team, cancellationToken: Token);

        Assert.Equal(4, state.Step);
        Assert.Equal(whole.Values, resumed.Values);
    }

    [Fact]
    public void Resume_StoppedInTheLastEpochsEvaluation_EvaluatesItThen()
    {
        using Network whole = Create(Plain);
        RecordingObserver expected = new();
        Trainer.Train(whole, Data, Plain, _team, expected, cancellationToken: Token);

        // The ninth step is the last.
        RecordingObserver before = StopAfter(9, Plain, everySteps: null);
        TrainingState state = TrainingStateKeeper.FindNewest(_directory.Path)!;
        using Network resumed = new(state.Model);
        RecordingObserver after = new();
        Trainer.Resume(state, resumed, Data, Plain, _team, after, cancellationToken: Token);

        Assert.Equal(2, before.Epochs.Count());
        Assert.Equal(expected.Epochs.Last(), Assert.Single(after.Epochs));
        Assert.Empty(after.Steps);
        Assert.Equal(whole.Values, resumed.Values);
    }

    [Fact]
    public void Resume_StoppedEarly_StaysStopped()
    {
        TrainingOptions options = Plain with { Epochs = 50, LearningRate = 1e-12f, Patience = 2 };
        using Network network = Create(options);
        TrainingResult first = Trainer.Train(network, Data, options, _team, states: new TrainingStateKeeper(_directory.Path), cancellationToken: Token);

        TrainingState state = TrainingStateKeeper.FindNewest(_directory.Path)!;
        using Network resumed = new(state.Model);
        TrainingResult second = Trainer.Resume(state, resumed, Data, options, _team, cancellationToken: Token);

        Assert.True(first.StoppedEarly);
        Assert.Equal((first.Steps, true), (second.Steps, second.StoppedEarly));
    }

    [Fact]
    public void Resume_NewestStateDamaged_GoesOnFromTheOneBefore()
    {
        using Network whole = Create(Plain);
        Trainer.Train(whole, Data, Plain, _team, states: new TrainingStateKeeper(_directory.Path), cancellationToken: Token);
        string newest = _directory.File(TrainingStateKeeper.NameOf(9));
        byte[] bytes = File.ReadAllBytes(newest);
        bytes[^100] ^= 1;
        File.WriteAllBytes(newest, bytes);
        List<string> damaged = [];

        TrainingState state = TrainingStateKeeper.FindNewest(_directory.Path, damaged.Add)!;
        using Network resumed = new(state.Model);
        Trainer.Resume(state, resumed, Data, Plain, _team, states: new TrainingStateKeeper(_directory.Path), cancellationToken: Token);

        Assert.Equal(6, state.Step);
        Assert.Contains(newest, Assert.Single(damaged), StringComparison.Ordinal);
        Assert.Equal(whole.Values, resumed.Values);
        Assert.Equal([TrainingStateKeeper.NameOf(6), TrainingStateKeeper.NameOf(9)], Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void FindNewest_FilesCutOffAnywhere_AreNeverTakenForWhole()
    {
        StopAfter(1, Plain, everySteps: 1);
        string newest = _directory.File(TrainingStateKeeper.NameOf(1));
        byte[] bytes = File.ReadAllBytes(newest);
        foreach (int length in (int[])[0, 7, 8, 100, bytes.Length / 2, bytes.Length - 1])
        {
            File.WriteAllBytes(newest, bytes[..length]);

            Assert.Equal(0, TrainingStateKeeper.FindNewest(_directory.Path)!.Step);
        }
    }

    [Fact]
    public void Resume_OtherOptions_NamesTheOneThatDiffers()
    {
        StopAfter(1, Plain, everySteps: null);
        TrainingState state = TrainingStateKeeper.FindNewest(_directory.Path)!;
        using Network network = new(state.Model);

        ArgumentException e = Assert.Throws<ArgumentException>(() => Trainer.Resume(state, network, Data, Plain with { Seed = 6 }, _team, cancellationToken: Token));

        Assert.Contains("'seed' was 5 and is 6", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OtherPictures_IsRefused()
    {
        StopAfter(1, Plain, everySteps: null);
        TrainingState state = TrainingStateKeeper.FindNewest(_directory.Path)!;
        using Network network = new(state.Model);

        ArgumentException e = Assert.Throws<ArgumentException>(() => Trainer.Resume(state, network, Mnist.Splits(6000, 77) with { Validation = Mnist.Training(0, 20) }, Plain, _team, cancellationToken: Token));

        Assert.Contains("not what the run was begun with", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AModelFile_SaysThatItIsNoState()
    {
        using Network network = TestModels.Random(TestModels.Find("MlpOnly"));
        string path = _directory.File("model.safetensors");
        AlexNetSharp.Checkpoints.ModelFile.Save(network, path);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TrainingState.Load(path));

        Assert.Contains("no state of a training run", e.Message, StringComparison.Ordinal);
    }

    private Network Create(TrainingOptions options) => new(Trainer.Adapt(TestModels.Narrow, Data, options, _team));

    private RecordingObserver StopAfter(int step, TrainingOptions options, int? everySteps)
    {
        using CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        RecordingObserver observer = new() { OnStep = report => CancelAt(report.Step) };
        using Network network = Create(options);
        Trainer.Train(network, Data, options, _team, observer, new TrainingStateKeeper(_directory.Path, everySteps), source.Token);
        return observer;

        void CancelAt(int made)
        {
            if (made == step)
                source.Cancel();
        }
    }
}
