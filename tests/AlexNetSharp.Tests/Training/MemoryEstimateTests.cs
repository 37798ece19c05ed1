using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

/// <summary>What is said before a run must be what the run takes.</summary>
public sealed class MemoryEstimateTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(17, 3)]
    public void OfTraining_NarrowNetwork_IsWhatPlanAndOptimizerTake(int batch, int threads)
    {
        ModelSpec spec = ModelCatalog.AlexNetMnist(["a", "b"], width: 4);
        using ThreadTeam team = new(threads);
        using Network network = new(spec);
        using TrainingBenchmark benchmark = new(network, batch, new AdamOptions(), team);

        MemoryEstimate estimate = MemoryEstimate.OfTraining(spec, batch, new AdamOptions(), team);

        Assert.Equal(network.Bytes, estimate.WeightBytes);
        Assert.Equal(2 * network.Bytes, estimate.OptimizerBytes);
        Assert.Equal(benchmark.Plan.BufferBytes, estimate.BufferBytes);
        Assert.Equal(benchmark.Bytes, estimate.OptimizerBytes + estimate.BufferBytes);
        Assert.True(estimate.BufferBytes < estimate.UnsharedBufferBytes, "No buffer shares memory with another.");
        Assert.Equal(estimate.WeightBytes + estimate.OptimizerBytes + estimate.BufferBytes, estimate.TotalBytes);
    }

    [Fact]
    public void OfInference_FullNetwork_IsWhatThePlanTakes()
    {
        ModelSpec spec = ModelCatalog.AlexNetMnist([.. Enumerable.Range(0, 10).Select(i => $"{i}")]);
        using ThreadTeam team = new(2);
        using Network network = new(spec);
        using ExecutionPlan plan = new(network, 9, PlanMode.Inference, team);

        MemoryEstimate estimate = MemoryEstimate.OfInference(spec, 9, team);

        Assert.Equal((network.Bytes, 0, plan.BufferBytes), (estimate.WeightBytes, estimate.OptimizerBytes, estimate.BufferBytes));
    }

    [Fact]
    public void OfTraining_SgdWithMomentum_KeepsOneValueAWeight()
    {
        ModelSpec spec = ModelCatalog.AlexNetMnist(["a", "b"], width: 8);
        using ThreadTeam team = new(1);

        MemoryEstimate estimate = MemoryEstimate.OfTraining(spec, 4, new SgdOptions(), team);

        Assert.Equal(estimate.WeightBytes, estimate.OptimizerBytes);
    }
}
