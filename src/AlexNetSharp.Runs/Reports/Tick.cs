namespace AlexNetSharp.Runs.Reports;

/// <summary>A value named on an axis.</summary>
internal readonly record struct Tick(double Value, string Label);
