using AlexNetSharp.Training;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>Lines only: for pipes and files.</summary>
internal sealed class PlainDisplay(TextWriter output) : ITrainingDisplay
{
    public void Started(in TrainingStart start)
    {
    }

    public void Step(in StepReport report, double imagesPerSecond)
    {
    }

    public void Line(string text) => output.WriteLine(text);
}
