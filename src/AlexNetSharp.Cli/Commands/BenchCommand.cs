using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Diagnostics;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet bench</c>: what the engine does on this machine, beside what the machine could.</summary>
internal static class BenchCommand
{
    private const int WarmUpRounds = 3;

    // A backward pass costs two products for each one forward; the first layer needs no data gradient.
    private const int PassesPerTrainingStep = 3;

    public static Command Create()
    {
        Option<string> model = CommonOptions.Choice("--model", "The network", "NAME", ModelCatalog.AlexNetMnistName, [.. ModelCatalog.Names]);
        Option<int?> batchSize = CommonOptions.OptionalCount(
            "--batch-size", $"Pictures a step (default: {string.Join(", ", ModelCatalog.Names.Select(name => $"{Workload.Of(name).BatchSize} for {name}"))})");
        Option<int> threads = CommonOptions.Threads();
        Option<double> seconds = new("--seconds")
        {
            Description = "How long each figure is measured",
            HelpName = "S",
            CustomParser = result => CommonOptions.Number(result, 0.1, 3600.0, 0.0),
            DefaultValueFactory = _ => 5,
        };
        Option<bool> json = CommonOptions.Json();
        Command command = new("bench", "Measure training, inference and latency on this machine (medians)") { model, batchSize, threads, seconds, json };
        command.SetAction(parsed =>
        {
            Workload workload = Workload.Of(parsed.GetValue(model)!);
            if (parsed.GetValue(batchSize) is int batch)
                workload = workload with { BatchSize = batch };
            return Run(workload, parsed.GetValue(threads), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(Workload workload, int threads, TimeSpan duration, bool json)
    {
        (string model, int batch, _) = workload;
        using Interruption interruption = new();
        using Network network = new(ModelCatalog.Create(model));
        Initializer.Initialize(network, Initialization.He, 1);
        using ThreadTeam team = new(threads);
        double peak = FusedMultiplyAddPeak.Measure(team, duration);
        double training = MeasureTraining(network, workload, team, duration, interruption.Token);
        double inference = MeasureInference(network, batch, team, duration, interruption.Token);
        double latency = MeasureInference(network, 1, team, duration, interruption.Token);
        // A multiply-accumulate counts as two operations, and a convolution as computed directly.
        double operations = 2e-9 * network.Shapes.Sum(layer => layer.MultiplyAccumulates);
        double trainingOperations = (PassesPerTrainingStep * operations) - (2e-9 * network.Shapes[0].MultiplyAccumulates);
        BenchJson result = new(
            model, batch, team.ThreadCount, Math.Round(batch / training, 1), Math.Round(batch / inference, 1), Math.Round(latency * 1e3, 3),
            Math.Round(trainingOperations * batch / training, 1), Math.Round(operations * batch / inference, 1), Math.Round(peak, 1));
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, JsonForms.Line.BenchJson));
            return CommandRunner.Done;
        }
        Console.WriteLine($"{model}, batch {batch}, {team.ThreadCount} threads, {VectorWidth.Bits}-bit vectors, {MachineInfo.Processor()}");
        Console.WriteLine($"  training   {result.TrainImagesPerSecond,9:F1} images/s  {result.TrainGflops,6:F1} GFLOP/s  {result.TrainGflops / peak,4:P0} of the peak");
        Console.WriteLine($"  inference  {result.InferImagesPerSecond,9:F1} images/s  {result.InferGflops,6:F1} GFLOP/s  {result.InferGflops / peak,4:P0} of the peak");
        Console.WriteLine($"  one image  {result.LatencyMs,9:F3} ms");
        Console.WriteLine($"  peak of fused multiply-adds in this run: {peak:F1} GFLOP/s");
        return CommandRunner.Done;
    }

    private static double MeasureTraining(Network network, Workload workload, ThreadTeam team, TimeSpan duration, CancellationToken cancellationToken)
    {
        using TrainingBenchmark benchmark = new(network, workload.BatchSize, workload.Optimizer, team);
        return Median(benchmark.Step, duration, cancellationToken);
    }

    private static double MeasureInference(Network network, int batch, ThreadTeam team, TimeSpan duration, CancellationToken cancellationToken)
    {
        using ExecutionPlan plan = new(network, batch, PlanMode.Inference, team);
        TrainingBenchmark.FillWithNoise(plan.Input(batch));
        return Median(() => plan.Forward(batch), duration, cancellationToken);
    }

    private static double Median(Action round, TimeSpan duration, CancellationToken cancellationToken)
    {
        for (int i = 0; i < WarmUpRounds; i++)
            round();
        List<double> seconds = [];
        long end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            round();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        while (Stopwatch.GetTimestamp() < end || seconds.Count < WarmUpRounds);
        seconds.Sort();
        return seconds[seconds.Count / 2];
    }

    /// <summary>What is measured: each network with the batch and the optimiser that it is usually trained with.</summary>
    private sealed record Workload(string Model, int BatchSize, OptimizerOptions Optimizer)
    {
        public static Workload Of(string model) => model == ModelCatalog.AlexNetOwtName
            ? new(model, 32, new SgdOptions { Momentum = 0.9f, WeightDecay = 5e-4f })
            : new(model, 64, new AdamOptions());
    }
}
