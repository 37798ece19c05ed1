using System.Collections.Immutable;
using System.CommandLine;
using System.Runtime.InteropServices;
using AlexNetSharp.Benchmarks.Engines;
using AlexNetSharp.Benchmarks.Libtorch;
using AlexNetSharp.Benchmarks.Measurement;
using AlexNetSharp.Benchmarks.Reporting;
using AlexNetSharp.Cli;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Benchmarks.Commands;

/// <summary><c>alexnet-bench peers</c>: this engine, ONNX Runtime and libtorch in turns.</summary>
internal static class PeersCommand
{
    private const string All = "all";
    private const int MaximalThreads = 256;
    private const int MaximalRounds = 1000;

    // What people who train on a laptop or serve on a small machine have; more processors are asked for by --threads.
    private static readonly int[] StandardThreads = [1, 2];

    public static Command Create()
    {
        Option<string> model = CommonOptions.Choice("--model", "The network", "NAME", All, [.. Workload.Standard.Select(workload => workload.Model).Distinct(), All]);
        Option<string> mode = CommonOptions.Choice("--mode", "Training or inference", "MODE", All, ["train", "infer", All]);
        Option<int?> batch = CommonOptions.OptionalCount("--batch", "Pictures a step (default: those that the project looks at)");
        Option<int?> threads = Optional("--threads", "Threads of each engine (default: 1, then 2)", "N", 1, MaximalThreads);
        Option<bool> noLrn = new("--no-lrn") { Description = "Leave LRN out of the peers; this engine computes it all the same" };
        Option<double?> seconds = Optional("--seconds", "How long each figure is measured, all rounds together (default: 7)", "S", 0.01, 3600.0);
        Option<int?> rounds = Optional("--rounds", "In how many rounds (default: 7)", "R", 1, MaximalRounds);
        Option<bool> quick = new("--quick") { Description = "3 rounds and 1.5 s a figure, for a look" };
        Option<bool> json = CommonOptions.Json();
        Option<string?> output = new("--out") { Description = "Write peers.md and peers.json into this folder", HelpName = "FOLDER" };
        output.Validators.Add(CommonOptions.RequireNames);
        Command command = new("peers", "Compare with ONNX Runtime and libtorch: interleaved rounds, medians, the same function")
        {
            model, batch, mode, threads, noLrn, seconds, rounds, quick, json, output,
        };
        command.SetAction(parsed =>
        {
            string chosenModel = parsed.GetValue(model)!, chosenMode = parsed.GetValue(mode)!;
            Pace pace = parsed.GetValue(quick) ? Pace.Quick : Pace.Thorough;
            ImmutableArray<Workload> workloads = Workload.Select(
                chosenModel == All ? null : chosenModel,
                chosenMode == All ? null : Enum.Parse<WorkloadMode>(chosenMode, ignoreCase: true),
                parsed.GetValue(batch));
            return Run(
                workloads,
                parsed.GetValue(threads) is int count ? [count] : StandardThreads,
                new Pace(parsed.GetValue(rounds) ?? pace.Rounds, parsed.GetValue(seconds) ?? pace.Seconds),
                parsed.GetValue(noLrn), parsed.GetValue(json), parsed.GetValue(output));
        });
        return command;
    }

    private static int Run(ImmutableArray<Workload> workloads, int[] threadCounts, Pace pace, bool withoutLrn, bool json, string? output)
    {
        using Interruption interruption = new();
        // A folder that cannot be made is better known before the minutes than after.
        if (output is not null)
            Directory.CreateDirectory(output);
        string? missing = LibtorchRuntime.Load();
        if (missing is not null)
            Console.Error.WriteLine($"alexnet-bench: {missing}");
        PeerSelection selection = new(Libtorch: missing is null, withoutLrn);
        PeersResult result = Describe(pace, selection);
        if (!json)
            Console.WriteLine($"{result.Processor}, {result.Processors} processors, {result.VectorBits}-bit vectors, {result.Runtime}; {string.Join(", ", result.Versions.Select(version => $"{version.Key} {version.Value}"))}\n");
        foreach (Workload workload in workloads)
        {
            foreach (int threads in threadCounts)
            {
                using PeerComparison comparison = new(workload, threads, selection);
                WorkloadResult measured = comparison.Measure(pace, interruption.Token);
                result = result with { Workloads = [.. result.Workloads, measured] };
                if (!json)
                    PeersTable.Write(measured);
                if (output is not null)
                    ResultFolder.Write(output, result);
            }
        }
        if (json)
            Console.WriteLine(ResultFolder.Json(result));
        return CommandRunner.Done;
    }

    private static PeersResult Describe(Pace pace, PeerSelection selection)
    {
        Dictionary<string, string> versions = new() { ["ONNX Runtime"] = OnnxRuntimeEnvironment.Version };
        if (selection.Libtorch)
            versions["libtorch"] = LibtorchRuntime.Version;
        return new PeersResult(
            DateTimeOffset.Now.ToString("yyyy-MM-dd"), MachineInfo.Processor(), Environment.ProcessorCount, VectorWidth.Bits, RuntimeInformation.FrameworkDescription,
            RuntimeInformation.OSDescription, versions, pace.Rounds, pace.Seconds, []);
    }

    private static Option<T?> Optional<T>(string name, string description, string helpName, T smallest, T largest)
        where T : struct, System.Numerics.INumber<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => CommonOptions.Number(result, smallest, largest, smallest),
        };
}
