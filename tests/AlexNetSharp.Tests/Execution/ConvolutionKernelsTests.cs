using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Reference;
using AlexNetSharp.Tests.Support;

namespace AlexNetSharp.Tests.Execution;

/// <summary>Which row of the table computes a convolution. Sets an environment variable that all plans read, so it runs alone.</summary>
[Collection(nameof(Alone))]
public sealed class ConvolutionKernelsTests
{
    // As plans against the twins (PlanAgainstTwinsTests): Winograd's transforms err by up to 7e-6 of the largest value, the other rows by less.
    private const double LogitsTolerance = 1e-5;

    // Gradients pass through two convolutions of either kind, with sums over all positions: each some 1e-5 of the largest.
    private const double GradientTolerance = 5e-5;

    private const int Batch = 5;

    private const string FirstLayer = "first layer, straight from the pictures' rows";
    private const string ImplicitGemm = "implicit GEMM";

    // Wide enough for Winograd in the second and third convolution.
    private static readonly ModelSpec QuarterWidth = ModelCatalog.AlexNetMnist(Mnist.Digits, width: 4);

    [Theory]
    [InlineData(PlanMode.Training)]
    [InlineData(PlanMode.Inference)]
    public void Operations_OfAlexNetMnist_AreTheFirstLayersKernelAndWinograd(PlanMode mode) => Assert.Equal(
        [("conv1+pool1", FirstLayer), ("conv2+pool2", "Winograd F(4x4+3x3, 3x3)"), ("conv3+pool3", "Winograd F(4x4+3x3, 3x3)")],
        Convolutions(ModelCatalog.Create(ModelCatalog.AlexNetMnistName), mode));

    [Theory]
    [InlineData(PlanMode.Training)]
    [InlineData(PlanMode.Inference)]
    public void Operations_OfAlexNetOwt_AreTheFirstLayersKernelAndWinograd(PlanMode mode) => Assert.Equal(
        [
            ("conv1+pool1", FirstLayer), ("conv2+pool2", "Winograd F(2x2, 5x5)"), ("conv3", "Winograd F(4x4+3x3, 3x3)"),
            ("conv4", "Winograd F(4x4+3x3, 3x3)"), ("conv5+pool5", "Winograd F(4x4+3x3, 3x3)"),
        ],
        Convolutions(ModelCatalog.Create(ModelCatalog.AlexNetOwtName), mode));

    [Fact]
    public void Operations_OfAlexNet2012_TakeGroupsByImplicitGemm() => Assert.Equal(
        // The paper's LRN stands between conv1, conv2 and their pooling.
        [("conv1", FirstLayer), ("conv2", ImplicitGemm), ("conv3", "Winograd F(4x4+3x3, 3x3)"), ("conv4", ImplicitGemm), ("conv5", ImplicitGemm)],
        Convolutions(ModelCatalog.Create(ModelCatalog.AlexNet2012Name), PlanMode.Training));

    [Fact]
    public void Operations_OfAlexNetCifar_AreTheFirstLayersKernelAndWinograd() => Assert.Equal(
        [("conv1+pool1", FirstLayer), ("conv2+pool2", "Winograd F(4x4, 3x3)"), ("conv3", "Winograd F(4x4, 3x3)"), ("conv4", "Winograd F(4x4, 3x3)"), ("conv5+pool5", "Winograd F(4x4, 3x3)")],
        Convolutions(ModelCatalog.Create(ModelCatalog.AlexNetCifarName), PlanMode.Training));

    [Fact]
    public void Operations_OfFewChannels_GoByImplicitGemm() => Assert.Equal(
        // Eight channels: half of Winograd's transforms would be padding.
        [("conv1+pool1", FirstLayer), ("conv2", ImplicitGemm), ("conv3+pool3", "Winograd F(4x4+3x3, 3x3)")],
        Convolutions(TestModels.Narrow, PlanMode.Inference));

    [Fact]
    public void Operations_OfGroupsAndStrides_GoByImplicitGemm() => Assert.Equal(
        [("conv1", ImplicitGemm), ("conv2", ImplicitGemm)], Convolutions(TestModels.Find("Groups"), PlanMode.Inference));

    [Theory]
    [InlineData("winograd", "Winograd F(4x4, 3x3)")]
    [InlineData("implicit-gemm", ImplicitGemm)]
    [InlineData("first-layer", FirstLayer)]
    public void Variable_NamesARow_MakesThatComputeTheFirstConvolution(string row, string kernel)
    {
        using Forced forced = new(row);
        Assert.Equal(kernel, Convolutions(QuarterWidth, PlanMode.Inference)[0].Kernel);
    }

    [Fact]
    public void Variable_NamesARowThatCannotComputeALayer_LeavesThatToTheTable()
    {
        using Forced forced = new("winograd");
        Assert.Equal([("conv1", ImplicitGemm), ("conv2", ImplicitGemm)], Convolutions(TestModels.Find("Groups"), PlanMode.Inference));
    }

    [Fact]
    public void Variable_ImplicitGemm_LeavesPoolingsToTheirOwnOperations()
    {
        using Forced forced = new("implicit-gemm");
        using ThreadTeam team = new(1);
        using Network network = Network.WithoutMemory(QuarterWidth);
        using ExecutionPlan plan = new(network, 1, PlanMode.Inference, team, null, allocates: false);
        Assert.Equal(["conv1", "pool1", "norm1"], plan.Operations.Take(3).Select(operation => operation.Name));
    }

    [Theory]
    [InlineData("winograd")]
    [InlineData("implicit-gemm")]
    [InlineData("first-layer")]
    public void EveryRow_OfTheSameNetwork_ComputesTheTwinsLogitsAndGradients(string row)
    {
        using Network network = TestModels.Random(QuarterWidth);
        float[] pixels = TestModels.Noise(Batch * network.Spec.Input.Length);
        int[] labels = TestModels.Labels(Batch, network.Spec.Classes.Length);
        ReferenceNetwork twins = ReferenceNetwork.Of(network);
        double[] expected = twins.Forward(ReferenceNetwork.Widen(pixels), Batch);
        Dictionary<string, double[]> gradients = twins.Backward(labels);

        using Forced forced = new(row);
        using ThreadTeam team = new(2);
        using ExecutionPlan plan = new(network, Batch, PlanMode.Training, team);
        pixels.CopyTo(plan.Input(Batch));
        Near("logits", LogitsTolerance, RelativeError.OfLargest(expected, plan.Forward(Batch)));
        plan.Backward(labels);
        foreach (Parameter parameter in network.Parameters)
            Near(parameter.Name, GradientTolerance, RelativeError.OfLargest(gradients[parameter.Name], plan.Gradient(parameter)));

        static void Near(string what, double tolerance, double error) => Assert.True(error <= tolerance, $"{what}: off by {error:E2}, {tolerance:E1} is allowed.");
    }

    [Theory]
    [InlineData("cudnn")]
    [InlineData("Winograd")]
    public void Variable_UnknownRow_ThrowsAndListsThem(string row)
    {
        using Forced forced = new(row);
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => Convolutions(QuarterWidth, PlanMode.Inference));
        Assert.Equal(
            $"ALEXNET_CONVOLUTION is '{row}'; expected one of first-layer, winograd, implicit-gemm, or leave it unset for the fastest.", exception.Message);
    }

    private static (string Name, string Kernel)[] Convolutions(ModelSpec spec, PlanMode mode)
    {
        using ThreadTeam team = new(1);
        using Network network = Network.WithoutMemory(spec);
        using ExecutionPlan plan = new(network, 1, mode, team, null, allocates: false);
        return [.. plan.Operations.Where(operation => operation.Name.StartsWith("conv", StringComparison.Ordinal)).Select(operation => (operation.Name, operation.Kernel))];
    }

    /// <summary>The variable set, until disposal.</summary>
    private sealed class Forced : IDisposable
    {
        private readonly string? _before = Environment.GetEnvironmentVariable(ConvolutionKernels.Variable);

        public Forced(string row) => Environment.SetEnvironmentVariable(ConvolutionKernels.Variable, row);

        public void Dispose() => Environment.SetEnvironmentVariable(ConvolutionKernels.Variable, _before);
    }
}
