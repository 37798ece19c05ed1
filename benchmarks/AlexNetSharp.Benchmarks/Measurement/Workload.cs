using System.Collections.Immutable;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>What engines are compared on.</summary>
/// <param name="Model">A name of the catalogue.</param>
/// <param name="Mode">What a step is.</param>
/// <param name="Batch">Pictures a step.</param>
internal sealed record Workload(string Model, WorkloadMode Mode, int Batch)
{
    /// <summary>The set that this project looks at.</summary>
    public static ImmutableArray<Workload> Standard { get; } =
    [
        new(ModelCatalog.AlexNetMnistName, WorkloadMode.Train, 64),
        new(ModelCatalog.AlexNetMnistName, WorkloadMode.Infer, 64),
        new(ModelCatalog.AlexNetMnistName, WorkloadMode.Infer, 256),
        new(ModelCatalog.AlexNetMnistName, WorkloadMode.Infer, 1),
        new(ModelCatalog.AlexNetOwtName, WorkloadMode.Train, 32),
        new(ModelCatalog.AlexNetOwtName, WorkloadMode.Infer, 32),
        new(ModelCatalog.AlexNetOwtName, WorkloadMode.Infer, 1),
    ];

    /// <summary>The optimiser that the network is usually trained with.</summary>
    public OptimizerOptions Optimizer => Model == ModelCatalog.AlexNetOwtName ? new SgdOptions { Momentum = 0.9f, WeightDecay = 5e-4f } : new AdamOptions();

    /// <summary>The rate that goes with <see cref="Optimizer"/>.</summary>
    public double LearningRate => Model == ModelCatalog.AlexNetOwtName ? 0.01 : 1e-3;

    /// <summary>Whether a single picture's time is what counts, and not how many a second.</summary>
    public bool IsLatency => Mode == WorkloadMode.Infer && Batch == 1;

    /// <summary>Those of <see cref="Standard"/> that are of this model and mode; with <paramref name="batch"/>, at that batch instead of theirs.</summary>
    public static ImmutableArray<Workload> Select(string? model, WorkloadMode? mode, int? batch) =>
    [
        .. Standard
            .Where(workload => (model is null || workload.Model == model) && (mode is null || workload.Mode == mode))
            .Select(workload => batch is int pictures ? workload with { Batch = pictures } : workload)
            .Distinct(),
    ];

    /// <summary>GFLOP of a step, a multiply-add counted as two and convolutions as computed directly.</summary>
    public double Gflop(ImmutableArray<LayerShape> shapes)
    {
        long forward = shapes.Sum(layer => layer.MultiplyAccumulates);
        // A backward pass costs two products for each one forward; nobody asks for the gradient of the pictures.
        long picture = Mode == WorkloadMode.Train ? (3 * forward) - shapes.First(layer => layer.ParameterCount > 0).MultiplyAccumulates : forward;
        return 2e-9 * picture * Batch;
    }

    public override string ToString() => $"{Model}, {(Mode == WorkloadMode.Train ? "training" : "inference")}, batch {Batch}";
}
