using AlexNetSharp.Execution;

namespace AlexNetSharp.Training;

/// <summary>What a run is about to do.</summary>
/// <param name="Steps">Steps of the whole run.</param>
/// <param name="StepsPerEpoch">Steps of one pass over the training pictures.</param>
/// <param name="ImagesPerStep">Pictures a step.</param>
/// <param name="TrainingImages">Pictures in the training set.</param>
public readonly record struct TrainingStart(int Steps, int StepsPerEpoch, int ImagesPerStep, int TrainingImages)
{
    /// <summary>Steps made before: above 0 where the run is resumed.</summary>
    public int FirstStep { get; init; }

    /// <summary>Pictures trained on before, repeats counted.</summary>
    public long FirstImages { get; init; }
}

/// <summary>One step, as it was computed.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Images">Pictures trained on so far, repeats counted.</param>
/// <param name="LearningRate">This step's rate.</param>
/// <param name="Loss">Mean cross-entropy of the minibatch before the update, dropout on, in nats.</param>
/// <param name="Accuracy">Share of the minibatch classified rightly before the update, dropout on.</param>
public readonly record struct StepReport(int Step, int Epoch, long Images, float LearningRate, double Loss, double Accuracy);

/// <summary>A minibatch looked at again right after its step, dropout off.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Images">Step · batch size.</param>
/// <param name="Loss">Mean cross-entropy, in nats.</param>
/// <param name="Accuracy">Share classified rightly.</param>
public readonly record struct MinibatchReport(int Step, long Images, double Loss, double Accuracy);

/// <summary>The end of a pass over the training pictures.</summary>
/// <param name="Epoch">Counted from 1.</param>
/// <param name="Step">Steps so far.</param>
/// <param name="ValidationLoss">Mean cross-entropy of the validation pictures, in nats; NaN where there are none.</param>
/// <param name="ValidationAccuracy">Share of them classified rightly; NaN where there are none.</param>
/// <param name="IsBest">Whether no epoch before it did as well.</param>
public readonly record struct EpochReport(int Epoch, int Step, double ValidationLoss, double ValidationAccuracy, bool IsBest);

/// <summary>Follows a training run. Called on the training thread between steps: what it does, training waits for. Implement what you want to hear of.</summary>
public interface ITrainingObserver
{
    /// <summary>Before the first step.</summary>
    void Started(in TrainingStart start)
    {
    }

    /// <summary>After every step.</summary>
    void StepCompleted(in StepReport report)
    {
    }

    /// <summary>Every <see cref="TrainingOptions.ReportEvery"/> steps.</summary>
    void MinibatchEvaluated(in MinibatchReport report)
    {
    }

    /// <summary>After every pass over the training pictures, and at the end of the run.</summary>
    void EpochCompleted(in EpochReport report)
    {
    }

    /// <summary>After <see cref="EpochCompleted"/>, with the weights that were evaluated: the run's average, if it keeps one. For saving them.</summary>
    /// <param name="network">Must not be changed, nor used after the call.</param>
    /// <param name="report">What came of it.</param>
    void WeightsReady(Network network, in EpochReport report)
    {
    }

    /// <summary>A picture could not be read and is left out; said once for each.</summary>
    /// <param name="problem">Names the picture and what is wrong with it.</param>
    void PictureSkipped(string problem)
    {
    }
}
