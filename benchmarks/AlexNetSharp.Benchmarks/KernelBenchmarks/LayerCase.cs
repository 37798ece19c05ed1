using AlexNetSharp.Benchmarks.Measurement;
using AlexNetSharp.Models;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>A layer of a catalogued model at the batch that the model is trained with.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Shape">The layer with its shapes.</param>
/// <param name="Batch">Pictures.</param>
public sealed record LayerCase(string Model, LayerShape Shape, int Batch)
{
    /// <summary>Multiply-adds of one pass, counted as two and as computed directly, in GFLOP; 0 for layers without weights.</summary>
    public double Gflop => 2e-9 * Batch * Shape.MultiplyAccumulates;

    /// <summary>Floats that reach the layer.</summary>
    public int InputLength => Batch * Shape.Input.Length;

    /// <summary>Floats that leave it.</summary>
    public int OutputLength => Batch * Shape.Output.Length;

    /// <summary>All layers of a kind, in all models.</summary>
    public static IEnumerable<LayerCase> Of<TLayer>()
        where TLayer : Layer =>
        from workload in Workload.Standard
        where workload.Mode == WorkloadMode.Train
        from shape in ModelCatalog.Create(workload.Model).InferShapes()
        where shape.Layer is TLayer
        select new LayerCase(workload.Model, shape, workload.Batch);

    /// <summary>How tables call it.</summary>
    public override string ToString() => $"{Model} {Shape.Layer.Name}";
}
