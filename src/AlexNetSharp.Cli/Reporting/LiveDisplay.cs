using AlexNetSharp.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>A progress bar with rate, loss, accuracy and time left; lines that stay scroll by above it.</summary>
internal sealed class LiveDisplay : ITrainingDisplay
{
    private readonly ProgressTask _task;

    private LiveDisplay(ProgressTask task) => _task = task;

    /// <summary>Runs <paramref name="work"/> beneath the bar.</summary>
    public static T Show<T>(Func<ITrainingDisplay, T> work)
    {
        T result = default!;
        AnsiConsole.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new RemainingTimeColumn(), new LeftColumn())
            .Start(context => result = work(new LiveDisplay(context.AddTask("starting"))));
        return result;
    }

    public void Started(in TrainingStart start) => _task.MaxValue = start.Steps;

    public void Step(in StepReport report, double imagesPerSecond)
    {
        _task.Value = report.Step;
        _task.Description = $"epoch {report.Epoch}  {imagesPerSecond:F0} images/s  loss {report.Loss:G4}  accuracy {report.Accuracy:P1}";
    }

    public void Line(string text) => AnsiConsole.WriteLine(text);

    private sealed class LeftColumn : ProgressColumn
    {
        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text("left");
    }
}
