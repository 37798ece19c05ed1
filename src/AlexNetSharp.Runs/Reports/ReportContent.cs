using System.Collections.Immutable;

namespace AlexNetSharp.Runs.Reports;

/// <summary>All that a report tells.</summary>
/// <param name="Record">The run's record.</param>
/// <param name="Metrics">Its metrics.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Parameters">How many numbers it has learnt.</param>
/// <param name="Charts">The metrics as charts.</param>
/// <param name="Test">The test; null where there was none.</param>
/// <param name="Filters">The first filters as PNG; null where there are none to be shown.</param>
internal sealed record ReportContent(
    RunRecord Record, RunMetrics Metrics, string Model, long Parameters, ImmutableArray<Chart> Charts, RunTest? Test, byte[]? Filters);
