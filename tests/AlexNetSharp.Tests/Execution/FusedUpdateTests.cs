using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Tests.Support;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Execution;

/// <summary>Plans that move each weight as soon as its gradient is there, and weights that move under a plan.</summary>
public sealed class FusedUpdateTests
{
    private const int Batch = 7;
    private const float Rate = 0.01f;

    // Wide enough for Winograd in the second and third convolution.
    private static readonly ModelSpec QuarterWidth = ModelCatalog.AlexNetMnist(Mnist.Digits, width: 4);

    public static IEnumerable<TheoryDataRow<string, OptimizerOptions>> Updates =>
        from model in new[] { "QuarterWidth", "OverlappingPools", "DropoutAfterConvolution", "Groups" }
        from options in new OptimizerOptions[] { new AdamOptions(), new SgdOptions { WeightDecay = 0.01f } }
        select new TheoryDataRow<string, OptimizerOptions>(model, options);

    [Theory]
    [MemberData(nameof(Updates))]
    public void BackwardAndUpdate_StepsOfChangingBatches_MoveTheWeightsAsBackwardAndThenTheOptimizerDo(string model, OptimizerOptions options)
    {
        using ThreadTeam team = new(2);
        using Pair pair = new(model, options, team);
        int step = 0;
        foreach (int count in (ReadOnlySpan<int>)[Batch, 1, Batch - 2, 2, Batch])
        {
            step++;
            pair.Step(count, maskStep: (uint)step, step);
            Assert.Equal(pair.Apart.Values.ToArray(), pair.Together.Values.ToArray());
        }
    }

    [Fact]
    public void BackwardAndUpdate_OptimizerThatCountsFromElsewhere_TakesTheForwardPassesMasks()
    {
        using ThreadTeam team = new(1);
        using Pair pair = new("QuarterWidth", new AdamOptions(), team);
        // A run taken up with new moments: the masks are those of step 1,000, the moments are at their first.
        pair.Step(Batch, maskStep: 1000, 1);
        Assert.Equal(pair.Apart.Values.ToArray(), pair.Together.Values.ToArray());
    }

    [Fact]
    public void Backward_OfAPlanWithAnOptimizer_SaysWhatToCall()
    {
        using ThreadTeam team = new(1);
        using Pair pair = new("MlpOnly", new AdamOptions(), team);
        pair.Fused.Forward(Batch);
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => pair.Fused.Backward(new int[Batch]));
        Assert.Equal("This plan moves its weights as it goes backward; call BackwardAndUpdate.", exception.Message);
        Assert.Throws<InvalidOperationException>(() => pair.Fused.Gradient.Length);
    }

    [Fact]
    public void BackwardAndUpdate_OfAPlanWithoutAnOptimizer_SaysWhatToCall()
    {
        using ThreadTeam team = new(1);
        using Pair pair = new("MlpOnly", new AdamOptions(), team);
        pair.Plain.Forward(Batch);
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => pair.Plain.BackwardAndUpdate(new int[Batch], Rate, 1));
        Assert.Equal("This plan has no optimiser; call Backward.", exception.Message);
    }

    [Fact]
    public void BackwardAndUpdate_Twice_AsksForAnotherForwardPassAndMovesNothing()
    {
        using ThreadTeam team = new(1);
        using Pair pair = new("MlpOnly", new AdamOptions(), team);
        pair.Fused.Forward(Batch);
        pair.Fused.BackwardAndUpdate(new int[Batch], Rate, 1);
        float[] moved = pair.Together.Values.ToArray();
        Assert.Throws<InvalidOperationException>(() => pair.Fused.BackwardAndUpdate(new int[Batch], Rate, 2));
        Assert.Equal(moved, pair.Together.Values.ToArray());
    }

    [Fact]
    public void Forward_AfterOneConvolutionsWeightsChanged_ComputesWithTheNewOnes()
    {
        using ThreadTeam team = new(2);
        using Network network = TestModels.Random(QuarterWidth);
        using ExecutionPlan plan = new(network, Batch, PlanMode.Inference, team);
        TestModels.Noise(Batch * network.Spec.Input.Length).CopyTo(plan.Input(Batch));
        foreach (string name in (string[])["conv1.weight", "conv2.weight", "conv3.weight", "conv3.bias", "fc2.weight"])
        {
            float[] before = plan.Forward(Batch).ToArray();
            Parameter parameter = network.Find(name);
            network.Write(parameter, [.. network.Read(parameter).Select(value => value + 0.125f)]);

            float[] after = plan.Forward(Batch).ToArray();

            using ExecutionPlan fresh = new(network, Batch, PlanMode.Inference, team);
            plan.Input(Batch).CopyTo(fresh.Input(Batch));
            Assert.Equal(fresh.Forward(Batch).ToArray(), after);
            Assert.NotEqual(before, after);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Forward_AfterAnotherPlanTrained_ComputesWithTheNewWeights(bool isFused)
    {
        using ThreadTeam team = new(2);
        using Pair pair = new("QuarterWidth", new AdamOptions(), team);
        Network network = isFused ? pair.Together : pair.Apart;
        using ExecutionPlan plan = new(network, Batch, PlanMode.Inference, team);
        TestModels.Noise(Batch * network.Spec.Input.Length).CopyTo(plan.Input(Batch));
        for (int step = 1; step <= 3; step++)
        {
            float[] before = plan.Forward(Batch).ToArray();
            pair.Step(Batch, (uint)step, step);

            float[] after = plan.Forward(Batch).ToArray();

            using ExecutionPlan fresh = new(network, Batch, PlanMode.Inference, team);
            plan.Input(Batch).CopyTo(fresh.Input(Batch));
            Assert.Equal(fresh.Forward(Batch).ToArray(), after);
            Assert.NotEqual(before, after);
        }
    }

    /// <summary>The same network twice: one moved by its plan, one by an optimiser that takes the whole gradient.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly ThreadTeam _team;
        private readonly Optimizer _first;
        private readonly Optimizer _second;

        public Pair(string model, OptimizerOptions options, ThreadTeam team)
        {
            ModelSpec spec = model == "QuarterWidth" ? QuarterWidth : TestModels.Find(model);
            _team = team;
            Together = TestModels.Random(spec);
            Apart = TestModels.Random(spec);
            _first = new Optimizer(options, Together);
            _second = new Optimizer(options, Apart);
            Fused = new ExecutionPlan(Together, Batch, PlanMode.Training, team, _first);
            Plain = new ExecutionPlan(Apart, Batch, PlanMode.Training, team);
        }

        public Network Together { get; }

        public Network Apart { get; }

        public ExecutionPlan Fused { get; }

        public ExecutionPlan Plain { get; }

        public void Step(int count, uint maskStep, int step)
        {
            int[] labels = TestModels.Labels(count, Together.Spec.Classes.Length);
            TestModels.Noise(count * Together.Spec.Input.Length, seed: (ulong)step).CopyTo(Fused.Input(count));
            Fused.Input(count).CopyTo(Plain.Input(count));
            Fused.ForwardWithDropout(count, 1, maskStep);
            Fused.BackwardAndUpdate(labels, Rate, step);
            Plain.ForwardWithDropout(count, 1, maskStep);
            Plain.Backward(labels);
            _second.Update(Apart, Plain.Gradient, Rate, step, _team);
        }

        public void Dispose()
        {
            Fused.Dispose();
            Plain.Dispose();
            _first.Dispose();
            _second.Dispose();
            Together.Dispose();
            Apart.Dispose();
        }
    }
}
