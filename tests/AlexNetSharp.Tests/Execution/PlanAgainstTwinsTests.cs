using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Execution;

/// <summary>Whole plans against the double-precision twins composed layer by layer, and those against finite differences.</summary>
public sealed class PlanAgainstTwinsTests
{
    // Values are about 1 and sums at most some hundred terms long: float32 rounds each by 6e-8 of the largest; a few layers on, 2e-6 is what
    // remains at worst, and Winograd's transforms err by up to 7e-6.
    private const double PlanTolerance = 1e-5;

    // The twins are float64, and finite differences good for 1e-10 (FiniteDifference); a loss about 1 divided by gradients of some hundredths.
    private const double TwinTolerance = 1e-7;
    private const double TwinStep = 1e-5;

    // Along a direction of length 1: h²/6 of the third derivative (1e-2 squared: 2e-5), and float32 logits that err by 1e-7 over h (1e-5).
    private const double DirectionalTolerance = 5e-4;
    private const float DirectionalStep = 1e-2f;

    private const int Batch = 5;
    private static readonly DropoutRun Masks = new(123456789012345, 17);

    public static IEnumerable<TheoryDataRow<string, bool>> Cases =>
        TestModels.Names.SelectMany(row => new[] { new TheoryDataRow<string, bool>(row.Data, false), new TheoryDataRow<string, bool>(row.Data, true) });

    [Theory]
    [MemberData(nameof(Cases))]
    public void ForwardAndBackward_OddModel_AgreeWithTheTwins(string model, bool dropout)
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Find(model));
        using ExecutionPlan plan = new(network, Batch + 2, PlanMode.Training, team);
        float[] input = TestModels.Noise(Batch * network.Spec.Input.Length);
        int[] labels = TestModels.Labels(Batch, network.Spec.Classes.Length);
        ReferenceNetwork twins = ReferenceNetwork.Of(network);
        double[] expected = twins.Forward(ReferenceNetwork.Widen(input), Batch, dropout ? Masks : null);
        Dictionary<string, double[]> gradients = twins.Backward(labels);

        input.CopyTo(plan.Input(Batch));
        float[] logits = Run(plan, dropout).ToArray();
        plan.Backward(labels);

        AssertNear("logits", expected, logits);
        foreach (Parameter parameter in network.Parameters)
            AssertNear(parameter.Name, gradients[parameter.Name], plan.Gradient(parameter));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_OddModel_IsWhatFiniteDifferencesOfTheTwinsGive(string model, bool dropout)
    {
        using ThreadTeam team = new(1);
        using Network network = TestModels.Random(TestModels.Find(model));
        using ExecutionPlan plan = new(network, Batch, PlanMode.Training, team);
        float[] input = TestModels.Noise(Batch * network.Spec.Input.Length);
        double[] wide = ReferenceNetwork.Widen(input);
        int[] labels = TestModels.Labels(Batch, network.Spec.Classes.Length);
        DropoutRun? masks = dropout ? Masks : null;
        input.CopyTo(plan.Input(Batch));
        Run(plan, dropout);
        plan.Backward(labels);
        ReferenceNetwork twins = ReferenceNetwork.Of(network);
        twins.Forward(wide, Batch, masks);
        Dictionary<string, double[]> written = twins.Backward(labels);

        foreach (Parameter parameter in network.Parameters)
        {
            // The first values of each parameter: every one of a bias, some of the larger weights.
            double[] values = twins.Parameters[parameter.Name];
            int some = Math.Min(values.Length, 24);
            double Loss(double[] first)
            {
                first.CopyTo(values.AsSpan());
                return twins.Loss(wide, labels, masks);
            }
            double[] point = values[..some];
            double[] numeric = FiniteDifference.Gradient(Loss, point, TwinStep);
            point.CopyTo(values.AsSpan());
            double largest = written[parameter.Name].Max(Math.Abs);
            float[] gradient = plan.Gradient(parameter);
            for (int i = 0; i < some; i++)
            {
                Assert.True(Math.Abs(numeric[i] - written[parameter.Name][i]) <= TwinTolerance * Math.Max(largest, 0.01), $"{parameter.Name}[{i}]: {written[parameter.Name][i]}, differences {numeric[i]}.");
                Assert.True(Math.Abs(numeric[i] - gradient[i]) <= PlanTolerance * Math.Max(largest, 0.01), $"{parameter.Name}[{i}]: {gradient[i]}, differences {numeric[i]}.");
            }
        }
    }

    /// <summary>Without the twins: the plan's own loss, in float32, along a random direction through all weights at once.</summary>
    [Theory]
    [InlineData("TanhAndSigmoid", false)]
    [InlineData("ActivationTwice", false)]
    [InlineData("ActivationLast", true)]
    [InlineData("ConvolutionOnly", true)]
    public void Gradient_SmoothModel_IsTheSlopeOfThePlansOwnLoss(string model, bool dropout)
    {
        using ThreadTeam team = new(1);
        using Network network = TestModels.Random(TestModels.Find(model));
        using ExecutionPlan plan = new(network, Batch, PlanMode.Training, team);
        TestModels.Noise(Batch * network.Spec.Input.Length).CopyTo(plan.Input(Batch));
        int[] labels = TestModels.Labels(Batch, network.Spec.Classes.Length);
        Run(plan, dropout);
        plan.Backward(labels);
        float[] gradient = plan.Gradient.ToArray(), weights = network.Values.ToArray(), direction = new float[weights.Length];
        foreach (Parameter parameter in network.Parameters)
            parameter.Write(direction, TestModels.Noise(parameter.Length, seed: 5 + (ulong)parameter.Offset));
        double length = Math.Sqrt(direction.Sum(value => (double)value * value));
        double slope = 0, steepest = Math.Sqrt(gradient.Sum(value => (double)value * value));
        for (int i = 0; i < weights.Length; i++)
            slope += gradient[i] * direction[i] / length;

        double measured = (LossAt(DirectionalStep) - LossAt(-DirectionalStep)) / (2 * DirectionalStep);

        Assert.True(Math.Abs(measured - slope) <= DirectionalTolerance * steepest, $"slope {slope}, measured {measured}, steepest {steepest}.");

        double LossAt(float step)
        {
            for (int i = 0; i < weights.Length; i++)
                network.Values[i] = (float)(weights[i] + (step * direction[i] / length));
            double[] logits = ReferenceNetwork.Widen(Run(plan, dropout));
            return ReferenceSoftmaxCrossEntropy.Forward(logits, labels, network.Spec.Classes.Length).Losses.Average();
        }
    }

    [Fact]
    public void Backward_AfterTheSameForwardPassAgain_GivesTheSameGradient()
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(TestModels.Find("DropoutAfterConvolution"));
        using ExecutionPlan plan = new(network, Batch, PlanMode.Training, team);
        TestModels.Noise(Batch * network.Spec.Input.Length).CopyTo(plan.Input(Batch));
        int[] labels = TestModels.Labels(Batch, network.Spec.Classes.Length);
        Run(plan, dropout: true);
        plan.Backward(labels);
        float[] once = plan.Gradient.ToArray();

        Run(plan, dropout: true);
        plan.Backward(labels);

        Assert.Equal(once, plan.Gradient.ToArray());
    }

    [Fact]
    public void ForwardWithDropout_OtherStepOrSeed_DrawsOtherMasks()
    {
        using ThreadTeam team = new(1);
        using Network network = TestModels.Random(TestModels.Find("MlpOnly"));
        using ExecutionPlan plan = new(network, Batch, PlanMode.Training, team);
        TestModels.Noise(Batch * network.Spec.Input.Length).CopyTo(plan.Input(Batch));

        float[] first = plan.ForwardWithDropout(Batch, 1, 1).ToArray(), step = plan.ForwardWithDropout(Batch, 1, 2).ToArray();
        float[] seed = plan.ForwardWithDropout(Batch, 2, 1).ToArray(), again = plan.ForwardWithDropout(Batch, 1, 1).ToArray();

        Assert.NotEqual(first, step);
        Assert.NotEqual(first, seed);
        Assert.Equal(first, again);
    }

    private static ReadOnlySpan<float> Run(ExecutionPlan plan, bool dropout) =>
        dropout ? plan.ForwardWithDropout(Batch, Masks.Seed, Masks.Step) : plan.Forward(Batch);

    private static void AssertNear(string what, double[] expected, ReadOnlySpan<float> actual)
    {
        // A gradient that vanishes altogether (dead units) has no largest element to measure by.
        if (expected.All(value => value == 0))
        {
            Assert.All(actual.ToArray(), value => Assert.Equal(0, value));
            return;
        }
        double error = RelativeError.OfLargest(expected, actual);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {error:E1}, allowed {PlanTolerance:E1}");
        Assert.True(error <= PlanTolerance, $"{what}: off by {error:E2} of the largest, {PlanTolerance:E1} is allowed.");
    }
}
