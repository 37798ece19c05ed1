using System.Text.Json.Serialization;
using AlexNetSharp.Benchmarks.Measurement;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Benchmarks.Reporting;

/// <summary>All engines on one workload.</summary>
/// <param name="Model">The network.</param>
/// <param name="Mode">What a step is.</param>
/// <param name="Batch">Pictures a step.</param>
/// <param name="Threads">Threads of each engine.</param>
/// <param name="GflopPerStep">A multiply-add counted as two, convolutions as computed directly.</param>
/// <param name="PeakGflops">Fused multiply-adds from L1; the largest is the ceiling.</param>
/// <param name="CopyGbPerSecond">Copying memory, bytes read and written; the largest is the ceiling.</param>
/// <param name="Engines">This project's first.</param>
internal sealed record WorkloadResult(
    string Model, WorkloadMode Mode, int Batch, int Threads, double GflopPerStep, Spread PeakGflops,
    [property: JsonPropertyName("copy_gb_per_s")] Spread CopyGbPerSecond, IReadOnlyList<EngineResult> Engines)
{
    /// <summary>Whether ratios are of milliseconds and not of images/s.</summary>
    [JsonIgnore]
    public bool IsLatency => new Workload(Model, Mode, Batch).IsLatency;

    /// <summary>Makes figures of what was measured.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="network">The network, for its operations.</param>
    /// <param name="threads">Threads of each engine.</param>
    /// <param name="names">The engines, this project's first.</param>
    /// <param name="seconds">Seconds a step: [engine][round].</param>
    /// <param name="roofline">What was measured beside them.</param>
    public static WorkloadResult Of(Workload workload, Network network, int threads, IReadOnlyList<string> names, double[][] seconds, Roofline roofline)
    {
        double gflop = workload.Gflop(network.Shapes), weightGb = sizeof(float) * 1e-9 * network.ParameterCount;
        // A ceiling is what the machine can do at best: a round in which somebody else had the processor lowers none.
        double peak = roofline.Peaks.Max(), bandwidth = roofline.Bandwidths.Max();
        List<EngineResult> engines = [];
        for (int i = 0; i < names.Count; i++)
        {
            double[] own = seconds[0], measured = seconds[i];
            Spread? ratio = i == 0 ? null : workload.IsLatency ? Spread.OfRatios(own, measured) : Spread.OfRatios(measured, own);
            engines.Add(new EngineResult(
                names[i],
                Spread.Of(measured.Select(step => workload.Batch / step)).Rounded(2),
                Spread.Of(measured.Select(step => 1e3 * step)).Rounded(4),
                ratio?.Rounded(3),
                Spread.Of(measured.Select(step => gflop / step / peak)).Rounded(4),
                workload.Mode == WorkloadMode.Infer ? Spread.Of(measured.Select(step => weightGb / step / bandwidth)).Rounded(4) : null));
        }
        return new WorkloadResult(
            workload.Model, workload.Mode, workload.Batch, threads, Math.Round(gflop, 4), Spread.Of(roofline.Peaks).Rounded(1),
            Spread.Of(roofline.Bandwidths).Rounded(1), engines);
    }
}
