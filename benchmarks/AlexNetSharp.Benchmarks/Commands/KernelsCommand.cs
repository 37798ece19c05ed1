using System.CommandLine;
using AlexNetSharp.Benchmarks.KernelBenchmarks;
using AlexNetSharp.Cli;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace AlexNetSharp.Benchmarks.Commands;

/// <summary><c>alexnet-bench kernels</c>: each kernel alone, at the shapes of the catalogued models.</summary>
internal static class KernelsCommand
{
    /// <summary>A class of benchmarks for each family of kernels.</summary>
    public static Type[] Families { get; } =
    [
        typeof(ConvolutionBenchmarks),
        typeof(WinogradConvolutionBenchmarks),
        typeof(FirstLayerConvolutionBenchmarks),
        typeof(DenseBenchmarks),
        typeof(MaxPoolingBenchmarks),
        typeof(LocalResponseNormalizationBenchmarks),
        typeof(DropoutBenchmarks),
        typeof(OptimizerBenchmarks),
        typeof(SoftmaxCrossEntropyBenchmarks),
        typeof(BatchPreparationBenchmarks),
    ];

    public static Command Create()
    {
        Option<string[]> filter = new("--filter")
        {
            Description = "Only benchmarks whose name matches, such as '*Convolution*Forward*' (default: all)",
            HelpName = "PATTERN",
            DefaultValueFactory = _ => ["*"],
        };
        filter.Validators.Add(CommonOptions.RequireNames);
        Command command = new("kernels", "Measure each kernel alone with BenchmarkDotNet, at the shapes of the catalogued models") { filter };
        command.SetAction(parsed => Run(parsed.GetValue(filter)!));
        return command;
    }

    private static int Run(string[] patterns)
    {
        // In this process: its runtime settings are the alexnet command's. A kernel takes milliseconds, so few invocations make an iteration.
        Job job = Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(2)
            .WithIterationCount(7)
            .WithIterationTime(TimeInterval.FromMilliseconds(250));
        ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(job)
            .AddFilter(new GlobFilter(patterns))
            .AddColumn(StatisticColumn.Median, StatisticColumn.Min, StatisticColumn.Max, new GflopColumn())
            .HideColumns("Mean", "Error", "StdDev", "Job", "Toolchain", "IterationCount", "IterationTime", "WarmupCount");
        Summary[] summaries = BenchmarkRunner.Run(Families, config);
        if (summaries.All(summary => summary.Reports.IsEmpty))
            throw new UsageException($"No benchmark matches {string.Join(" or ", patterns.Select(pattern => $"'{pattern}'"))}. Names look like '{typeof(ConvolutionBenchmarks).FullName}.{nameof(ConvolutionBenchmarks.Forward)}'.");
        return summaries.All(summary => summary.Reports.All(report => report.Success)) ? CommandRunner.Done : CommandRunner.Failed;
    }
}
