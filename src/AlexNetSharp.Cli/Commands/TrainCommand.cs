using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Cli.Settings;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Runs;
using AlexNetSharp.Training;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet train</c>.</summary>
internal static class TrainCommand
{
    // The tutorial's last line is about these.
    private const int TutorialTestImages = 256;

    public static Command Create()
    {
        TrainArguments arguments = new();
        Option<int> threads = CommonOptions.Threads();
        Option<string?> output = CommonOptions.Text("--out", "The folder to write to (default: runs/<date>-<model>)", "DIR");
        Option<bool> json = CommonOptions.Json();
        Command command = new("train", "Train a network; writes model.safetensors, checkpoints, metrics.jsonl and run.json");
        arguments.AddTo(command);
        command.Options.Add(threads);
        command.Options.Add(output);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            using Interruption interruption = new();
            (TrainSettings settings, DataSplits data) = arguments.Read(parsed, interruption.Token);
            return Run(settings, data, new Surroundings(parsed.GetValue(threads), parsed.GetValue(output), parsed.GetValue(json), interruption.Token));
        });
        return command;
    }

    private static int Run(TrainSettings settings, DataSplits data, Surroundings surroundings)
    {
        using ThreadTeam team = new(surroundings.Threads);
        ModelSpec spec = ModelArgument.Create(settings.Model, data.Training.ClassNames);
        foreach (ImageSet images in new[] { data.Training, data.Validation, data.Test })
            Evaluator.RequireFit(spec, images);
        spec = Trainer.Adapt(spec, data, settings.Options, team);
        using Network network = new(spec);
        foreach (string note in data.Notes)
            Console.Error.WriteLine(note);
        using Network? source = settings.InitFrom is string path ? ModelArgument.Load(path) : null;
        using RunFolder folder = RunFolder.Create(surroundings.Out, spec.Name);
        RunRecord run = Describe(settings, surroundings.Threads);
        folder.WriteRecord(run);
        try
        {
            return TrainInto(folder, settings, surroundings, run, network, source, data, team);
        }
        catch (ArgumentException e)
        {
            // The options are sound by themselves, but not for this model or these data.
            folder.WriteRecord(run with { State = RunState.Failed, Error = e.Message });
            throw UsageException.Of(e);
        }
        catch (Exception failure) when (CommandRunner.IsUserError(failure))
        {
            folder.WriteRecord(run with { State = RunState.Failed, Error = failure.Message });
            throw;
        }
    }

    private static int TrainInto(
        RunFolder folder, TrainSettings settings, Surroundings surroundings, RunRecord run, Network network, Network? source, DataSplits data, ThreadTeam team)
    {
        bool likeTheTutorial = settings.Recipe == Recipe.Seed;
        TextWriter lines = surroundings.Json ? Console.Error : Console.Out;
        long started = Stopwatch.GetTimestamp();
        Initializer.Initialize(network, settings.Options.Initialization, settings.Options.Seed);
        if (source is not null)
            WriteTransfer(lines, settings.InitFrom!, WeightTransfer.Copy(source, network));
        CheckpointKeeper? keeper = settings.Checkpoints == 0 ? null : new CheckpointKeeper(folder.CheckpointFolder, settings.Checkpoints);
        TrainingResult Train(ITrainingDisplay display) => Trainer.FineTune(
            network, data, settings.Options, team, new TrainingReporter(display, folder, keeper, likeTheTutorial), surroundings.CancellationToken);
        TrainingResult result = surroundings.Json || Console.IsOutputRedirected ? Train(new PlainDisplay(lines)) : LiveDisplay.Show(Train);
        folder.SaveModel(network);
        Evaluation? test = result.WasCancelled || data.Test.Count == 0 ? null : Test(network, data.Test, settings, team, surroundings.CancellationToken);
        bool wasInterrupted = result.WasCancelled || surroundings.CancellationToken.IsCancellationRequested;
        if (test is not null)
            folder.WriteMetric(new TestMetric(result.Steps, test.Loss, test.Accuracy));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        folder.WriteRecord(run with
        {
            State = wasInterrupted ? RunState.Interrupted : RunState.Done,
            Steps = result.Steps,
            Images = result.Images,
            Seconds = Math.Round(seconds, 3),
            ImagesPerSecond = Math.Round(result.ImagesPerSecond, 1),
            BestEpoch = result.BestEpoch == 0 ? null : result.BestEpoch,
            StoppedEarly = result.StoppedEarly,
            SkippedPictures = result.SkippedPictures,
            TestLoss = test?.Loss,
            TestAccuracy = test?.Accuracy,
        });
        if (result.StoppedEarly)
            lines.WriteLine($"Stopped early: no epoch after {result.BestEpoch} was better.");
        if (result.SkippedPictures > 0)
            lines.WriteLine($"{result.SkippedPictures} pictures could not be read and were left out.");
        if (wasInterrupted)
            lines.WriteLine($"Interrupted after step {result.Steps}; the model as it stands then is saved.");
        else if (test is null)
            lines.WriteLine("There are no test pictures, so nothing is said of the accuracy on any.");
        else if (likeTheTutorial)
            WriteTutorialEnd(lines, network, data.Test, test, team);
        else
            lines.WriteLine($"Test accuracy: {test.Accuracy:F4} on {test.Images} images{Views(settings)}");
        lines.WriteLine($"{result.Images} images in {seconds:F0} s, {result.ImagesPerSecond:F0} images/s in training; written to {folder.Path}");
        if (surroundings.Json)
        {
            TrainJson summary = new(
                network.Spec.Name, settings.Recipe.Name, settings.Options.Seed, result.Images, Math.Round(seconds, 3),
                Math.Round(result.ImagesPerSecond, 1), test?.Accuracy, folder.Path);
            Console.WriteLine(JsonSerializer.Serialize(summary, JsonForms.Line.TrainJson));
        }
        return wasInterrupted ? CommandRunner.Interrupted : CommandRunner.Done;
    }

    private static string Views(TrainSettings settings) =>
        settings.TestTimeAugmentation.Views.Length == 1 ? "" : $", {settings.TestTimeAugmentation.Views.Length} views each";

    private static void WriteTransfer(TextWriter lines, string path, WeightTransferReport report)
    {
        lines.WriteLine($"Begun with {report.Loaded.Length} of {report.Loaded.Length + report.Left.Length} parameters of {path}");
        foreach (LeftParameter left in report.Left)
            lines.WriteLine($"  not {left.Name}: {left.Reason}");
    }

    // Null when interrupted in the middle of it.
    private static Evaluation? Test(Network network, ImageSet images, TrainSettings settings, ThreadTeam team, CancellationToken cancellationToken)
    {
        try
        {
            return Evaluator.Evaluate(network, images, settings.TestTimeAugmentation, team, problem => CommandRunner.WriteError($"left out: {problem}"), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static void WriteTutorialEnd(TextWriter lines, Network network, ImageSet test, Evaluation all, ThreadTeam team)
    {
        ImageSet first = test.Subset([.. Enumerable.Range(0, Math.Min(TutorialTestImages, test.Count))], test.Name);
        lines.WriteLine("Optimization Finished!");
        lines.WriteLine($"Testing Accuracy: {Evaluator.Evaluate(network, first, team).Accuracy}");
        lines.WriteLine($"Accuracy on all {all.Images} test images: {all.Accuracy:F4}");
    }

    private static RunRecord Describe(TrainSettings settings, int threads) => new(
        State: RunState.Running,
        Model: settings.Model,
        Data: settings.Data,
        Recipe: settings.Recipe.Name,
        InitFrom: settings.InitFrom,
        TestTimeAugmentation: settings.TestTimeAugmentation.Name,
        Checkpoints: settings.Checkpoints,
        Options: JsonNode.Parse(TrainingOptionsJson.Write(settings.Options))!,
        Threads: threads,
        VectorBits: VectorWidth.Bits,
        Processor: MachineInfo.Processor(),
        Runtime: RuntimeInformation.FrameworkDescription,
        System: RuntimeInformation.OSDescription,
        Version: Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        Started: DateTimeOffset.Now);

    private sealed record Surroundings(int Threads, string? Out, bool Json, CancellationToken CancellationToken);
}
