using AlexNetSharp.Benchmarks.Measurement;
using AlexNetSharp.Models;

namespace AlexNetSharp.Benchmarks.Tests;

public sealed class WorkloadTests
{
    // alexnet-mnist multiplies and adds 34,606,080 times a picture, 451,584 of them in its first layer.
    [Theory]
    [InlineData("Infer", 2e-9 * 34_606_080 * 10)]
    [InlineData("Train", 2e-9 * ((3 * 34_606_080) - 451_584) * 10)]
    public void Gflop_AlexNetMnist_CountsEveryPassOnce(string mode, double expected)
    {
        Workload workload = new(ModelCatalog.AlexNetMnistName, Enum.Parse<WorkloadMode>(mode), 10);

        Assert.Equal(expected, workload.Gflop(ModelCatalog.Create(workload.Model).InferShapes()), expected * 1e-12);
    }

    [Fact]
    public void Select_Nothing_GivesTheWholeSet() => Assert.Equal(Workload.Standard, Workload.Select(null, null, null));

    [Fact]
    public void Select_ModelModeAndBatch_GivesThatOneOnce() => Assert.Equal(
        [new Workload(ModelCatalog.AlexNetMnistName, WorkloadMode.Infer, 7)],
        Workload.Select(ModelCatalog.AlexNetMnistName, WorkloadMode.Infer, 7));
}
