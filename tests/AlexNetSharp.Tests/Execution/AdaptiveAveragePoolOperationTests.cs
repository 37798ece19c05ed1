using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Execution;

public sealed class AdaptiveAveragePoolOperationTests
{
    [Theory]
    [InlineData(224, false)]
    [InlineData(256, true)]
    [InlineData(96, true)]
    public void Operations_OfAlexNetOwt_AverageOnlyWhereTheSizeIsNotYetThere(int side, bool averages)
    {
        ModelSpec spec = ModelCatalog.Create(ModelCatalog.AlexNetOwtName) with { Input = new(side, side, 3), Preprocessing = Preprocessing.None };
        using ThreadTeam team = new(1);
        using Network network = Network.WithoutMemory(spec);
        using ExecutionPlan plan = new(network, 1, PlanMode.Training, team, null, allocates: false);

        Assert.Equal(averages ? ["avgpool"] : [], plan.Operations.Where(operation => operation.Name == "avgpool").Select(operation => operation.Name));
    }
}
