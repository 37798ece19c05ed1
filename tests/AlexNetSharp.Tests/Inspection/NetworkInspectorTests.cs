using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Inspection;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Reference;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Inspection;

/// <summary>What is seen inside a network, against the double-precision twins and finite differences of them.</summary>
public sealed class NetworkInspectorTests
{
    // As whole plans are compared with the twins: float32 over a few layers, 7e-6 from Winograd's transforms.
    private const double Tolerance = 1e-5;

    // Differences of float64 functions about 1 are good for 1e-10; what is left is the engine's float32.
    private const double DifferenceStep = 1e-5;

    // Wide enough for Winograd's convolution in the second layer and the third.
    private static readonly ModelSpec Digits = ModelCatalog.AlexNetMnist(Mnist.Digits, width: 4);

    // Its maps of 14x14 are averaged over all positions before they are judged.
    private static readonly ModelSpec Averaging = TestModels.Model(
        "Averaging", new FeatureShape(28, 28, 1), 10,
        new Convolution2D { Name = "conv1", Filters = 16, Kernel = 3 }, new Relu { Name = "relu1" }, new MaxPool2D { Name = "pool", Window = 2, Stride = 2 },
        new Convolution2D { Name = "conv2", Filters = 32, Kernel = 3 }, new Relu { Name = "relu2" },
        new AdaptiveAveragePool2D { Name = "average", OutputHeight = 1, OutputWidth = 1 }, new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = 10 }).WithClasses(Mnist.Digits);

    public static IEnumerable<TheoryDataRow<string>> AllModels => [.. TestModels.Names, new(nameof(Digits))];

    [Theory]
    [MemberData(nameof(AllModels))]
    public void Run_AnyModel_GivesEveryLayersOutputAsTheTwinsDo(string model)
    {
        using ThreadTeam team = new(2);
        using Network network = Random(model);
        float[] input = TestModels.Noise(network.Spec.Input.Length);
        ReferenceNetwork twins = ReferenceNetwork.Of(network);
        twins.Forward(ReferenceNetwork.Widen(input), 1);
        using NetworkInspector inspector = new(network, team);

        ImmutableArray<LayerActivation> layers = inspector.Run(input);

        Assert.Equal(network.Shapes, layers.Select(layer => layer.Layer));
        for (int i = 0; i < layers.Length; i++)
        {
            Assert.Equal(layers[i].Layer.Output.Length, layers[i].Values.Length);
            double error = RelativeError.OfLargest(twins.Outputs[i], layers[i].Values.Span);
            Assert.True(error <= Tolerance, $"{layers[i].Layer.Layer.Name}: off by {error:E2} of the largest.");
        }
    }

    [Theory]
    [InlineData(nameof(Digits))]
    [InlineData("DropoutAfterConvolution")]
    [InlineData("OverlappingPools")]
    public void Run_LastLayer_GivesTheLogitsOfInference(string model)
    {
        using ThreadTeam team = new(2);
        using Network network = Random(model);
        float[] input = TestModels.Noise(network.Spec.Input.Length);
        using ExecutionPlan plan = new(network, 1, PlanMode.Inference, team);
        input.CopyTo(plan.Input(1));
        double[] logits = ReferenceNetwork.Widen(plan.Forward(1));
        using NetworkInspector inspector = new(network, team);

        Assert.True(RelativeError.OfLargest(logits, inspector.Run(input)[^1].Values.Span) <= Tolerance);
    }

    [Theory]
    [InlineData(nameof(Digits), "relu3")]
    [InlineData("DropoutAfterConvolution", "tanh")]
    [InlineData("DropoutFirst", "relu")]
    [InlineData("OverlappingPools", "relu")]
    [InlineData("AveragePools", "conv2")]
    [InlineData("Groups", "relu2")]
    [InlineData("TanhAndSigmoid", "tanh")]
    [InlineData("ActivationFirst", "conv")]
    [InlineData("ConvolutionOnly", "conv2")]
    public void GradCamAndHiResCam_EveryClass_AreWhatTheTwinsGive(string model, string layer)
    {
        using ThreadTeam team = new(2);
        using Network network = Random(model);
        float[] input = TestModels.Noise(network.Spec.Input.Length);
        using NetworkInspector inspector = new(network, team);
        (ReferenceNetwork above, double[] maps, FeatureShape shape) = Above(network, layer, input);

        for (int label = 0; label < network.Spec.Classes.Length; label++)
        {
            above.Forward(maps, 1);
            double[] dLogits = new double[network.Spec.Classes.Length];
            dLogits[label] = 1;
            AssertMaps(inspector, input, label, layer, maps, above.Differentiate(dLogits), shape);
        }
    }

    /// <summary>Without any written gradient: the logit of the twins, in float64, as the feature maps change one by one. No kink lies above these.</summary>
    [Theory]
    [InlineData("TanhAndSigmoid", "tanh")]
    [InlineData("AveragePools", "conv2")]
    [InlineData("Groups", "relu2")]
    public void GradCamAndHiResCam_SmoothLayersAbove_AreWhatFiniteDifferencesOfTheLogitGive(string model, string layer)
    {
        const int Label = 2;
        using ThreadTeam team = new(1);
        using Network network = Random(model);
        float[] input = TestModels.Noise(network.Spec.Input.Length);
        (ReferenceNetwork above, double[] maps, FeatureShape shape) = Above(network, layer, input);
        double[] slopes = FiniteDifference.Gradient(changed => above.Forward(changed, 1)[Label], maps, DifferenceStep);
        using NetworkInspector inspector = new(network, team);

        AssertMaps(inspector, input, Label, layer, maps, slopes, shape);
    }

    [Fact]
    public void HiResCam_BeforeAGlobalAverage_IsGradCam()
    {
        using ThreadTeam team = new(1);
        using Network network = TestModels.Random(Averaging);
        float[] input = TestModels.Noise(network.Spec.Input.Length);
        using NetworkInspector inspector = new(network, team);

        double[] gradCam = ReferenceNetwork.Widen(inspector.GradCam(input, 3).Values.Span);

        Assert.Contains(gradCam, value => value > 0);
        Assert.True(RelativeError.OfLargest(gradCam, inspector.HiResCam(input, 3).Values.Span) <= Tolerance);
    }

    [Fact]
    public void GradCam_NoClass_ExplainsThePredictedOne()
    {
        using ThreadTeam team = new(1);
        using Network network = Random(nameof(Digits));
        using NetworkInspector inspector = new(network, team);
        for (ulong seed = 1; seed <= 5; seed++)
        {
            float[] input = TestModels.Noise(network.Spec.Input.Length, seed), logits = inspector.Run(input)[^1].Values.ToArray();

            Assert.Equal(Array.IndexOf(logits, logits.Max()), inspector.GradCam(input).Label);
        }
    }

    [Fact]
    public void HiResCam_AfterOtherClassesAndPictures_IsTheSameBits()
    {
        using ThreadTeam team = new(2);
        using Network network = Random("OverlappingPools");
        float[] input = TestModels.Noise(network.Spec.Input.Length);
        using NetworkInspector inspector = new(network, team);
        float[] first = inspector.HiResCam(input, 1).Values.ToArray();
        inspector.GradCam(input, 2);
        inspector.Run(TestModels.Noise(network.Spec.Input.Length, seed: 5));

        Assert.Equal(first, inspector.HiResCam(input, 1).Values.ToArray());
        Assert.Contains(first, value => value > 0);
    }

    [Fact]
    public void GradCam_TrainedOnDigits_LightsUpTheStroke()
    {
        const int Pictures = 30;
        using ThreadTeam team = new(2);
        using Network network = new(Averaging);
        TrainingOptions options = new() { Epochs = 1, BatchSize = 32, LearningRate = 0.01f };
        Trainer.Train(network, Mnist.Splits(5000, 3_200), options, team, cancellationToken: TestContext.Current.CancellationToken);
        using NetworkInspector inspector = new(network, team);
        LabeledImages test = Mnist.Test(Pictures);
        double onStroke = 0, elsewhere = 0;
        int lighter = 0;
        for (int i = 0; i < Pictures; i++)
        {
            float[] input = Mnist.Pixels(test, i, 1), heat = inspector.GradCam(input).Resize(28, 28);
            bool[] stroke = Dilated(input, 28, 28);
            double on = heat.Where((_, place) => stroke[place]).Average(), off = heat.Where((_, place) => !stroke[place]).Average();
            (onStroke, elsewhere) = (onStroke + (on / Pictures), elsewhere + (off / Pictures));
            lighter += on > off ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"on the stroke {onStroke:F3}, elsewhere {elsewhere:F3}; lighter on the stroke in {lighter} of {Pictures}");
        Assert.True(onStroke > 2 * elsewhere, $"on the stroke {onStroke:F3}, elsewhere {elsewhere:F3}.");
        Assert.InRange(lighter, Pictures * 9 / 10, Pictures);
    }

    [Fact]
    public void GradCam_NoConvolution_SaysSoAndTheLayersAreShown()
    {
        using ThreadTeam team = new(1);
        using Network network = Random("MlpOnly");
        float[] input = TestModels.Noise(network.Spec.Input.Length);
        using NetworkInspector inspector = new(network, team);

        Assert.False(inspector.HasConvolution);
        Assert.Contains("'MlpOnly' has no convolution", Assert.Throws<InvalidModelException>(() => inspector.GradCam(input)).Message);
        Assert.Equal(7, inspector.Run(input).Length);
    }

    [Fact]
    public void Inspector_WrongInputOrClass_SaysSo()
    {
        using ThreadTeam team = new(1);
        using Network network = Random("Groups");
        using NetworkInspector inspector = new(network, team);

        Assert.Contains("125 values", Assert.Throws<ArgumentException>(() => inspector.Run(new float[125])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => inspector.GradCam(new float[126], 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => inspector.GradCam(new float[126], -1));
    }

    [Fact]
    public void ShareOfZeros_AfterRelu_CountsTheSilentUnits()
    {
        LayerShape layer = Digits.InferShapes()[0];

        Assert.Equal(0.75, new LayerActivation(layer, new float[] { 0, 2, -0f, 0 }).ShareOfZeros);
    }

    private static Network Random(string model) => TestModels.Random(model == nameof(Digits) ? Digits : TestModels.Find(model));

    /// <summary>The layers above one, as twins, with that layer's output and its shape.</summary>
    private static (ReferenceNetwork Above, double[] Maps, FeatureShape Shape) Above(Network network, string layer, float[] input)
    {
        ReferenceNetwork whole = ReferenceNetwork.Of(network);
        whole.Forward(ReferenceNetwork.Widen(input), 1);
        int place = network.Shapes.IndexOf(network.Shapes.Single(shape => shape.Layer.Name == layer));
        FeatureShape shape = network.Shapes[place].Output;
        return (new ReferenceNetwork(network.Spec with { Input = shape, Layers = network.Spec.Layers[(place + 1)..] }, whole.Parameters), whole.Outputs[place], shape);
    }

    private static void AssertMaps(NetworkInspector inspector, float[] input, int label, string layer, double[] maps, double[] gradient, FeatureShape shape)
    {
        double[] means = [.. Enumerable.Range(0, shape.Channels).Select(c => gradient.Where((_, i) => i % shape.Channels == c).Average())];
        AssertMap(inspector.GradCam(input, label), i => means[i % shape.Channels]);
        AssertMap(inspector.HiResCam(input, label), i => gradient[i]);

        void AssertMap(ClassActivationMap map, Func<int, double> weight)
        {
            Assert.Equal((label, layer, shape.Height, shape.Width), (map.Label, map.Layer, map.Height, map.Width));
            double[] terms = [.. maps.Select((value, i) => value * weight(i))];
            // Sums of terms that cancel are as far off as the terms are.
            double allowed = Tolerance * terms.Chunk(shape.Channels).Max(position => position.Sum(Math.Abs));
            double[] expected = [.. terms.Chunk(shape.Channels).Select(position => Math.Max(0, position.Sum()))];
            Assert.All(expected.Zip(map.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, allowed));
        }
    }

    // The stroke and two pixels around it: a map of 7x7 is not sharper.
    private static bool[] Dilated(float[] picture, int height, int width)
    {
        const int Reach = 2;
        return [.. Enumerable.Range(0, picture.Length).Select(i => Near(i / width, i % width))];

        bool Near(int y, int x) =>
            Enumerable.Range(y - Reach, (2 * Reach) + 1).Where(row => row >= 0 && row < height).Any(row =>
                Enumerable.Range(x - Reach, (2 * Reach) + 1).Where(column => column >= 0 && column < width).Any(column => picture[(row * width) + column] > 0.5f));
    }
}
