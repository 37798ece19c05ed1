using AlexNetSharp.Data;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Inspection;
using AlexNetSharp.Interop.TensorBoard;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Interop.Tests.TensorBoard;

/// <summary>Short trainings on MNIST: 400 pictures, 8 steps an epoch, two epochs, a report every 5 steps.</summary>
public sealed class TensorBoardObserverTests : IDisposable
{
    private const int TrainingImages = 400, OtherImages = 100, ImageLength = 28 * 28;

    private static readonly TrainingOptions s_options = new() { BatchSize = 50, Epochs = 2, ReportEvery = 5 };

    private static readonly DataSplits s_data = Load();

    private readonly string _folder = Directory.CreateTempSubdirectory("alexnet-events-").FullName;
    private readonly ThreadTeam _team = new(2);
    private readonly Network _network = new(Model());

    private string Events => Path.Combine(_folder, "tensorboard");

    public void Dispose()
    {
        _network.Dispose();
        _team.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Train_Observed_WritesCurvesAtReportsAndEpochs()
    {
        Recorder recorder = new();
        using (TensorBoardObserver observer = Observe())
        {
            recorder.Inner = observer;
            Trainer.Train(_network, s_data, s_options, _team, recorder, cancellationToken: TestContext.Current.CancellationToken);
        }

        ILookup<string, (long Step, float Value)> scalars = EventFileReader.ReadFolder(Events).Where(each => each.IsScalar).ToLookup(each => each.Tag, each => (each.Step, each.Scalar));
        Assert.Equal(
            ["train/accuracy", "train/images_per_second", "train/learning_rate", "train/loss", "validation/accuracy", "validation/loss"],
            scalars.Select(curve => curve.Key).Order(StringComparer.Ordinal));
        Assert.Equal(recorder.Minibatches.Select(report => ((long)report.Step, (float)report.Loss)), scalars["train/loss"]);
        Assert.Equal(recorder.Minibatches.Select(report => ((long)report.Step, (float)report.Accuracy)), scalars["train/accuracy"]);
        Assert.Equal([5L, 10, 15], scalars["train/loss"].Select(point => point.Step));
        Assert.Equal([5, 10, 15], scalars["train/learning_rate"].Select(point => point.Step));
        Assert.Equal(scalars["train/learning_rate"], recorder.Steps.Where(report => report.Step % 5 == 0).Select(report => ((long)report.Step, report.LearningRate)));
        Assert.All(scalars["train/images_per_second"], point => Assert.InRange(point.Value, 1, float.MaxValue));
        Assert.Equal(recorder.Epochs.Select(report => ((long)report.Step, (float)report.ValidationLoss)), scalars["validation/loss"]);
        Assert.Equal(recorder.Epochs.Select(report => ((long)report.Step, (float)report.ValidationAccuracy)), scalars["validation/accuracy"]);
        Assert.Equal([8, 16], scalars["validation/accuracy"].Select(point => point.Step));
    }

    [Fact]
    public void Train_Observed_WritesWeightsBeforeTheFirstStepAndAfterEachEpoch()
    {
        using (TensorBoardObserver observer = Observe())
            Trainer.Train(_network, s_data, s_options, _team, observer, cancellationToken: TestContext.Current.CancellationToken);

        List<ReadEvent> events = EventFileReader.ReadFolder(Events);
        foreach (Parameter parameter in _network.Parameters)
        {
            ReadEvent[] histograms = [.. events.Where(each => each.HasValue && each.Tag == $"parameters/{parameter.Name}")];
            float[] values = _network.Read(parameter);
            Assert.Equal([0, 8, 16], histograms.Select(each => each.Step));
            Assert.All(histograms, each => Assert.Equal(parameter.Length, each.Histogram.Double(3)));
            Assert.Equal((values.Min(), values.Max()), (histograms[2].Histogram.Double(1), histograms[2].Histogram.Double(2)));
        }
        ReadEvent[] filters = [.. events.Where(each => each.IsImage)];
        StoredImage drawn = FilterPicture.Draw(_network);
        Assert.Equal([(0, "filters"), (8, "filters"), (16, "filters")], filters.Select(each => (each.Step, each.Tag)));
        Assert.Equal(PictureWriter.EncodePng(drawn, 3), filters[2].Image.Bytes(4));
        Assert.Equal((drawn.Height, drawn.Width, 3), (filters[2].Image.Integer(1), filters[2].Image.Integer(2), filters[2].Image.Integer(3)));
        Assert.Equal("    {\n      \"a\": 1\n    }", Assert.Single(events, each => each.IsText).Text);
    }

    [Fact]
    public void Train_NoEncoderOrOneThatCannot_LeavesPicturesOut()
    {
        using (TensorBoardObserver without = new(Events, _network), cannot = new(Events, _network, (_, _) => null))
        {
            without.Started(default);
            cannot.Started(default);
            Evaluation test = Evaluator.Evaluate(_network, s_data.Test, _team, TestContext.Current.CancellationToken);
            without.WriteTest(0, test, s_data.Test);
            cannot.WriteTest(0, test, s_data.Test);
        }

        List<ReadEvent> events = [.. Directory.GetFiles(Events).SelectMany(EventFileReader.Read)];
        Assert.DoesNotContain(events, each => each.IsImage);
        Assert.Equal(2, events.Count(each => each.HasValue && each.Tag == "test/loss"));
    }

    [Fact]
    public void Resume_StepsBeyondTheState_AreForgottenAndWrittenAgain()
    {
        string checkpoints = Path.Combine(_folder, "checkpoints");
        Fail(13, new TrainingStateKeeper(checkpoints, 4));
        TrainingState state = TrainingStateKeeper.FindNewest(checkpoints)!;
        using (TensorBoardObserver observer = Observe())
            Trainer.Resume(state, _network, s_data, s_options, _team, observer, cancellationToken: TestContext.Current.CancellationToken);

        string[] files = [.. Directory.GetFiles(Events).Order(StringComparer.Ordinal)];
        Assert.Equal(12, state.Step);
        Assert.Equal([0L, 13], files.Select(file => Assert.Single(EventFileReader.Read(file), each => each.StartsSession).Step));
        Assert.All(EventFileReader.Read(files[1]).Where(each => each.HasValue && !each.IsText), each => Assert.True(each.Step > 12));
        List<ReadEvent> events = EventFileReader.ReadFolder(Events);
        Assert.Equal([5, 10, 15], events.Where(each => each.HasValue && each.Tag == "train/loss").Select(each => each.Step));
        Assert.Equal([0, 8, 16], events.Where(each => each.HasValue && each.Tag == "parameters/fc1.weight").Select(each => each.Step));
    }

    [Fact]
    public void Resume_StateBeforeTheFirstStep_BeginsAnew()
    {
        string checkpoints = Path.Combine(_folder, "checkpoints");
        Fail(7, new TrainingStateKeeper(checkpoints));
        using (TensorBoardObserver observer = Observe())
            Trainer.Resume(TrainingStateKeeper.FindNewest(checkpoints)!, _network, s_data, s_options, _team, observer, cancellationToken: TestContext.Current.CancellationToken);

        List<ReadEvent> events = EventFileReader.ReadFolder(Events);
        Assert.Equal([0, 8, 16], events.Where(each => each.IsImage).Select(each => each.Step));
        Assert.Equal([5, 10, 15], events.Where(each => each.HasValue && each.Tag == "train/loss").Select(each => each.Step));
        Assert.Single(events, each => each.IsText);
    }

    [Fact]
    public void WriteTest_Mistakes_AreShownAsPicturesAndAsATable()
    {
        Initializer.Initialize(_network, Initialization.He, 1);
        Evaluation test = Evaluator.Evaluate(_network, s_data.Test, _team, TestContext.Current.CancellationToken);
        using (TensorBoardObserver observer = Observe())
            observer.WriteTest(16, test, s_data.Test);

        ReadEvent[] events = [.. EventFileReader.ReadFolder(Events).Where(each => each.HasValue)];
        ReadEvent[] pictures = [.. events.Where(each => each.IsImage)];
        Assert.All(events, each => Assert.Equal(16, each.Step));
        Assert.Equal((float)test.Loss, Assert.Single(events, each => each.Tag == "test/loss").Scalar);
        Assert.Equal((float)test.Accuracy, Assert.Single(events, each => each.Tag == "test/accuracy").Scalar);
        Assert.Equal(Enumerable.Range(1, 24).Select(i => $"mistakes/{i:D2}"), pictures.Select(each => each.Tag));
        Mistake worst = test.Mistakes[0];
        Assert.Equal(PictureWriter.EncodePng(s_data.Test.Read(worst.Index), 1), pictures[0].Image.Bytes(4));
        Assert.Equal($"1: {Name(worst.Label)}, taken for {Name(worst.Given)}", pictures[0].Value.Message(9).Text(2));
        string[] table = Assert.Single(events, each => each.IsText && each.Tag == "mistakes").Text.TrimEnd('\n').Split('\n');
        Assert.Equal(2 + 24, table.Length);
        // The names are those of digits with a bar before them, which would else end a column.
        Assert.StartsWith($"| mistakes/01 | &#124;{worst.Label} | &#124;{worst.Given} | ", table[2], StringComparison.Ordinal);
        Assert.All(table, line => Assert.Equal(7, line.Count(c => c == '|')));
    }

    [Fact]
    public void WriteTest_LargePictures_AreMadeSmaller()
    {
        // Columns alternate between 0 and 200, so that the mean of any 2x2 square is 100.
        byte[] pixels = new byte[30 * 512 * 401];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i % 401 % 2 * 200);
        LabeledImages large = new("large", 512, 401, 1, pixels, Enumerable.Range(0, 30).Select(i => i % 10).ToArray(), s_data.Test.ClassNames);
        Evaluation test = Evaluator.Evaluate(_network, large, _team, TestContext.Current.CancellationToken);
        List<StoredImage> encoded = [];
        using (TensorBoardObserver observer = new(Events, _network, (image, _) =>
        {
            encoded.Add(image);
            return [1];
        }))
        {
            observer.WriteTest(1, test, large);
        }

        Assert.Equal(24, encoded.Count);
        Assert.Equal((256, 200), (encoded[0].Height, encoded[0].Width));
        Assert.All(encoded[0].Pixels.ToArray(), pixel => Assert.Equal(100, pixel));
    }

    // Trains up to a step.
    private void Fail(int step, TrainingStateKeeper states)
    {
        using TensorBoardObserver observer = Observe();
        Recorder failing = new() { Inner = observer, FailsAt = step };
        Assert.Throws<IOException>(() => Trainer.Train(_network, s_data, s_options, _team, failing, states, TestContext.Current.CancellationToken));
    }

    private static string Name(int label) => s_data.Test.ClassNames[label];

    private TensorBoardObserver Observe() => new(Events, _network, PictureWriter.EncodePng, "{\r\n  \"a\": 1\r\n}\r\n");

    private static ModelSpec Model() => new()
    {
        Name = "small",
        Input = new FeatureShape(28, 28, 1),
        Classes = s_data.Test.ClassNames,
        Layers =
        [
            new Convolution2D { Name = "conv1", Filters = 8, Kernel = 5, Stride = 2, Padding = Padding.Same },
            new Relu { Name = "relu1" },
            new Flatten { Name = "flatten" },
            new Dense { Name = "fc1", Units = 10 },
        ],
    };

    private static DataSplits Load()
    {
        string mnist = Find();
        byte[] pixels = IdxReader.ReadImages(Path.Combine(mnist, "t10k-images-idx3-ubyte.gz")).Pixels;
        int[] labels = [.. IdxReader.ReadLabels(Path.Combine(mnist, "t10k-labels-idx1-ubyte.gz")).Select(label => (int)label)];
        return new DataSplits("mnist", Part("training", 0, TrainingImages), Part("validation", TrainingImages, OtherImages), Part("test", TrainingImages + OtherImages, OtherImages));

        LabeledImages Part(string name, int first, int count) => new(
            $"mnist/{name}", 28, 28, 1, pixels.AsMemory(first * ImageLength, count * ImageLength), labels.AsMemory(first, count), [.. Enumerable.Range(0, 10).Select(i => $"|{i}")]);
    }

    private static string Find()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string candidate = Path.Combine(directory.FullName, "data", "mnist");
            if (Directory.Exists(candidate))
                return candidate;
        }
        throw new DirectoryNotFoundException($"No data/mnist above '{AppContext.BaseDirectory}'.");
    }

    /// <summary>Hands on what it hears, keeps it, and fails as a full disk does.</summary>
    private sealed class Recorder : ITrainingObserver
    {
        public TensorBoardObserver? Inner { get; set; }

        public int FailsAt { get; init; }

        public List<StepReport> Steps { get; } = [];

        public List<MinibatchReport> Minibatches { get; } = [];

        public List<EpochReport> Epochs { get; } = [];

        public void Started(in TrainingStart start) => Inner!.Started(start);

        public void StepCompleted(in StepReport report)
        {
            if (report.Step == FailsAt)
                throw new IOException("The disk is full.");
            Steps.Add(report);
            Inner!.StepCompleted(report);
        }

        public void MinibatchEvaluated(in MinibatchReport report)
        {
            Minibatches.Add(report);
            Inner!.MinibatchEvaluated(report);
        }

        public void EpochCompleted(in EpochReport report)
        {
            Epochs.Add(report);
            Inner!.EpochCompleted(report);
        }

        public void WeightsReady(Network network, in EpochReport report) => Inner!.WeightsReady(network, report);
    }
}
