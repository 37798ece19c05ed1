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
    public void GradCam_EveryClass_IsWhatTheTwinsGive(string model, string layer)
    {
        using ThreadTeam team = new(2);
        using Network network = Random(model);
        float[] input = TestModels.Noise(network.Spec.Input.Length);
        using NetworkInspector inspector = new(network, team);
        (ReferenceNetwork above, double[] maps, FeatureShape shape) = Above(network, layer, input);

        for (int label = 0; label < network.Spec.Classes.Length; label++)
        {
            ClassActivationMap map = inspector.GradCam(input, label);

            above.Forward(maps, 1);
            double[] dLogits = new double[network.Spec.Classes.Length];
            dLogits[label] = 1;
            double[] weights = Means(above.Differentiate(dLogits), shape);
            double[] expected = [.. Enumerable.Range(0, shape.Height * shape.Width).Select(p => Math.Max(0, weights.Select((weight, c) => weight * maps[(p * shape.Channels) + c]).Sum()))];
            Assert.Equal((label, layer, shape.Height, shape.Width), (map.Label, map.Layer, map.Height, map.Width));
            Assert.True(RelativeError.OfLargest(weights, map.ChannelWeights.Span) <= Tolerance);
            // Sums of terms that cancel: as far off as their terms are.
            double terms = weights.Max(Math.Abs) * maps.Max(Math.Abs) * shape.Channels;
            Assert.All(expected.Zip(map.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, Tolerance * terms));
        }
    }

    /// <summary>Without any written gradient: the logit of the twins, in float64, as the feature maps change one by one. No kink lies above these.</summary>
    [Theory]
    [InlineData("TanhAndSigmoid", "tanh")]
    [InlineData("AveragePools", "conv2")]
    [InlineData("Groups", "relu2")]
    public void GradCam_ChannelWeights_AreTheSlopesOfTheLogitByFiniteDifferences(string model, string layer)
    {
        const int Label = 2;
        using ThreadTeam team = new(1);
        using Network network = Random(model);
        float[] input = TestModels.Noise(network.Spec.Input.Length);
        (ReferenceNetwork above, double[] maps, FeatureShape shape) = Above(network, layer, input);
        double[] slopes = FiniteDifference.Gradient(changed => above.Forward(changed, 1)[Label], maps, DifferenceStep);
        using NetworkInspector inspector = new(network, team);

        ClassActivationMap map = inspector.GradCam(input, Label);

        Assert.True(RelativeError.OfLargest(Means(slopes, shape), map.ChannelWeights.Span) <= Tolerance);
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
    public void GradCam_AfterOtherClassesAndPictures_IsTheSameBits()
    {
        using ThreadTeam team = new(2);
        using Network network = Random("OverlappingPools");
        float[] input = TestModels.Noise(network.Spec.Input.Length);
        using NetworkInspector inspector = new(network, team);
        float[] first = inspector.GradCam(input, 1).ChannelWeights.ToArray();
        inspector.GradCam(input, 2);
        inspector.Run(TestModels.Noise(network.Spec.Input.Length, seed: 5));

        Assert.Equal(first, inspector.GradCam(input, 1).ChannelWeights.ToArray());
    }

    [Fact]
    public void GradCam_TrainedOnDigits_LightsUpTheStroke()
    {
        const int Pictures = 30;
        using ThreadTeam team = new(2);
        using Network network = new(TestModels.Narrow);
        Trainer.Train(network, Mnist.Splits(5000, 6_400), new TrainingOptions { Epochs = 1 }, team, cancellationToken: TestContext.Current.CancellationToken);
        using NetworkInspector inspector = new(network, team);
        LabeledImages test = Mnist.Test(Pictures);
        double onStroke = 0, elsewhere = 0;
        int lighter = 0;
        for (int i = 0; i < Pictures; i++)
        {
            float[] input = Mnist.Pixels(test, i, 1), heat = inspector.GradCam(input).Resize(28, 28);
            bool[] stroke = Dilated(input, 28, 28);
            double on = heat.Where((_, place) => stroke[place]).Average(), off = heat.Where((_, place) => !stroke[place]).Average();
            (onStroke, elsewhere) = (onStroke + on, elsewhere + off);
            lighter += on > off ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"on the stroke {onStroke / Pictures:F3}, elsewhere {elsewhere / Pictures:F3}; lighter on the stroke in {lighter} of {Pictures}");
        Assert.True(onStroke > 1.5 * elsewhere, $"on the stroke {onStroke / Pictures:F3}, elsewhere {elsewhere / Pictures:F3}.");
        Assert.InRange(lighter, Pictures * 2 / 3, Pictures);
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

    private static double[] Means(double[] values, FeatureShape shape) =>
        [.. Enumerable.Range(0, shape.Channels).Select(c => values.Where((_, i) => i % shape.Channels == c).Average())];

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
