namespace AlexNetSharp.Runs;

/// <summary>A line of <c>metrics.jsonl</c>: the end of an epoch.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Step">Steps so far.</param>
/// <param name="ValidationLoss">Mean cross-entropy of the validation pictures, in nats; null where there are none.</param>
/// <param name="ValidationAccuracy">Share of them classified rightly; null where there are none.</param>
/// <param name="Seconds">Time since the run began, without that between stops and resumptions.</param>
public sealed record EpochMetric(int Epoch, int Step, double? ValidationLoss, double? ValidationAccuracy, double Seconds);
