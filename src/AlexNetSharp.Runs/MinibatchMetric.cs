namespace AlexNetSharp.Runs;

/// <summary>A line of <c>metrics.jsonl</c>: a minibatch looked at right after its step, dropout off.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Images">Pictures of all steps so far.</param>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Accuracy">Share classified rightly.</param>
/// <param name="LearningRate">The step's rate.</param>
/// <param name="Seconds">Time since the run began, without that between stops and resumptions.</param>
public sealed record MinibatchMetric(int Step, long Images, double Loss, double Accuracy, double LearningRate, double Seconds);
