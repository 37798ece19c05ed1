using System.CommandLine;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Runs;
using AlexNetSharp.Runs.Reports;
using AlexNetSharp.Training;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet report</c>.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<string> run = new("RUN") { Description = "The folder of a run" };
        run.Validators.Add(CommonOptions.RequireNames);
        Option<string?> data = CommonOptions.Data();
        data.Description += " (default: what the run was trained on)";
        Option<int> threads = CommonOptions.Threads();
        Command command = new("report", "Evaluate a run's model again and write the run's report: report.html and plots") { run, data, threads };
        command.SetAction(parsed => Run(parsed.GetValue(run)!, parsed.GetValue(data), parsed.GetValue(threads)));
        return command;
    }

    private static int Run(string run, string? data, int threads)
    {
        using Interruption interruption = new();
        string file = RunFolder.RecordPath(run);
        RunRecord record = RunRecord.Read(run)!;
        TestTimeAugmentation views = TestTimeAugmentation.All.FirstOrDefault(views => views.Name == record.TestTimeAugmentation)
            ?? throw new InvalidDataException($"'{file}': test_time_augmentation is '{record.TestTimeAugmentation}'; {string.Join(" or ", TestTimeAugmentation.All.Select(views => views.Name))} is expected.");
        using Network network = ModelArgument.Load(run);
        ImageSet images = DataArgument.Load(data ?? record.Data, interruption.Token).Test;
        RunTest? test = null;
        if (images.Count > 0)
        {
            using ThreadTeam team = new(threads);
            test = new RunTest(Evaluator.Evaluate(network, images, views, team, problem => CommandRunner.WriteError($"left out: {problem}"), interruption.Token), images);
            Console.WriteLine($"Test accuracy: {test.Evaluation.Accuracy:F4} on {test.Evaluation.Images} images");
        }
        Console.WriteLine($"Report: {RunReport.Write(run, network, test)}");
        return CommandRunner.Done;
    }
}
