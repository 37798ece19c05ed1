using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Support;

/// <summary>Keeps all that a training run reports, in order.</summary>
internal sealed class RecordingObserver : ITrainingObserver
{
    public List<object> Calls { get; } = [];

    /// <summary>Called after every step.</summary>
    public Action<StepReport> OnStep { get; init; } = _ => { };

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
}
