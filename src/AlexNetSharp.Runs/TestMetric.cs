namespace AlexNetSharp.Runs;

/// <summary>The last line of <c>metrics.jsonl</c>.</summary>
/// <param name="Step">Steps of the run.</param>
/// <param name="TestLoss">Mean cross-entropy of the test pictures, in nats.</param>
/// <param name="TestAccuracy">Share of them classified rightly.</param>
public sealed record TestMetric(int Step, double TestLoss, double TestAccuracy);
