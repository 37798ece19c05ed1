using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

public sealed class TrainerTests
{
    private const int FirstImage = 5000;

    [Fact]
    public void Train_TwoEpochsWithARest_ReportsEverythingInOrder()
    {
        // 50 pictures in batches of 20: 20, 20, 10.
        RecordingObserver observer = new();
        DataSplits data = Mnist.Splits(FirstImage, 50) with { Validation = Mnist.Training(0, 30) };

        TrainingResult result = Train(data, new TrainingOptions { BatchSize = 20, Epochs = 2, ReportEvery = 4 }, observer);

        Assert.Equal(
            [nameof(TrainingStart), "Step 1", "Step 2", "Step 3", "Epoch 1", "Step 4", "Minibatch 4", "Step 5", "Step 6", "Epoch 2"],
            observer.Calls.Select(Describe));
        Assert.Equal(new TrainingStart(6, 3, 20, 50), observer.Start);
        Assert.Equal([20, 40, 50, 70, 90, 100], observer.Steps.Select(step => step.Images));
        Assert.Equal([1, 1, 1, 2, 2, 2], observer.Steps.Select(step => step.Epoch));
        Assert.Equal(80, Assert.Single(observer.Minibatches).Images);
        Assert.Equal([3, 6], observer.Epochs.Select(epoch => epoch.Step));
        Assert.All(observer.Epochs, epoch => Assert.True(epoch.ValidationLoss > 0 && epoch.ValidationAccuracy is >= 0 and <= 1));
        Assert.All(observer.Steps, step => Assert.True(double.IsFinite(step.Loss) && step.Accuracy is >= 0 and <= 1));
        Assert.Equal((6, 100L, false), (result.Steps, result.Images, result.WasCancelled));
        Assert.True(result.TrainingTime > TimeSpan.Zero && result.ImagesPerSecond > 0);
    }

    [Fact]
    public void Train_ByImages_FillsEveryBatchAndReportsThePartialEpoch()
    {
        // 50 pictures hold two full batches of 20; 115 images are five steps, so the third epoch is cut short.
        RecordingObserver observer = new();

        TrainingResult result = Train(Mnist.Splits(FirstImage, 50), new TrainingOptions { BatchSize = 20, Images = 115, ReportEvery = 2 }, observer);

        Assert.Equal(
            [nameof(TrainingStart), "Step 1", "Step 2", "Minibatch 2", "Epoch 1", "Step 3", "Step 4", "Minibatch 4", "Epoch 2", "Step 5", "Epoch 3"],
            observer.Calls.Select(Describe));
        Assert.Equal(new TrainingStart(5, 2, 20, 50), observer.Start);
        Assert.Equal([20, 40, 60, 80, 100], observer.Steps.Select(step => step.Images));
        Assert.Equal(100, result.Images);
        Assert.All(observer.Epochs, epoch => Assert.True(double.IsNaN(epoch.ValidationLoss) && double.IsNaN(epoch.ValidationAccuracy)));
    }

    [Fact]
    public void Train_OnValidation_TakesThosePicturesTooAndValidatesNothing()
    {
        RecordingObserver observer = new();
        DataSplits data = Mnist.Splits(FirstImage, 50) with { Validation = Mnist.Training(0, 30) };

        TrainingResult result = Train(data, new TrainingOptions { BatchSize = 20, Epochs = 1, TrainOnValidation = true }, observer);

        Assert.Equal(new TrainingStart(4, 4, 20, 80), observer.Start);
        Assert.Equal(80, result.Images);
        Assert.All(observer.Epochs, epoch => Assert.True(double.IsNaN(epoch.ValidationLoss)));
    }

    [Fact]
    public void Train_SeedRecipe_Makes4687Steps()
    {
        RecordingObserver observer = new();

        // Cancelled before the first step: only the plan of the run is asked for.
        TrainingResult result = Train(Mnist.Splits(FirstImage, 640), Recipe.Seed.Options, observer, new CancellationToken(canceled: true));

        Assert.Equal(new TrainingStart(4687, 10, 64, 640), observer.Start);
        Assert.Equal((0, 0L, true, 0d), (result.Steps, result.Images, result.WasCancelled, result.ImagesPerSecond));
        Assert.Single(observer.Calls);
    }

    [Fact]
    public void Train_FewerPicturesThanABatch_TakesThemAllEachStep()
    {
        RecordingObserver observer = new();

        Train(Mnist.Splits(FirstImage, 5), new TrainingOptions { BatchSize = 64, Epochs = 3 }, observer);

        Assert.Equal(new TrainingStart(3, 1, 5, 5), observer.Start);
        Assert.Equal([5, 10, 15], observer.Steps.Select(step => step.Images));
    }

    [Fact]
    public void Train_CancelledAfterAStep_LeavesThatStepsWeights()
    {
        TrainingOptions options = new() { BatchSize = 16, Images = 96, Schedule = LearningRateSchedule.Constant };
        using ThreadTeam team = new(2);
        using Network cancelled = new(TestModels.Narrow), complete = new(TestModels.Narrow);
        using CancellationTokenSource source = new();
        RecordingObserver stopping = new()
        {
            OnStep = step =>
            {
                if (step.Step == 3)
                    source.Cancel();
            },
        };

        TrainingResult result = Trainer.Train(cancelled, Mnist.Splits(FirstImage, 200), options, team, stopping, cancellationToken: source.Token);
        Trainer.Train(complete, Mnist.Splits(FirstImage, 200), options with { Images = 48 }, team, new RecordingObserver(), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((3, 48L, true), (result.Steps, result.Images, result.WasCancelled));
        Assert.Equal(complete.Values.ToArray(), cancelled.Values.ToArray());
        Assert.Equal(100, Evaluator.Evaluate(cancelled, Mnist.Test(100), team, TestContext.Current.CancellationToken).Images);
    }

    [Fact]
    public void Train_CancelledAfterTheLastStep_WasNotCancelled()
    {
        using CancellationTokenSource source = new();
        RecordingObserver observer = new()
        {
            OnStep = step =>
            {
                if (step.Step == 2)
                    source.Cancel();
            },
        };

        TrainingResult result = Train(Mnist.Splits(FirstImage, 20), new TrainingOptions { BatchSize = 10, Epochs = 1 }, observer, source.Token);

        Assert.Equal((2, false), (result.Steps, result.WasCancelled));
    }

    [Fact]
    public void Train_StepReport_IsTheLossBeforeTheUpdate()
    {
        // At such a rate nothing moves, and this model has no dropout: the second look at the minibatch gives the first's loss.
        RecordingObserver observer = new();
        using ThreadTeam team = new(1);
        using Network network = new(TestModels.Find("TanhAndSigmoid"));
        DataSplits data = Patches.Splits(network.Spec, 12);

        Trainer.Train(network, data, new TrainingOptions { BatchSize = 12, Epochs = 1, LearningRate = 1e-12f, ReportEvery = 1 }, team, observer, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(observer.Steps.Single().Loss, observer.Minibatches.Single().Loss, 1e-6);
        Assert.Equal(observer.Steps.Single().Accuracy, observer.Minibatches.Single().Accuracy);
    }

    [Fact]
    public void Train_CosineSchedule_ReportsItsRates()
    {
        RecordingObserver observer = new();

        Train(Mnist.Splits(FirstImage, 40), new TrainingOptions { BatchSize = 10, Epochs = 1, LearningRate = 0.002f }, observer);

        double[] expected = [0.002, 0.001707107, 0.001, 0.0002928932];
        Assert.All(observer.Steps.Zip(expected), pair => Assert.Equal(pair.Second, pair.First.LearningRate, 1e-9));
    }

    [Fact]
    public void Train_HugeLearningRate_SaysThatItDiverged()
    {
        TrainingOptions options = new() { BatchSize = 10, Epochs = 20, LearningRate = 1e20f, Optimizer = new SgdOptions() };

        TrainingDivergedException exception = Assert.Throws<TrainingDivergedException>(() => Train(Mnist.Splits(FirstImage, 40), options, new RecordingObserver()));

        Assert.Matches(@"^The loss of step \d+ is (NaN|Infinity|∞): training has diverged\. .*learning rate.*$", exception.Message);
    }

    [Fact]
    public void Train_TwoEpochsOnAFewThousandDigits_Learns()
    {
        const double WantedAccuracy = 0.9;
        using ThreadTeam team = new(1);
        // Eight channels do not stand a fifth of them missing as 64 do: a twentieth, so that two short epochs suffice.
        ModelSpec model = TestModels.Narrow;
        using Network network = new(model with { Layers = [.. model.Layers.Select(layer => layer is Dropout drop ? drop with { Keep = 0.95f } : layer)] });

        Trainer.Train(network, Mnist.Splits(FirstImage, 4000), new TrainingOptions { BatchSize = 32, LearningRate = 0.003f }, team, new RecordingObserver(), cancellationToken: TestContext.Current.CancellationToken);

        Evaluation evaluation = Evaluator.Evaluate(network, Mnist.Test(1000), team, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"accuracy {evaluation.Accuracy}");
        Assert.True(evaluation.Accuracy > WantedAccuracy, $"accuracy {evaluation.Accuracy}");
    }

    [Fact]
    public void Train_SgdInBothForms_Learns()
    {
        using ThreadTeam team = new(1);
        foreach (SgdOptions sgd in new[] { new SgdOptions(), new SgdOptions { Form = Kernels.Optimizers.MomentumForm.WeightVelocity } })
        {
            using Network network = new(TestModels.Find("TanhAndSigmoid"));
            RecordingObserver observer = new();

            Trainer.Train(network, Patches.Splits(network.Spec, 30), new TrainingOptions { BatchSize = 10, Epochs = 60, LearningRate = 0.05f, Optimizer = sgd }, team, observer, cancellationToken: TestContext.Current.CancellationToken);

            Assert.True(observer.Steps.Last().Loss < 0.5 * observer.Steps.First().Loss, $"{observer.Steps.First().Loss} to {observer.Steps.Last().Loss}");
        }
    }

    [Fact]
    public void Train_ClassTheModelLacks_NamesIt()
    {
        InvalidModelException exception = Assert.Throws<InvalidModelException>(
            () => Train(Mnist.Splits(FirstImage, 5), new TrainingOptions(), new RecordingObserver(), model: ModelCatalog.AlexNetMnist(["0", "b"], 8)));

        Assert.Equal(
            "Data 'mnist/train' has the class '1', which model 'alexnet-mnist' does not know (its 2 classes begin with '0', 'b'). Choose data with the model's classes, or train a model on these.",
            exception.Message);
    }

    [Fact]
    public void Train_PicturesOfAnotherSize_AreStretchedToTheInput()
    {
        ModelSpec small = TestModels.Model("small", new FeatureShape(6, 6, 1), 10, new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 10 }) with { Classes = Mnist.Digits };
        RecordingObserver observer = new();

        Train(Mnist.Splits(FirstImage, 400), new TrainingOptions { Epochs = 30, BatchSize = 20, LearningRate = 0.03f, ReportEvery = 1 }, observer, model: small);

        // Six by six pixels are enough to tell most digits apart.
        Assert.True(observer.Minibatches.TakeLast(20).Average(report => report.Accuracy) > 0.7);
    }

    [Fact]
    public void Train_ValidationWithOtherClasses_IsRefusedBeforeTheFirstStep()
    {
        RecordingObserver observer = new();
        LabeledImages other = new("other", 2, 2, 1, new byte[4], new int[1], ["ten"]);

        InvalidModelException exception = Assert.Throws<InvalidModelException>(
            () => Train(Mnist.Splits(FirstImage, 5) with { Validation = other }, new TrainingOptions(), observer));

        Assert.Contains("Data 'other' has the class 'ten'", exception.Message);
        Assert.Empty(observer.Calls);
    }

    [Fact]
    public void Train_NoPictures_SaysSo()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => Train(Mnist.Splits(FirstImage, 0), new TrainingOptions(), new RecordingObserver()));

        Assert.StartsWith("Data 'mnist' has no training pictures.", exception.Message);
    }

    private static TrainingResult Train(
        DataSplits data, TrainingOptions options, RecordingObserver observer, CancellationToken? cancellationToken = null, ModelSpec? model = null)
    {
        using ThreadTeam team = new(2);
        using Network network = new(model ?? TestModels.Narrow);
        return Trainer.Train(network, data, options, team, observer, cancellationToken: cancellationToken ?? TestContext.Current.CancellationToken);
    }

    private static string Describe(object call) => call switch
    {
        StepReport step => $"Step {step.Step}",
        MinibatchReport minibatch => $"Minibatch {minibatch.Step}",
        EpochReport epoch => $"Epoch {epoch.Epoch}",
        _ => call.GetType().Name,
    };
}
