using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

/// <summary>What the options make of loss and gradient: smoothing, class weights, clipping, accumulation.</summary>
public sealed class LossOptionsTests
{
    // No dropout: what two runs compute differs by their options alone.
    private static readonly ModelSpec Model = TestModels.Find("TanhAndSigmoid");

    private static readonly TrainingOptions Plain = new()
    {
        BatchSize = 12,
        Epochs = 1,
        LearningRate = 0.5f,
        Schedule = LearningRateSchedule.Constant,
        Optimizer = new SgdOptions { Momentum = 0 },
        ReportEvery = 1,
    };

    [Theory]
    [InlineData(0f, ClassWeighting.None)]
    [InlineData(0.2f, ClassWeighting.None)]
    [InlineData(0f, ClassWeighting.Balanced)]
    [InlineData(0.2f, ClassWeighting.Balanced)]
    public void Train_SmoothedAndWeighted_LossAndGradientAreTheFormulas(float smoothing, ClassWeighting weighting)
    {
        int[] labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2];
        double[] weights = weighting == ClassWeighting.None ? [1, 1, 1] : [12 / (3.0 * 6), 12 / (3.0 * 4), 12 / (3.0 * 2)];
        LabeledImages images = Patches.Of(Model, labels);
        using Network network = TestModels.Random(Model);
        double[] logits = ReferenceNetwork.Of(network).Forward(ReferenceNetwork.Widen(Mnist.Pixels(images, 0, 12)), 12);
        double loss = 0, whole = 0;
        double[] gradient = new double[3];
        for (int row = 0; row < 12; row++)
        {
            double[] exponentials = [.. logits[(3 * row)..(3 * (row + 1))].Select(Math.Exp)];
            double[] targets = [.. weights.Select((weight, c) => weight * (((c == labels[row] ? 1 : 0) * (1 - smoothing)) + (smoothing / 3)))];
            whole += targets.Sum();
            for (int c = 0; c < 3; c++)
            {
                double p = exponentials[c] / exponentials.Sum();
                loss -= targets[c] * Math.Log(p);
                gradient[c] += (targets.Sum() * p) - targets[c];
            }
        }
        float[] before = network.Read(network.Find("fc2.bias"));
        RecordingObserver observer = new();

        Run(network, Splits(images), Plain with { LabelSmoothing = smoothing, ClassWeighting = weighting }, observer);

        Assert.Equal(loss / whole, observer.Steps.Single().Loss, 1e-5);
        float[] after = network.Read(network.Find("fc2.bias"));
        for (int c = 0; c < 3; c++)
            Assert.Equal(before[c] - (0.5 * gradient[c] / whole), after[c], 1e-6);
    }

    [Fact]
    public void Train_ClassWithoutPictures_WeighsNothingAndChangesNothingForTheOthers()
    {
        RecordingObserver observer = new();
        using Network network = TestModels.Random(Model);

        Run(network, Splits(Patches.Of(Model, 0, 0, 0, 2)), Plain with { ClassWeighting = ClassWeighting.Balanced }, observer);

        Assert.True(double.IsFinite(observer.Steps.Single().Loss));
    }

    [Fact]
    public void Train_GradientLongerThanTheBound_MovesByTheBound()
    {
        const float Bound = 0.05f;
        double Moved(TrainingOptions options)
        {
            using Network network = TestModels.Random(Model);
            float[] before = network.Values.ToArray();
            Run(network, Patches.Splits(Model, 12), options);
            return Distance(before, network.Values);
        }

        Assert.True(Moved(Plain with { LearningRate = 1 }) > 4 * Bound);
        Assert.Equal(Bound, Moved(Plain with { LearningRate = 1, ClipNorm = Bound }), 1e-4 * Bound);
    }

    [Fact]
    public void Train_GradientWithinTheBound_GivesTheBitsOfARunWithout()
    {
        Assert.Equal(After(Plain with { Epochs = 3, BatchSize = 5 }), After(Plain with { Epochs = 3, BatchSize = 5, ClipNorm = 1e6f }));
    }

    [Fact]
    public void Train_FrozenLayers_DoNotCountTowardsTheBound()
    {
        const float Bound = 0.01f;
        using Network network = TestModels.Random(Model);
        float[] before = network.Values.ToArray();

        Run(network, Patches.Splits(Model, 12), Plain with { LearningRate = 1, ClipNorm = Bound, Freeze = ["fc2", "conv2"] });

        Assert.Equal(Bound, Distance(before, network.Values), 1e-4 * Bound);
    }

    [Theory]
    [InlineData(32, 2)]
    [InlineData(40, 2)] // A last step of 8.
    [InlineData(70, 4)] // 64, and 6.
    public void Train_Accumulated_IsTheLargeBatch(int pictures, int parts)
    {
        TrainingOptions large = Plain with { BatchSize = 16 * parts, LabelSmoothing = 0.1f, ClassWeighting = ClassWeighting.Balanced, Optimizer = new SgdOptions(), Epochs = 2 };
        RecordingObserver whole = new(), accumulated = new();

        float[] expected = After(large, pictures, whole), actual = After(large with { BatchSize = 16, Accumulate = parts }, pictures, accumulated);

        Assert.Equal(whole.Start, accumulated.Start);
        Assert.Equal(whole.Steps.Select(step => step.Images), accumulated.Steps.Select(step => step.Images));
        Assert.All(whole.Steps.Zip(accumulated.Steps), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-5));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5f));
    }

    private static float[] After(TrainingOptions options, int pictures = 12, RecordingObserver? observer = null)
    {
        using Network network = TestModels.Random(Model);
        Run(network, Patches.Splits(Model, pictures), options, observer);
        return network.Values.ToArray();
    }

    private static DataSplits Splits(LabeledImages images) => new("patches", images, images.Slice(0, 0, "none"), images.Slice(0, 0, "none"));

    private static double Distance(float[] before, ReadOnlySpan<float> after)
    {
        double sum = 0;
        for (int i = 0; i < before.Length; i++)
            sum += Math.Pow((double)after[i] - before[i], 2);
        return Math.Sqrt(sum);
    }

    private static void Run(Network network, DataSplits data, TrainingOptions options, RecordingObserver? observer = null)
    {
        using ThreadTeam team = new(2);
        Trainer.FineTune(network, data, options, team, observer, cancellationToken: TestContext.Current.CancellationToken);
    }
}
