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
using Spectre.Console;

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
            "--batch-size", $"Pictures a step (default: {Workload.DefaultBatchSizes})");
        Option<int> threads = CommonOptions.Threads();
        Option<double> seconds = new("--seconds")
        {
            Description = "How long each figure is measured",
            HelpName = "S",
            CustomParser = result => CommonOptions.Number(result, 0.1, 3600.0, 0.0),
            DefaultValueFactory = _ => 5,
        };
        Option<bool> layers = new("--layers") { Description = "Show how each layer is computed, and its time" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("bench", "Measure training, inference and latency on this machine (medians)") { model, batchSize, threads, seconds, layers, json };
        command.SetAction(parsed =>
        {
            Workload workload = Workload.Of(parsed.GetValue(model)!);
            if (parsed.GetValue(batchSize) is int batch)
                workload = workload with { BatchSize = batch };
            return Run(workload, parsed.GetValue(threads), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(layers), parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(Workload workload, int threads, TimeSpan duration, bool showsLayers, bool json)
    {
        (string model, int batch, _) = workload;
        using Interruption interruption = new();
        using Network network = new(ModelCatalog.Create(model));
        Initializer.Initialize(network, Initialization.He, 1);
        using ThreadTeam team = new(threads);
        double peak = FusedMultiplyAddPeak.Measure(team, duration);
        LayerTimes times = new();
        double training = MeasureTraining(network, workload, team, duration, times, out long trainingBytes, interruption.Token);
        double inference = MeasureInference(network, batch, team, duration, times, interruption.Token);
        double latency = MeasureInference(network, 1, team, duration, null, interruption.Token);
        // A multiply-accumulate counts as two operations, and a convolution as computed directly.
        double operations = 2e-9 * network.Shapes.Sum(layer => layer.MultiplyAccumulates);
        double trainingOperations = (PassesPerTrainingStep * operations) - (2e-9 * network.Shapes[0].MultiplyAccumulates);
        BenchJson result = new(
            model, batch, team.ThreadCount, Math.Round(batch / training, 1), Math.Round(batch / inference, 1), Math.Round(latency * 1e3, 3),
            Math.Round(trainingOperations * batch / training, 1), Math.Round(operations * batch / inference, 1), Math.Round(peak, 1),
            Math.Round((network.Bytes + trainingBytes) / 1e6, 1), showsLayers ? times.Rows(batch) : null);
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
        Console.WriteLine($"  peak of memory, training: {result.PeakMemoryMb:F1} MB of weights, optimiser and buffers");
        if (result.Layers is not null)
            WriteLayers(result.Layers, peak);
        return CommandRunner.Done;
    }

    private static void WriteLayers(IReadOnlyList<LayerTimeJson> rows, double peak)
    {
        Console.WriteLine("Milliseconds a batch; GFLOP/s of the direct sum, and their share of the peak, which Winograd's fewer products may exceed:");
        Table table = Tables.Create("Layers", "Kernel", "Forward", "GFLOP/s", "Backward", "GFLOP/s", "Inference", "GFLOP/s");
        foreach (LayerTimeJson row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Layers), Markup.Escape(row.Kernel), Time(row.ForwardMs), Rate(row.ForwardGflops), Time(row.BackwardMs), Rate(row.BackwardGflops),
                Time(row.InferMs), Rate(row.InferGflops));
        }
        Tables.Write(table);
        foreach (LayerTimeJson row in rows.Where(row => row.Reason.Length > 0).DistinctBy(row => row.Kernel))
            Console.WriteLine($"{row.Kernel}: {row.Reason}.");

        static string Time(double milliseconds) => milliseconds > 0 ? $"{milliseconds:F3}" : "";

        string Rate(double gflops) => gflops > 0 ? $"{gflops:F0} ({gflops / peak:P0})" : "";
    }

    private static double MeasureTraining(
        Network network, Workload workload, ThreadTeam team, TimeSpan duration, LayerTimes times, out long bytes, CancellationToken cancellationToken)
    {
        using TrainingBenchmark benchmark = new(network, workload.BatchSize, workload.Optimizer, team);
        bytes = benchmark.Bytes;
        PlanProfile profile = new(benchmark.Plan);
        double median = Median(benchmark.Step, () => benchmark.Plan.Profile = profile, duration, out int rounds, cancellationToken);
        times.AddTraining(benchmark.Plan, profile, rounds);
        return median;
    }

    private static double MeasureInference(Network network, int batch, ThreadTeam team, TimeSpan duration, LayerTimes? times, CancellationToken cancellationToken)
    {
        using ExecutionPlan plan = new(network, batch, PlanMode.Inference, team);
        TrainingBenchmark.FillWithNoise(plan.Input(batch));
        PlanProfile profile = new(plan);
        double median = Median(() => plan.Forward(batch), () => plan.Profile = profile, duration, out int rounds, cancellationToken);
        times?.AddInference(plan, profile, rounds);
        return median;
    }

    private static double Median(Action round, Action warmedUp, TimeSpan duration, out int rounds, CancellationToken cancellationToken)
    {
        for (int i = 0; i < WarmUpRounds; i++)
            round();
        warmedUp();
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
        rounds = seconds.Count;
        seconds.Sort();
        return seconds[seconds.Count / 2];
    }
}
