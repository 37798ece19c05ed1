namespace AlexNetSharp.Benchmarks.Reporting;

/// <summary>A run of <c>alexnet-bench peers</c>: what was measured, on what, with what.</summary>
internal sealed record PeersResult(
    string Date, string Processor, int Processors, int VectorBits, string Runtime, string System, IReadOnlyDictionary<string, string> Versions,
    int Rounds, double SecondsPerFigure, IReadOnlyList<WorkloadResult> Workloads);
