using System.Security.Cryptography;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

/// <summary>Same seed, same bits, on any number of threads.</summary>
public sealed class DeterminismTests
{
    // Two epochs of 77 pictures in batches of 32: two epoch boundaries, and a last batch of 13 in each; dropout is on.
    private static readonly TrainingOptions Options = new() { BatchSize = 32, Epochs = 2, ReportEvery = 2, Seed = 42 };

    private static readonly TrainingOptions Everything = Options with
    {
        BatchSize = 16,
        Accumulate = 2,
        ClipNorm = 0.5f,
        LabelSmoothing = 0.1f,
        ClassWeighting = ClassWeighting.Balanced,
        NormalizePixels = true,
        Optimizer = new AdamOptions { WeightDecay = 0.01f, DecaysBiases = false },
        Schedule = new OneCycleSchedule { WarmUpSteps = 2 },
        Averaging = new AveragingOptions { Every = 1, Decay = 0.9f },
        Keep = KeptWeights.Best,
        Augmentation = new AugmentationOptions
        {
            RandomCrop = new RandomCrop(2),
            Affine = new Affine(10, 0.1f, 0.9f, 1.1f, 5),
            Elastic = new Elastic(),
            Brightness = new Brightness(),
            Contrast = new Contrast(),
            Erasing = new Erasing(Fill: ErasingFill.Noise),
            Mixup = new Mixup(),
            CutMix = new CutMix(),
        },
    };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_OnMoreThreads_WritesTheSameFile(int threads)
    {
        Assert.Equal(HashAfterTraining(Options, 1), HashAfterTraining(Options, threads));
    }

    [Fact]
    public void Train_SeedRecipesDistributionOnThreeThreads_WritesTheSameFile()
    {
        TrainingOptions options = Recipe.Seed.Options with { BatchSize = 32, Images = 96 };

        Assert.Equal(HashAfterTraining(options, 1), HashAfterTraining(options, 3));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Train_EverythingSwitchedOn_WritesTheSameFileAtAnyNumberOfThreads(int threads)
    {
        Assert.Equal(HashAfterTraining(Everything, 1), HashAfterTraining(Everything, threads));
    }

    [Fact]
    public void Train_OtherSeed_WritesAnotherFile()
    {
        Assert.NotEqual(HashAfterTraining(Options, 2), HashAfterTraining(Options with { Seed = 43 }, 2));
    }

    [Fact]
    public void Train_WithMoreReports_WritesTheSameFile()
    {
        Assert.Equal(HashAfterTraining(Options, 2), HashAfterTraining(Options with { ReportEvery = 1 }, 2));
    }

    [Fact]
    public void Train_OverAnOldNetwork_WritesTheSameFile()
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Narrow);
        using TemporaryDirectory directory = new();

        Assert.Equal(HashAfterTraining(Options, 2), Hash(network, Options, team, directory));
    }

    private static DataSplits Data => Mnist.Splits(5000, 77) with { Validation = Mnist.Training(0, 20) };

    private static string HashAfterTraining(TrainingOptions options, int threads)
    {
        using ThreadTeam team = new(threads);
        DataSplits data = Data;
        using Network network = new(Trainer.Adapt(TestModels.Narrow, data, options, team));
        using TemporaryDirectory directory = new();
        return Hash(network, options, team, directory);
    }

    private static string Hash(Network network, TrainingOptions options, ThreadTeam team, TemporaryDirectory directory)
    {
        Trainer.Train(network, Data, options, team, new RecordingObserver(), cancellationToken: TestContext.Current.CancellationToken);
        string path = directory.File("model.safetensors");
        ModelFile.Save(network, path);
        return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
    }
}
