namespace AlexNetSharp.Runs;

/// <summary>Two runs at the same point of their way; null where a run has no figure there.</summary>
/// <param name="At">The epoch or the step, counted from 1.</param>
/// <param name="LossA">The first run's mean cross-entropy, in nats.</param>
/// <param name="LossB">The second run's.</param>
/// <param name="AccuracyA">Share that the first run classified rightly.</param>
/// <param name="AccuracyB">The second run's.</param>
public sealed record CurvePoint(int At, double? LossA, double? LossB, double? AccuracyA, double? AccuracyB);
