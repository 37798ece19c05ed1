using AlexNetSharp.Execution;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Support;

/// <summary>Keeps all that a training run reports, in order.</summary>
internal sealed class RecordingObserver : ITrainingObserver
{
    public List<object> Calls { get; } = [];

    /// <summary>Called after every step.</summary>
    public Action<StepReport> OnStep { get; init; } = _ => { };

    /// <summary>Called with the weights that an epoch was evaluated by.</summary>
    public Action<Network, EpochReport> OnWeights { get; init; } = (_, _) => { };

    /// <summary>What was said of pictures that were left out.</summary>
    public List<string> Skipped { get; } = [];

    public TrainingStart Start => Calls.OfType<TrainingStart>().Single();

    public IEnumerable<StepReport> Steps => Calls.OfType<StepReport>();

    public IEnumerable<MinibatchReport> Minibatches => Calls.OfType<MinibatchReport>();

    public IEnumerable<EpochReport> Epochs => Calls.OfType<EpochReport>();

    public void Started(in TrainingStart start) => Calls.Add(start);

    public void StepCompleted(in StepReport report)
    {
        Calls.Add(report);
        OnStep(report);
    }

    public void MinibatchEvaluated(in MinibatchReport report) => Calls.Add(report);

    public void EpochCompleted(in EpochReport report) => Calls.Add(report);

    public void WeightsReady(Network network, in EpochReport report) => OnWeights(network, report);

    public void PictureSkipped(string problem) => Skipped.Add(problem);
}
