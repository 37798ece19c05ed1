using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Cli;

/// <summary>What is measured: a network with the batch and the optimiser that it is usually trained with.</summary>
/// <param name="Model">The network's name.</param>
/// <param name="BatchSize">Pictures a step.</param>
/// <param name="Optimizer">The optimiser.</param>
internal sealed record Workload(string Model, int BatchSize, OptimizerOptions Optimizer)
{
    /// <summary>For help texts.</summary>
    public static string DefaultBatchSizes => string.Join(", ", ModelCatalog.Names.Select(name => $"{Of(name).BatchSize} for {name}"));

    /// <summary>The usual one of a network; of one that is not known by name, that of the tutorial's.</summary>
    public static Workload Of(string model) => model is ModelCatalog.AlexNet2012Name or ModelCatalog.CaffeNetName or ModelCatalog.AlexNetOwtName
        ? new(model, 32, new SgdOptions { Momentum = 0.9f, WeightDecay = 5e-4f })
        : new(model, 64, new AdamOptions());
}
