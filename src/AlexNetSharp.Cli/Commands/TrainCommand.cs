using System.CommandLine;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet train</c>.</summary>
internal static class TrainCommand
{
    // The tutorial's last line is about these.
    private const int TutorialTestImages = 256;

    // Above every float that is denormal; nobody trains with less.
    private const double SmallestLearningRate = 1e-30;

    // Below the largest float; nobody trains with more.
    private const double LargestLearningRate = 1e30;

    public static Command Create()
    {
        Option<string> data = CommonOptions.Data();
        Option<string> model = CommonOptions.Choice("--model", "The network", "NAME", ModelCatalog.AlexNetMnistName, [.. ModelCatalog.Names]);
        string[] recipes = [.. Recipe.All.Select(known => known.Name)];
        Option<string> recipe = CommonOptions.Choice(
            "--recipe", string.Join("; ", Recipe.All.Select(known => $"{known.Name}: {known.Summary}")), string.Join('|', recipes), Recipe.Default.Name, recipes);
        Option<int?> epochs = CommonOptions.OptionalCount("--epochs", "Passes over the training pictures (default: the recipe's)");
        Option<int?> images = CommonOptions.OptionalCount("--images", "Pictures to train on in all, instead of --epochs");
        Option<int?> batchSize = CommonOptions.OptionalCount("--batch-size", "Pictures a step (default: the recipe's)");
        Option<double?> learningRate = new("--learning-rate")
        {
            Description = "The full learning rate (default: the recipe's)",
            HelpName = "X",
            CustomParser = result => CommonOptions.Number(result, SmallestLearningRate, LargestLearningRate, 0),
        };
        Option<ulong> seed = new("--seed")
        {
            Description = "Decides weights, order and dropout: the same seed gives the same model, bit for bit, at any number of threads",
            HelpName = "N",
            CustomParser = result => CommonOptions.Number(result, 0UL, ulong.MaxValue, 0UL),
            DefaultValueFactory = _ => 1,
        };
        Option<int> threads = CommonOptions.Threads();
        Option<string?> output = new("--out") { Description = "The folder to write to (default: runs/<date>-<model>)", HelpName = "DIR" };
        output.Validators.Add(CommonOptions.RequireNames);
        Option<bool> json = CommonOptions.Json();
        Command command = new("train", "Train a network; writes model.safetensors, metrics.jsonl and run.json")
        {
            data, model, recipe, epochs, images, batchSize, learningRate, seed, threads, output, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(epochs) is not null && result.GetResult(images) is not null)
                result.AddError("--epochs and --images exclude each other; give one of them.");
        });
        command.SetAction(parsed =>
        {
            Recipe chosen = Recipe.Find(parsed.GetValue(recipe)!);
            TrainingOptions options = chosen.Options with { Seed = parsed.GetValue(seed) };
            if (parsed.GetValue(epochs) is int e)
                options = options with { Epochs = e, Images = null };
            if (parsed.GetValue(images) is int i)
                options = options with { Images = i };
            if (parsed.GetValue(batchSize) is int b)
                options = options with { BatchSize = b };
            if (parsed.GetValue(learningRate) is double rate)
                options = options with { LearningRate = (float)rate };
            try
            {
                options.Validate();
            }
            catch (ArgumentException invalid)
            {
                throw new UsageException(invalid.Message);
            }
            return Run(new Request(parsed.GetValue(data)!, parsed.GetValue(model)!, chosen, options, parsed.GetValue(threads), parsed.GetValue(output), parsed.GetValue(json)));
        });
        return command;
    }

    private static int Run(Request request)
    {
        using Interruption interruption = new();
        DataSplits data = DataArgument.Load(request.Data, interruption.Token);
        ModelSpec spec = ModelCatalog.Create(request.Model, data.Training.ClassNames);
        Evaluator.RequireFit(spec, data.Training);
        using Network network = new(spec);
        using RunFolder folder = RunFolder.Create(request.Out, request.Model);
        RunJson run = Describe(request);
        folder.WriteRun(run);
        try
        {
            return TrainInto(folder, request, run, network, data, interruption.Token);
        }
        catch (Exception failure) when (CommandRunner.IsUserError(failure))
        {
            folder.WriteRun(run with { State = "failed", Error = failure.Message });
            throw;
        }
    }

    private static int TrainInto(RunFolder folder, Request request, RunJson run, Network network, DataSplits data, CancellationToken cancellationToken)
    {
        using ThreadTeam team = new(request.Threads);
        bool likeTheTutorial = request.Recipe == Recipe.Seed;
        TextWriter lines = request.Json ? Console.Error : Console.Out;
        long started = Stopwatch.GetTimestamp();
        TrainingResult Train(ITrainingDisplay display) =>
            Trainer.Train(network, data, request.Options, team, new TrainingReporter(display, folder, likeTheTutorial), cancellationToken);
        TrainingResult result = request.Json || Console.IsOutputRedirected ? Train(new PlainDisplay(lines)) : LiveDisplay.Show(Train);
        folder.SaveModel(network);
        Evaluation? test = result.WasCancelled ? null : Test(network, data.Test, team, cancellationToken);
        if (test is not null)
            folder.WriteMetric(new TestMetric(result.Steps, test.Loss, test.Accuracy));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        folder.WriteRun(run with
        {
            State = test is null ? "interrupted" : "done",
            Steps = result.Steps,
            Images = result.Images,
            Seconds = Math.Round(seconds, 3),
            ImagesPerSecond = Math.Round(result.ImagesPerSecond, 1),
            TestLoss = test?.Loss,
            TestAccuracy = test?.Accuracy,
        });
        if (test is null)
            lines.WriteLine($"Interrupted after step {result.Steps}; the model as it stands then is saved.");
        else if (likeTheTutorial)
            WriteTutorialEnd(lines, network, data.Test, test, team);
        else
            lines.WriteLine($"Test accuracy: {test.Accuracy:F4} on {test.Images} images");
        lines.WriteLine($"{result.Images} images in {seconds:F0} s, {result.ImagesPerSecond:F0} images/s in training; written to {folder.Path}");
        if (request.Json)
        {
            TrainJson summary = new(
                request.Model, request.Recipe.Name, request.Options.Seed, result.Images, Math.Round(seconds, 3),
                Math.Round(result.ImagesPerSecond, 1), test?.Accuracy, folder.Path);
            Console.WriteLine(JsonSerializer.Serialize(summary, JsonForms.Line.TrainJson));
        }
        return test is null ? CommandRunner.Interrupted : CommandRunner.Done;
    }

    // Null when interrupted in the middle of it.
    private static Evaluation? Test(Network network, ImageSet images, ThreadTeam team, CancellationToken cancellationToken)
    {
        try
        {
            return Evaluator.Evaluate(network, images, team, cancellationToken);
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

    private static RunJson Describe(Request request) => new(
        State: "running",
        Model: request.Model,
        Data: request.Data,
        Recipe: request.Recipe.Name,
        Options: request.Options,
        Threads: request.Threads,
        VectorBits: VectorWidth.Bits,
        Processor: MachineInfo.Processor(),
        Runtime: RuntimeInformation.FrameworkDescription,
        System: RuntimeInformation.OSDescription,
        Version: Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        Started: DateTimeOffset.Now);

    private sealed record Request(string Data, string Model, Recipe Recipe, TrainingOptions Options, int Threads, string? Out, bool Json);
}
