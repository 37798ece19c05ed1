using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Cli.Commands;

/// <summary>Has the kernels compiled before they are needed.</summary>
/// <remarks>
/// Kernels are compiled for the processor's own vectors at their first call, which takes a command that lives for a fifth of a second a quarter
/// of its time. A narrow AlexNet runs through the same kernels, on another thread, while the model is being read.
/// </remarks>
internal static class KernelWarmUp
{
    // Narrow, but with enough channels for the kernels that the full width gets.
    private const int WidthDivisor = 4;

    /// <summary>Begins; nobody needs to wait for the end.</summary>
    public static Task Start() => Task.Run(() =>
    {
        using Network network = new(ModelCatalog.AlexNetMnist(["0", "1"], WidthDivisor));
        using ThreadTeam team = new(1);
        using ExecutionPlan plan = new(network, 1, PlanMode.Inference, team);
        plan.Forward(1);
    });
}
