using System.Diagnostics;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Inspection;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Interop.TensorBoard;

/// <summary>Writes what a training run does for TensorBoard: curves, the first filters, how weights are spread, and the worst mistakes of the test.</summary>
/// <remarks>
/// Tags: <c>train/loss</c>, <c>train/accuracy</c>, <c>train/learning_rate</c> and <c>train/images_per_second</c> every <see cref="TrainingOptions.ReportEvery"/> steps;
/// <c>validation/loss</c> and <c>validation/accuracy</c>, <c>filters</c> and, for each parameter, <c>parameters/conv1.weight</c> after each epoch, the last two before the
/// first step too; <c>test/loss</c>, <c>test/accuracy</c> and <c>mistakes</c> by <see cref="WriteTest"/>; <c>settings</c>. A run that is resumed writes a new file, and
/// TensorBoard forgets what the old ones have of later steps.
/// </remarks>
public sealed class TensorBoardObserver : ITrainingObserver, IDisposable
{
    // What FilterPicture draws.
    private const int Colors = 3;

    private readonly Network _network;
    private readonly Func<StoredImage, int, byte[]?>? _encodePng;
    private readonly string? _settings;
    private (long Images, long Time)? _since;
    private (long Images, long Time) _last;
    private float _learningRate;

    /// <summary>Makes an event file in a folder.</summary>
    /// <param name="folder">The folder; it is made where it is not there. A run has one of its own, also when it is resumed.</param>
    /// <param name="network">The network that is trained.</param>
    /// <param name="encodePng">Makes a PNG file of a picture of so many channels (<c>PictureWriter.EncodePng</c> of AlexNetSharp.Data), or gives null where it cannot; null for no pictures.</param>
    /// <param name="settings">What the run was asked for, shown as it is; null for nothing.</param>
    /// <exception cref="IOException">The file cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public TensorBoardObserver(string folder, Network network, Func<StoredImage, int, byte[]?>? encodePng = null, string? settings = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        (_network, _encodePng, _settings) = (network, encodePng, settings);
        Events = new EventFileWriter(folder);
    }

    /// <summary>The file, for values of one's own.</summary>
    public EventFileWriter Events { get; }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Started(in TrainingStart start)
    {
        int step = start.FirstStep;
        Events.WriteSessionStart(step == 0 ? 0 : step + 1);
        if (_settings is not null)
            Events.WriteText("settings", step, TensorBoardText.AsItIs(_settings));
        if (step == 0)
            WriteWeights(_network, step);
    }

    /// <inheritdoc/>
    public void StepCompleted(in StepReport report)
    {
        _learningRate = report.LearningRate;
        _last = (report.Images, Stopwatch.GetTimestamp());
        _since ??= _last;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void MinibatchEvaluated(in MinibatchReport report)
    {
        Events.WriteScalar("train/loss", report.Step, report.Loss);
        Events.WriteScalar("train/accuracy", report.Step, report.Accuracy);
        Events.WriteScalar("train/learning_rate", report.Step, _learningRate);
        if (_since is (long images, long time) && _last.Images > images)
            Events.WriteScalar("train/images_per_second", report.Step, (_last.Images - images) / Stopwatch.GetElapsedTime(time, _last.Time).TotalSeconds);
        _since = _last;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void EpochCompleted(in EpochReport report)
    {
        if (double.IsFinite(report.ValidationLoss))
            Events.WriteScalar("validation/loss", report.Step, report.ValidationLoss);
        if (double.IsFinite(report.ValidationAccuracy))
            Events.WriteScalar("validation/accuracy", report.Step, report.ValidationAccuracy);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WeightsReady(Network network, in EpochReport report)
    {
        WriteWeights(network, report.Step);
        // The rate is that of steps; evaluating and saving belong to none.
        _since = null;
    }

    /// <summary>Writes the test at a run's end, with the mistakes that the network was surest of.</summary>
    /// <param name="step">Steps of the run.</param>
    /// <param name="evaluation">What came out.</param>
    /// <param name="images">The pictures that were evaluated; those that were classified wrongly are read again.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteTest(int step, Evaluation evaluation, ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        ArgumentNullException.ThrowIfNull(images);
        Events.WriteScalar("test/loss", step, evaluation.Loss);
        Events.WriteScalar("test/accuracy", step, evaluation.Accuracy);
        TensorBoardMistakes.Write(Events, step, evaluation, images, _encodePng);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => Events.Dispose();

    private void WriteWeights(Network network, int step)
    {
        WriteFilters(network, step);
        // Not kept until the next epoch: it may take as much as the largest layer.
        float[] room = new float[network.Parameters.Select(parameter => parameter.Length).DefaultIfEmpty().Max()];
        foreach (Parameter parameter in network.Parameters)
        {
            Span<float> values = room.AsSpan(0, parameter.Length);
            network.Read(parameter, values);
            Events.WriteHistogram($"parameters/{parameter.Name}", step, values);
        }
    }

    private void WriteFilters(Network network, int step)
    {
        if (_encodePng is null)
            return;
        StoredImage filters;
        try
        {
            filters = FilterPicture.Draw(network);
        }
        catch (InvalidModelException)
        {
            // No convolution, or none whose filters can be shown.
            return;
        }
        if (_encodePng(filters, Colors) is byte[] png)
            Events.WriteImage("filters", step, png, filters.Height, filters.Width, Colors);
    }
}
