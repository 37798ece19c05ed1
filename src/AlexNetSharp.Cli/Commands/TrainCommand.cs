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
using AlexNetSharp.Interop.TensorBoard;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Runs;
using AlexNetSharp.Runs.Reports;
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
        Option<string?> resume = CommonOptions.Text("--resume", "Go on with the run in this folder where its newest checkpoint left it; with --out, in a copy of it there", "DIR");
        Option<string?> output = CommonOptions.Text("--out", "The folder to write to (default: runs/<date>-<model>)", "DIR");
        Option<bool> json = CommonOptions.Json();
        Command command = new("train", "Train a network; writes model.safetensors, checkpoints, metrics.jsonl, TensorBoard's events, run.json and report.html");
        arguments.AddTo(command);
        command.Options.Add(threads);
        command.Options.Add(resume);
        command.Options.Add(output);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            using Interruption interruption = new();
            Surroundings surroundings = new(parsed.GetValue(threads), parsed.GetValue(output), parsed.GetValue(json), interruption.Token);
            if (parsed.GetValue(resume) is string run)
                return Resume(run, runFile => arguments.ReadAgain(parsed, runFile, interruption.Token), surroundings);
            (TrainSettings settings, DataSplits data) = arguments.Read(parsed, interruption.Token);
            return Begin(settings, data, surroundings);
        });
        return command;
    }

    private static int Begin(TrainSettings settings, DataSplits data, Surroundings surroundings)
    {
        using ThreadTeam team = new(surroundings.Threads);
        using Preparation preparation = Prepare(settings, data, team);
        using RunFolder folder = RunFolder.Create(surroundings.Out, preparation.Network.Spec.Name);
        return Train(folder, settings, surroundings, Describe(settings, surroundings.Threads), preparation, null, data, team);
    }

    private static int Resume(string path, Func<string, (TrainSettings Settings, DataSplits Data)> read, Surroundings surroundings)
    {
        (TrainSettings settings, DataSplits data) = read(RunFolder.RecordPath(path));
        using ThreadTeam team = new(surroundings.Threads);
        using RunFolder folder = surroundings.Out is string to ? RunFolder.Copy(path, to) : RunFolder.Open(path);
        RunRecord before = RunRecord.Read(folder.Path)!;
        TextWriter lines = Lines(surroundings);
        if (before.State == RunState.Done)
        {
            // Its process may have been killed right before.
            TrainingStateKeeper.DeleteAll(folder.CheckpointFolder);
            lines.WriteLine($"The run in {path} is done; there is nothing to go on with.");
            return CommandRunner.Done;
        }
        TrainingState? state = folder.FindState(CommandRunner.WriteError);
        if (before.VectorBits != VectorWidth.Bits && state is not null)
            CommandRunner.WriteError($"the run began with vectors of {before.VectorBits} bits, and goes on with {VectorWidth.Bits}: its last bits will not be those of a run that never stopped.");
        lines.WriteLine(state is null ? $"{path} has no checkpoint yet; the run begins anew" : $"Going on with {path} after step {state.Step}");
        RunRecord record = Describe(settings, surroundings.Threads) with { Started = before.Started, Resumed = [.. before.Resumed ?? [], DateTimeOffset.Now] };
        using Preparation preparation = state is null ? Prepare(settings, data, team) : new Preparation(new Network(state.Model), null);
        return Train(folder, settings, surroundings, record, preparation, state, data, team);
    }

    private static Preparation Prepare(TrainSettings settings, DataSplits data, ThreadTeam team)
    {
        ModelSpec spec = ModelArgument.Create(settings.Model, data.Training.ClassNames);
        foreach (ImageSet images in new[] { data.Training, data.Validation, data.Test })
            Evaluator.RequireFit(spec, images);
        Network network = new(Trainer.Adapt(spec, data, settings.Options, team));
        return new Preparation(network, settings.InitFrom is string path ? ModelArgument.Load(path) : null);
    }

    private static int Train(
        RunFolder folder, TrainSettings settings, Surroundings surroundings, RunRecord record, Preparation preparation, TrainingState? state, DataSplits data, ThreadTeam team)
    {
        foreach (string note in data.Notes)
            Console.Error.WriteLine(note);
        folder.WriteRecord(record);
        try
        {
            return TrainInto(folder, settings, surroundings, record, preparation, state, data, team);
        }
        catch (ArgumentException e)
        {
            // The options are sound by themselves, but not for this model or these data.
            RecordFailure(folder, record, e);
            throw UsageException.Of(e);
        }
        catch (Exception failure) when (CommandRunner.IsUserError(failure))
        {
            RecordFailure(folder, record, failure);
            throw;
        }
    }

    // Where the disk is full, what went wrong cannot be written down; it is said all the same.
    private static void RecordFailure(RunFolder folder, RunRecord record, Exception failure)
    {
        try
        {
            folder.WriteRecord(record with { State = RunState.Failed, Error = failure.Message });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CommandRunner.WriteError(e.Message);
        }
    }

    private static int TrainInto(
        RunFolder folder, TrainSettings settings, Surroundings surroundings, RunRecord record, Preparation preparation, TrainingState? state, DataSplits data, ThreadTeam team)
    {
        bool likeTheTutorial = settings.Recipe == Recipe.Seed;
        TextWriter lines = Lines(surroundings);
        Network network = preparation.Network;
        double secondsBefore = folder.RewindMetrics(state?.Step ?? 0, state?.EvaluatedEpochs ?? 0).LastSeconds;
        long started = Stopwatch.GetTimestamp();
        if (state is null)
        {
            Initializer.Initialize(network, settings.Options.Initialization, settings.Options.Seed);
            if (preparation.Source is Network source)
                WriteTransfer(lines, settings.InitFrom!, WeightTransfer.Copy(source, network));
        }
        CheckpointKeeper? models = settings.Checkpoints == 0 ? null : new CheckpointKeeper(folder.CheckpointFolder, settings.Checkpoints, adopts: state is not null);
        TrainingStateKeeper states = new(folder.CheckpointFolder, settings.CheckpointEvery, folder.FlushMetrics);
        using TensorBoardObserver? events = settings.TensorBoard ? new(folder.EventFolder, network, new EventPictures().Encode, record.ToJson()) : null;
        TrainingResult Follow(ITrainingDisplay display)
        {
            TrainingReporter reporter = new(display, folder, models, likeTheTutorial, secondsBefore, events);
            return state is null
                ? Trainer.FineTune(network, data, settings.Options, team, reporter, states, surroundings.CancellationToken)
                : Trainer.Resume(state, network, data, settings.Options, team, reporter, states, surroundings.CancellationToken);
        }
        TrainingResult result = surroundings.Json || Console.IsOutputRedirected ? Follow(new PlainDisplay(lines)) : LiveDisplay.Show(Follow);
        folder.SaveModel(network);
        Evaluation? test = result.WasCancelled || data.Test.Count == 0 ? null : Test(network, data.Test, settings, team, surroundings.CancellationToken);
        bool wasInterrupted = result.WasCancelled || surroundings.CancellationToken.IsCancellationRequested;
        if (test is not null)
        {
            folder.WriteMetric(new TestMetric(result.Steps, test.Loss, test.Accuracy));
            events?.WriteTest(result.Steps, test, data.Test);
        }
        double seconds = secondsBefore + Stopwatch.GetElapsedTime(started).TotalSeconds;
        folder.WriteRecord(record with
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
        if (!wasInterrupted)
            TrainingStateKeeper.DeleteAll(folder.CheckpointFolder);
        if (result.StoppedEarly)
            lines.WriteLine($"Stopped early: no epoch after {result.BestEpoch} was better.");
        if (result.SkippedPictures > 0)
            lines.WriteLine($"{result.SkippedPictures} pictures could not be read and were left out.");
        if (wasInterrupted)
            lines.WriteLine($"Interrupted after step {result.Steps}; the model as it stands then is saved. Go on with: alexnet train --resume {folder.Path}");
        else if (test is null)
            lines.WriteLine("There are no test pictures, so nothing is said of the accuracy on any.");
        else if (likeTheTutorial)
            WriteTutorialEnd(lines, network, data.Test, test, team);
        else
            lines.WriteLine($"Test accuracy: {test.Accuracy:F4} on {test.Images} images{Views(settings)}");
        lines.WriteLine($"{result.Images} images in {seconds:F0} s, {result.ImagesPerSecond:F0} images/s in training; written to {folder.Path}");
        WriteReport(lines, folder, network, test, data.Test);
        if (surroundings.Json)
        {
            TrainJson summary = new(
                network.Spec.Name, settings.Recipe.Name, settings.Options.Seed, result.Images, Math.Round(seconds, 3),
                Math.Round(result.ImagesPerSecond, 1), test?.Accuracy, folder.Path);
            Console.WriteLine(JsonSerializer.Serialize(summary, JsonForms.Line.TrainJson));
        }
        return wasInterrupted ? CommandRunner.Interrupted : CommandRunner.Done;
    }

    private static TextWriter Lines(Surroundings surroundings) => surroundings.Json ? Console.Error : Console.Out;

    // The run is over and its model saved: that a report cannot be made, or drawn on this system, is said and no more.
    private static void WriteReport(TextWriter lines, RunFolder folder, Network network, Evaluation? test, ImageSet images)
    {
        try
        {
            lines.WriteLine($"Report: {RunReport.Write(folder.Path, network, test is null ? null : new RunTest(test, images))}");
        }
        catch (Exception e) when (CommandRunner.IsUserError(e) || e is DllNotFoundException or TypeInitializationException)
        {
            CommandRunner.WriteError($"there is no report: {e.Message}");
        }
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
        CheckpointEvery: settings.CheckpointEvery,
        TensorBoard: settings.TensorBoard,
        Options: JsonNode.Parse(TrainingOptionsJson.Write(settings.Options))!,
        Threads: threads,
        VectorBits: VectorWidth.Bits,
        Processor: MachineInfo.Processor(),
        Runtime: RuntimeInformation.FrameworkDescription,
        System: RuntimeInformation.OSDescription,
        Version: Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        Started: DateTimeOffset.Now);

    /// <summary>A network to be trained, and the one whose weights it begins with where they fit.</summary>
    private sealed record Preparation(Network Network, Network? Source) : IDisposable
    {
        public void Dispose()
        {
            Network.Dispose();
            Source?.Dispose();
        }
    }

    private sealed record Surroundings(int Threads, string? Out, bool Json, CancellationToken CancellationToken);
}
