using AlexNetSharp.Training;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>How a training run is shown while it goes on.</summary>
internal interface ITrainingDisplay
{
    void Started(in TrainingStart start);

    /// <summary>After every step.</summary>
    /// <param name="report">The step.</param>
    /// <param name="imagesPerSecond">The rate of the last seconds.</param>
    void Step(in StepReport report, double imagesPerSecond);

    /// <summary>A line that stays.</summary>
    void Line(string text);
}
