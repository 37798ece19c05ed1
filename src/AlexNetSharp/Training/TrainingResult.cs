namespace AlexNetSharp.Training;

/// <summary>How a run ended.</summary>
/// <param name="Steps">Steps that were made.</param>
/// <param name="Images">Pictures trained on, repeats counted.</param>
/// <param name="TrainingTime">Time in training steps and reports, evaluation of epochs not counted.</param>
/// <param name="WasCancelled">Whether it was cancelled before its last step; the network holds the weights of the last whole step, or what <see cref="TrainingOptions.Keep"/> and the average make of them.</param>
public sealed record TrainingResult(int Steps, long Images, TimeSpan TrainingTime, bool WasCancelled)
{
    /// <summary>Whether it ended because the validation accuracy had not risen for as many epochs as <see cref="TrainingOptions.Patience"/> says.</summary>
    public bool StoppedEarly { get; init; }

    /// <summary>The epoch with the highest validation accuracy, counted from 1; 0 where none was evaluated.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Pictures that could not be read and were left out.</summary>
    public int SkippedPictures { get; init; }

    /// <summary>Pictures trained on a second; 0 where no step was made.</summary>
    public double ImagesPerSecond => TrainingTime > TimeSpan.Zero ? Images / TrainingTime.TotalSeconds : 0;
}
