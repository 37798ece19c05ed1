using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

/// <summary>Runs that go wrong: losses that are no numbers, pictures that cannot be read.</summary>
public sealed class DivergenceTests
{
    private static readonly TrainingOptions Options = new() { BatchSize = 8, Epochs = 2, LearningRate = 0.01f };

    public static TheoryData<string> Parameters => [.. TestModels.Narrow.InferShapes().SelectMany(shape => shape.Parameters).Select(parameter => parameter.Name)];

    [Theory]
    [MemberData(nameof(Parameters))]
    public void FineTune_NoNumberInAParameter_NamesIt(string name)
    {
        using Network network = TestModels.Random(TestModels.Narrow);
        Parameter parameter = network.Find(name);
        float[] values = network.Read(parameter);
        values[values.Length / 2] = float.NaN;
        network.Write(parameter, values);
        float[] before = network.Values.ToArray();

        TrainingDivergedException exception = Assert.Throws<TrainingDivergedException>(() => FineTune(network, Mnist.Splits(5000, 16), Options));

        Assert.StartsWith($"The loss of step 1 is NaN: training has diverged. The first numbers that are not finite are the parameter '{name}'.", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("Try a lower learning rate than 0.01, warm up to it, or clip the gradient (clip norm 1).", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, network.Values.ToArray());
    }

    [Fact]
    public void FineTune_OutputBeyondTheRangeOfFloat_NamesItsLayer()
    {
        ModelSpec model = TestModels.Find("TanhAndSigmoid");
        using Network network = TestModels.Random(model);
        Fill(network, "fc2.weight", 3e38f);

        TrainingDivergedException exception = Assert.Throws<TrainingDivergedException>(() => FineTune(network, Patches.Splits(model, 8), Options));

        Assert.Contains("are the output of 'fc2'.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FineTune_GradientWhoseNormIsInfinite_IsNotClippedButReported()
    {
        ModelSpec model = TestModels.Find("TanhAndSigmoid");
        using Network network = TestModels.Random(model);
        float[] weights = network.Read(network.Find("fc2.weight"));
        // One class so far above the others that its loss is 1e25, and its gradient's square beyond float.
        for (int i = 0; i < weights.Length; i++)
            weights[i] = i % 3 == 0 ? 1e25f : 0;
        network.Write(network.Find("fc2.weight"), weights);
        float[] before = network.Values.ToArray();

        TrainingDivergedException exception = Assert.Throws<TrainingDivergedException>(() => FineTune(network, Patches.Splits(model, 8), Options with { ClipNorm = 0.5f }));

        Assert.StartsWith("The gradient's norm at step 1 is Infinity: training has diverged.", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("or clip the gradient to a norm below 0.5.", exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, network.Values.ToArray());
    }

    [Fact]
    public void Train_DivergedLater_LeavesTheWeightsOfTheStepBefore()
    {
        ModelSpec model = TestModels.Find("MlpOnly");
        using ThreadTeam team = new(1);
        using Network network = new(model);
        float[] last = [];
        RecordingObserver observer = new() { OnStep = _ => last = network.Values.ToArray() };

        Assert.Throws<TrainingDivergedException>(
            () => Trainer.Train(network, Patches.Splits(model, 40), Options with { LearningRate = 1e20f, Optimizer = new SgdOptions(), Epochs = 20 }, team, observer, cancellationToken: TestContext.Current.CancellationToken));

        Assert.NotEmpty(observer.Steps);
        Assert.Equal(last, network.Values.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_PicturesThatCannotBeRead_AreNamedOnceAndLeftOut(bool isInMemory)
    {
        using ThreadTeam team = new(1);
        using Network network = new(TestModels.Narrow);
        RecordingObserver observer = new();
        DataSplits data = Mnist.Splits(0, 1) with
        {
            Training = new BrokenImages(Mnist.Training(5000, 50), index => index % 10 == 3, isInMemory),
            Validation = new BrokenImages(Mnist.Training(0, 20), index => index == 7, isInMemory),
        };

        TrainingResult result = Trainer.Train(network, data, Options with { BatchSize = 16, Epochs = 3 }, team, observer, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([.. new[] { 3, 13, 23, 33, 43 }.Select(Problem), Problem(7)], observer.Skipped.Order(Comparer<string>.Create(ByNumber)));
        Assert.Equal((3 * 45L, 6, 12), (result.Images, result.SkippedPictures, result.Steps));
        Assert.All(observer.Epochs, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss)));

        string Problem(int index) => $"mnist/train, picture {index}: torn.";

        // The validation's last.
        static int ByNumber(string a, string b) => Number(a).CompareTo(Number(b));

        static int Number(string problem) => int.Parse(problem.Split(' ')[2].TrimEnd(':'), System.Globalization.CultureInfo.InvariantCulture) is var number && number == 7 ? 1000 : number;
    }

    [Fact]
    public void Train_LeavingPicturesOut_IsTheRunWithoutThem()
    {
        // All in one step, whose order does not matter but for rounding.
        ModelSpec model = TestModels.Find("TanhAndSigmoid");
        LabeledImages images = Patches.Of(model, TestModels.Labels(20, 3));
        TrainingOptions options = Options with { BatchSize = 20, Epochs = 1, Optimizer = new SgdOptions() };
        using Network torn = TestModels.Random(model), whole = TestModels.Random(model);

        FineTune(torn, Patches.Splits(model, 1) with { Training = new BrokenImages(images, index => index >= 12) }, options);
        FineTune(whole, Patches.Splits(model, 1) with { Training = images.Slice(0, 12, "readable") }, options);

        for (int i = 0; i < torn.Values.Length; i++)
            Assert.Equal(whole.Values[i], torn.Values[i], 1e-6f);
    }

    [Fact]
    public void Train_Strict_ThrowsWhatIsWrongWithThePicture()
    {
        using Network network = TestModels.Random(TestModels.Narrow);
        DataSplits data = Mnist.Splits(0, 1) with { Training = new BrokenImages(Mnist.Training(5000, 50), index => index == 31) };

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => FineTune(network, data, Options with { Strict = true }));

        Assert.Equal("mnist/train, picture 31: torn.", exception.Message);
    }

    [Fact]
    public void Train_NoPictureThatCanBeRead_SaysSoAfterOneEpoch()
    {
        using Network network = TestModels.Random(TestModels.Narrow);
        DataSplits data = Mnist.Splits(0, 1) with { Training = new BrokenImages(Mnist.Training(5000, 10), _ => true) };

        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => FineTune(network, data, Options with { Epochs = 1000 }));

        Assert.Matches(@"^None of the training pictures of 'mnist' could be read\. The first: mnist/train, picture \d: torn\.$", exception.Message);
    }

    private static void Fill(Network network, string name, float value)
    {
        float[] values = new float[network.Find(name).Length];
        Array.Fill(values, value);
        network.Write(network.Find(name), values);
    }

    private static void FineTune(Network network, DataSplits data, TrainingOptions options)
    {
        using ThreadTeam team = new(2);
        Trainer.FineTune(network, data, options, team, null, cancellationToken: TestContext.Current.CancellationToken);
    }
}
