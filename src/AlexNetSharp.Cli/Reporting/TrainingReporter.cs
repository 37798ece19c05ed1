using System.Diagnostics;
using AlexNetSharp.Execution;
using AlexNetSharp.Runs;
using AlexNetSharp.Training;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>Follows a run for a person and for <c>metrics.jsonl</c>.</summary>
/// <param name="display">Where lines and progress go.</param>
/// <param name="folder">Where metrics go.</param>
/// <param name="checkpoints">Keeps the models of epochs; null for nobody.</param>
/// <param name="likeTheTutorial">Whether lines are the tutorial's, to the letter.</param>
/// <param name="secondsBefore">Time that the run took before it was resumed.</param>
/// <param name="other">Follows the run too; null for nobody.</param>
internal sealed class TrainingReporter(
    ITrainingDisplay display, RunFolder folder, CheckpointKeeper? checkpoints, bool likeTheTutorial, double secondsBefore, ITrainingObserver? other) : ITrainingObserver
{
    // The rate shown is that of about the last hundred steps.
    private const double Smoothing = 0.02;

    private readonly Stopwatch _clock = new();
    private TrainingStart _start;
    private double _lastSeconds;
    private long _lastImages;
    private double _secondsPerImage;
    private float _learningRate;

    private double ImagesPerSecond => _secondsPerImage > 0 ? 1 / _secondsPerImage : 0;

    public void Started(in TrainingStart start)
    {
        _start = start;
        _lastImages = start.FirstImages;
        display.Started(start);
        other?.Started(start);
        _clock.Start();
    }

    public void StepCompleted(in StepReport report)
    {
        double seconds = _clock.Elapsed.TotalSeconds;
        double perImage = (seconds - _lastSeconds) / (report.Images - _lastImages);
        _secondsPerImage = _secondsPerImage == 0 ? perImage : _secondsPerImage + (Smoothing * (perImage - _secondsPerImage));
        (_lastSeconds, _lastImages, _learningRate) = (seconds, report.Images, report.LearningRate);
        display.Step(report, ImagesPerSecond);
        other?.StepCompleted(report);
    }

    public void MinibatchEvaluated(in MinibatchReport report)
    {
        folder.WriteMetric(new MinibatchMetric(report.Step, report.Images, report.Loss, report.Accuracy, _learningRate, Seconds(_lastSeconds)));
        other?.MinibatchEvaluated(report);
        display.Line(likeTheTutorial
            ? $"Iter {report.Images}, Minibatch Loss= {report.Loss:F6}, Training Accuracy= {report.Accuracy:F5}"
            : $"step {report.Step,5} of {_start.Steps}  loss {report.Loss:F4}  accuracy {report.Accuracy:P2}  {ImagesPerSecond:F0} images/s");
    }

    public void EpochCompleted(in EpochReport report)
    {
        folder.WriteMetric(new EpochMetric(
            report.Epoch, report.Step, Finite(report.ValidationLoss), Finite(report.ValidationAccuracy), Seconds(_clock.Elapsed.TotalSeconds)));
        other?.EpochCompleted(report);
        if (!likeTheTutorial)
        {
            display.Line(double.IsFinite(report.ValidationLoss)
                ? $"epoch {report.Epoch}: validation loss {report.ValidationLoss:F4}, accuracy {report.ValidationAccuracy:P2}"
                : $"epoch {report.Epoch}: no validation pictures");
        }
    }

    public void WeightsReady(Network network, in EpochReport report)
    {
        checkpoints?.WeightsReady(network, report);
        other?.WeightsReady(network, report);
        // Evaluating and saving took time that belongs to no step.
        _lastSeconds = _clock.Elapsed.TotalSeconds;
    }

    public void PictureSkipped(string problem) => display.Line($"left out: {problem.ReplaceLineEndings(" ")}");

    private double Seconds(double sinceStart) => Math.Round(secondsBefore + sinceStart, 3);

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
