using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Execution;

/// <summary>Ten training steps on real digits against PyTorch in float64.</summary>
public sealed class GoldenTrainingStepsTests
{
    // The same script run in float32 by PyTorch strays by 2.4e-7 (losses), 5.4e-7 (first gradients, of each tensor's largest) and 2.4e-6 (final
    // weights, absolute); tests/Golden/README.md. This engine sums in another order, and its convolutions may go through Winograd's transforms,
    // which err by up to 7e-6 of the largest value: twenty times PyTorch's own.
    private const double LogitsTolerance = 1e-5;
    private const double LossTolerance = 5e-6;
    private const double GradientTolerance = 1e-5;

    // Adam divides a gradient by its own size: where that is next to nothing its rounding, not its size, reaches the weight, and the whole rate of
    // 0.001 is at stake: where it has the other sign the weight ends two rates away. All on average may end a hundredth of one step away.
    private const double WorstWeightTolerance = 2e-3;
    private const double MeanWeightTolerance = 1e-5;

    // The twins compute in float64, but the model's α is 0.001/9 rounded to float32: off by up to 4e-8, and LRN changes values by 1e-3 of
    // themselves. Gradients and weights are stored in float32, which rounds by half of 2^-23.
    private const double TwinTolerance = 1e-9;
    private const double TwinStoredTolerance = 7e-8;

    private static readonly GoldenCase Golden = GoldenFile.Load("training_steps", "alexnet_mnist_eighth_width");
    private static readonly int Batch = Golden.Get<int>("batch");
    private static readonly int Steps = Golden.Get<int>("steps");
    private static readonly LabeledImages Images = Mnist.Training(Golden.Get<int>("firstImage"), Batch * Steps);

    [Fact]
    public void Plan_TenSteps_GiveTheGoldenLossesGradientsAndWeights()
    {
        using ThreadTeam team = new(2);
        using Network network = InitialNetwork();
        using ExecutionPlan plan = new(network, Batch, PlanMode.Training, team);
        using Optimizer optimizer = new(new AdamOptions(), network);
        double[] losses = new double[Steps];
        for (int step = 0; step < Steps; step++)
        {
            Mnist.Pixels(Images, step * Batch, Batch).CopyTo(plan.Input(Batch));
            int[] labels = Labels(step);
            double[] logits = ReferenceNetwork.Widen(plan.Forward(Batch));
            plan.Backward(labels);
            losses[step] = ReferenceSoftmaxCrossEntropy.Forward(logits, labels, 10).Losses.Average();
            if (step == 0)
            {
                Report("first logits", RelativeError.OfLargest(Golden.Array("firstLogits"), logits), LogitsTolerance);
                foreach (Parameter parameter in network.Parameters.Where(parameter => Golden.HasArray(Key("firstGradient", parameter))))
                {
                    double error = RelativeError.OfLargest(Golden.Array(Key("firstGradient", parameter)), plan.Gradient(parameter));
                    Report($"first gradient of {parameter.Name}", error, GradientTolerance);
                }
            }
            optimizer.Update(network, plan.Gradient, (float)Golden.Get<double>("learningRate"), step + 1, team);
        }

        double[] expected = Golden.Array("losses");
        Report("losses", Enumerable.Range(0, Steps).Max(step => Math.Abs((losses[step] / expected[step]) - 1)), LossTolerance);
        foreach (Parameter parameter in network.Parameters)
        {
            double[] final = Golden.Array(Key("final", parameter)), differences = ReferenceNetwork.Widen(network.Read(parameter));
            for (int i = 0; i < final.Length; i++)
                differences[i] = Math.Abs(differences[i] - final[i]);
            Report($"worst final value of {parameter.Name}", differences.Max(), WorstWeightTolerance);
            Report($"mean final value of {parameter.Name}", differences.Average(), MeanWeightTolerance);
        }
    }

    [Fact]
    public void Twins_FirstStepComposed_GiveTheGoldenLossAndGradients()
    {
        using Network network = InitialNetwork();
        ReferenceNetwork twins = ReferenceNetwork.Of(network);
        double[] pixels = ReferenceNetwork.Widen(Mnist.Pixels(Images, 0, Batch));

        double loss = twins.Loss(pixels, Labels(0));
        double[] logits = twins.Forward(pixels, Batch);
        Dictionary<string, double[]> gradients = twins.Backward(Labels(0));

        Report("loss", Math.Abs((loss / Golden.Array("losses")[0]) - 1), TwinTolerance);
        Report("first logits", RelativeError.OfLargest(Golden.Array("firstLogits"), logits), TwinTolerance);
        foreach (Parameter parameter in network.Parameters.Where(parameter => Golden.HasArray(Key("firstGradient", parameter))))
            Report(parameter.Name, RelativeError.OfLargest(Golden.Array(Key("firstGradient", parameter)), gradients[parameter.Name]), TwinStoredTolerance);
    }

    [Fact]
    public void Plan_FirstStep_GivesTheTwinsGradientEverywhere()
    {
        using ThreadTeam team = new(2);
        using Network network = InitialNetwork();
        using ExecutionPlan plan = new(network, Batch, PlanMode.Training, team);
        float[] pixels = Mnist.Pixels(Images, 0, Batch);
        pixels.CopyTo(plan.Input(Batch));
        ReferenceNetwork twins = ReferenceNetwork.Of(network);
        twins.Forward(ReferenceNetwork.Widen(pixels), Batch);
        Dictionary<string, double[]> gradients = twins.Backward(Labels(0));

        plan.Forward(Batch);
        plan.Backward(Labels(0));

        // fc1's weights are not among the golden gradients.
        foreach (Parameter parameter in network.Parameters)
            Report(parameter.Name, RelativeError.OfLargest(gradients[parameter.Name], plan.Gradient(parameter)), GradientTolerance);
    }

    [Fact]
    public void Images_OfTheGoldenRun_BearItsLabels()
    {
        Assert.Equal(Golden.Integers("labels"), Images.Labels.ToArray());
    }

    private static void Report(string what, double error, double tolerance)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {error:E1}, allowed {tolerance:E1}");
        Assert.True(error <= tolerance, $"{what}: off by {error:E2}, {tolerance:E1} is allowed.");
    }

    private static int[] Labels(int step) => Golden.Integers("labels")[(step * Batch)..((step + 1) * Batch)];

    // fc1.weight here, dense1.weights there.
    private static string Key(string prefix, Parameter parameter) => $"{prefix}.{parameter.Name.Replace("fc", "dense")}{(parameter.Name.EndsWith("weight") ? "s" : "")}";

    private static Network InitialNetwork()
    {
        Network network = new(TestModels.Narrow);
        foreach (Parameter parameter in network.Parameters)
        {
            Assert.Equal(Golden.Shape(Key("initial", parameter)), parameter.Spec.Shape);
            network.Write(parameter, Golden.Floats(Key("initial", parameter)));
        }
        return network;
    }
}
