using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Data.Tests;

/// <summary>Training on pictures in files, some of which are broken.</summary>
public sealed class FolderTrainingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ThreadTeam _team = new(2);

    public FolderTrainingTests()
    {
        foreach (string part in new[] { "train", "val", "test" })
        {
            for (byte i = 1; i <= 20; i++)
            {
                Folders.WritePicture(_directory.Path, $"{part}/dark/{i}.png", i);
                Folders.WritePicture(_directory.Path, $"{part}/light/{i}.png", (byte)(200 + i));
            }
        }
    }

    public void Dispose()
    {
        _team.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Train_BrokenPictures_AreEachReportedOnceAndLeftOut()
    {
        BrokenPictures.Write(_directory.File("train/dark"));
        Skipped skipped = new();
        using Network network = new(Model());

        TrainingResult result = Train(network, skipped, strict: false);

        Assert.Equal(BrokenPictures.Names.Select(name => _directory.File($"train/dark/{name}")), skipped.Problems.Select(problem => problem.Split('\'')[1]).Order(StringComparer.Ordinal));
        Assert.Equal((5, 10 * 40), (result.SkippedPictures, result.Images));
        Assert.Equal(1, Evaluator.Evaluate(network, ImageFolder.Load(_directory.Path).Test, _team, TestContext.Current.CancellationToken).Accuracy);
    }

    [Fact]
    public void Train_Strict_StopsAtABrokenPicture()
    {
        BrokenPictures.Write(_directory.File("train/dark"));
        using Network network = new(Model());

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Train(network, new Skipped(), strict: true));

        Assert.Contains(BrokenPictures.Names, name => e.Message.StartsWith($"'{_directory.File($"train/dark/{name}")}'", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_FilesOrMemory_GivesTheSameWeights()
    {
        DataSplits files = ImageFolder.Load(_directory.Path);
        DataSplits memory = new("memory", InMemory(files.Training), InMemory(files.Validation), InMemory(files.Test));
        float[][] weights = [.. new[] { files, memory }.Select(data =>
        {
            using Network network = new(Model());
            Trainer.Train(network, data, Options(strict: true), _team, null, cancellationToken: TestContext.Current.CancellationToken);
            float[] values = new float[network.Parameters.Sum(parameter => parameter.Length)];
            int start = 0;
            foreach (Parameter parameter in network.Parameters)
            {
                network.Read(parameter, values.AsSpan(start, parameter.Length));
                start += parameter.Length;
            }
            return values;
        })];

        Assert.Equal(weights[0], weights[1]);
    }

    [Fact]
    public void Prefetch_Folder_DeliversInOrder()
    {
        ImageSet images = ImageFolder.Load(_directory.Path).Training;
        int[] order = [.. Enumerable.Range(0, 400).Select(i => i * 7 % images.Count)];
        using PicturePrefetcher prefetcher = new(images, threads: 3);

        prefetcher.Begin(order);
        PrefetchedPicture[] read = [.. order.Select(_ => prefetcher.Next())];

        Assert.Equal(order, read.Select(picture => picture.Index));
        Assert.All(read, picture => Assert.Equal(images.Read(picture.Index).Pixels.ToArray(), picture.Image.Pixels.ToArray()));
    }

    private static StoredImages InMemory(ImageSet set) =>
        new(set.Name, set.Channels, [.. Enumerable.Range(0, set.Count).Select(set.Read)], [.. set.Labels], set.ClassNames);

    private static ModelSpec Model() => new()
    {
        Name = "small",
        Input = new FeatureShape(2, 2, 3),
        Classes = ["dark", "light"],
        Layers = [new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 2 }],
    };

    private static TrainingOptions Options(bool strict) => new() { BatchSize = 8, Epochs = 10, LearningRate = 0.1f, Strict = strict };

    private TrainingResult Train(Network network, ITrainingObserver observer, bool strict) =>
        Trainer.Train(network, ImageFolder.Load(_directory.Path), Options(strict), _team, observer, cancellationToken: TestContext.Current.CancellationToken);

    private sealed class Skipped : ITrainingObserver
    {
        public List<string> Problems { get; } = [];

        public void PictureSkipped(string problem) => Problems.Add(problem);
    }
}
