using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

public sealed class CheckpointKeeperTests
{
    [Fact]
    public void WeightsReady_ManyEpochs_KeepsTheLastOnesAndTheBest()
    {
        using TemporaryDirectory directory = new();
        string folder = directory.File("checkpoints");
        using Network network = TestModels.Random(TestModels.Find("MlpOnly"));
        CheckpointKeeper keeper = new(folder, last: 2);
        float[] best = [];
        for (int epoch = 1; epoch <= 5; epoch++)
        {
            float[] bias = [epoch, 0, 0];
            network.Write(network.Find("fc3.bias"), bias);
            if (epoch == 3)
                best = bias;
            keeper.WeightsReady(network, new EpochReport(epoch, epoch * 10, 0.5, 0.5, IsBest: epoch is 1 or 3));
        }

        Assert.Equal(["best.safetensors", "epoch-0004.safetensors", "epoch-0005.safetensors"], Names(folder));
        using Network kept = ModelFile.Load(Path.Combine(folder, CheckpointKeeper.BestName));
        Assert.Equal(best, kept.Read(kept.Find("fc3.bias")));
        using Network last = ModelFile.Load(Path.Combine(folder, CheckpointKeeper.NameOf(5)));
        Assert.Equal([5, 0, 0], last.Read(last.Find("fc3.bias")));
    }

    [Fact]
    public void WeightsReady_FilesOfOthers_AreLeftAlone()
    {
        using TemporaryDirectory directory = new();
        directory.Write("epoch-0001.safetensors.old", [1]);
        directory.Write("epoch-0900.safetensors", [2]);
        using Network network = TestModels.Random(TestModels.Find("MlpOnly"));
        CheckpointKeeper keeper = new(directory.Path, last: 1, keepsBest: false);
        for (int epoch = 1; epoch <= 3; epoch++)
            keeper.WeightsReady(network, new EpochReport(epoch, epoch, 0.5, 0.5, IsBest: true));

        Assert.Equal(["epoch-0001.safetensors.old", "epoch-0003.safetensors", "epoch-0900.safetensors"], Names(directory.Path));
        Assert.Equal([2], File.ReadAllBytes(directory.File("epoch-0900.safetensors")));
    }

    [Fact]
    public void WeightsReady_NothingToKeep_MakesNoFolder()
    {
        using TemporaryDirectory directory = new();
        using Network network = TestModels.Random(TestModels.Find("MlpOnly"));

        new CheckpointKeeper(directory.File("none"), last: 0).WeightsReady(network, new EpochReport(1, 1, double.NaN, double.NaN, IsBest: false));

        Assert.False(Directory.Exists(directory.File("none")));
    }

    [Fact]
    public void WeightsReady_FolderThatIsAFile_IsAnErrorOfTheFile()
    {
        using TemporaryDirectory directory = new();
        using Network network = TestModels.Random(TestModels.Find("MlpOnly"));
        string path = directory.Write("file", [1]);

        Assert.ThrowsAny<IOException>(() => new CheckpointKeeper(path, last: 1).WeightsReady(network, new EpochReport(1, 1, 0.5, 0.5, IsBest: true)));
    }

    [Fact]
    public void Create_NegativeCount_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointKeeper("folder", last: -1));
    }

    [Fact]
    public void Train_WithAKeeper_LeavesModelsOfTheAverage()
    {
        using TemporaryDirectory directory = new();
        using ThreadTeam team = new(1);
        using Network network = new(TestModels.Find("TanhAndSigmoid"));
        TrainingOptions options = new() { BatchSize = 10, Epochs = 3, Averaging = new AveragingOptions { Every = 1 } };

        Trainer.Train(network, Patches.Splits(network.Spec, 30, validation: 9), options, team, new CheckpointKeeper(directory.Path, last: 1), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["best.safetensors", "epoch-0003.safetensors"], Names(directory.Path));
        using Network last = ModelFile.Load(directory.File("epoch-0003.safetensors"));
        Assert.Equal(network.Values.ToArray(), last.Values.ToArray());
    }

    private static IEnumerable<string?> Names(string folder) => Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
