using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Cli.Commands;

/// <summary>Gathers where the time of training and inference goes, as rows of a table.</summary>
internal sealed class LayerTimes
{
    private readonly List<(PlannedOperation Operation, double Forward, double Backward)> _training = [];
    private readonly Dictionary<string, (PlannedOperation Operation, double Forward)> _inference = [];

    /// <summary>Takes a training plan's times.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="profile">Its times.</param>
    /// <param name="rounds">Steps that they are of.</param>
    public void AddTraining(ExecutionPlan plan, PlanProfile profile, int rounds)
    {
        for (int i = 0; i < plan.Operations.Length; i++)
            _training.Add((plan.Operations[i], profile.Forward(i).TotalSeconds / rounds, profile.Backward(i).TotalSeconds / rounds));
    }

    /// <summary>Takes an inference plan's times.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="profile">Its times.</param>
    /// <param name="rounds">Passes that they are of.</param>
    public void AddInference(ExecutionPlan plan, PlanProfile profile, int rounds)
    {
        for (int i = 0; i < plan.Operations.Length; i++)
            _inference[FirstLayer(plan.Operations[i])] = (plan.Operations[i], profile.Forward(i).TotalSeconds / rounds);
    }

    /// <summary>One row for each of the training plan's operations; inference may compute fewer layers together, but begins with the same.</summary>
    /// <param name="batch">Pictures a step.</param>
    public IReadOnlyList<LayerTimeJson> Rows(int batch) => [.. _training.Select(row =>
    {
        double inference = _inference.TryGetValue(FirstLayer(row.Operation), out (PlannedOperation Operation, double Forward) found) ? found.Forward : 0;
        return new LayerTimeJson(
            row.Operation.Name, row.Operation.Kernel, row.Operation.Reason,
            Math.Round(row.Forward * 1e3, 3), Gflops(row.Operation.MultiplyAccumulates, batch, row.Forward),
            Math.Round(row.Backward * 1e3, 3), Gflops(row.Operation.BackwardMultiplyAccumulates, batch, row.Backward),
            Math.Round(inference * 1e3, 3), inference > 0 ? Gflops(row.Operation.MultiplyAccumulates, batch, inference) : 0);
    })];

    private static string FirstLayer(PlannedOperation operation) => operation.Name.Split('+')[0];

    private static double Gflops(long multiplyAccumulates, int batch, double seconds) => Math.Round(2e-9 * multiplyAccumulates * batch / seconds, 1);
}
