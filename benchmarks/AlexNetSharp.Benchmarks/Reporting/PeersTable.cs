using System.Globalization;
using AlexNetSharp.Benchmarks.Measurement;
using AlexNetSharp.Cli.Reporting;
using Spectre.Console;

namespace AlexNetSharp.Benchmarks.Reporting;

/// <summary>A workload's figures as rows of text, for the terminal and for Markdown.</summary>
internal static class PeersTable
{
    /// <summary>What was compared, and what the machine could do meanwhile.</summary>
    public static string Title(WorkloadResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{new Workload(result.Model, result.Mode, result.Batch)}, {Threads(result.Threads)} (peak {result.PeakGflops.Max:F0} GFLOP/s, copying {result.CopyGbPerSecond.Max:F1} GB/s)");

    /// <summary>The heads of the columns.</summary>
    public static string[] Columns(WorkloadResult result) => result.IsLatency
        ? ["engine", "ms", "ours / theirs", "of the peak", "weights of copying"]
        : ["engine", "images/s", "ours / theirs", "of the peak"];

    /// <summary>A row for each engine: medians, and the smallest and largest of the rounds.</summary>
    public static IEnumerable<string[]> Rows(WorkloadResult result)
    {
        foreach (EngineResult engine in result.Engines)
        {
            string figure = result.IsLatency ? Text(engine.StepMs, "F3") : Text(engine.ImagesPerSecond, "F1");
            string[] row = [engine.Engine, figure, engine.Ratio is Spread ratio ? Text(ratio, "F2") : "", Percent(engine.ShareOfPeak)];
            yield return result.IsLatency && engine.ShareOfCopy is Spread copy ? [.. row, Percent(copy)] : row;
        }
    }

    /// <summary>Prints one workload.</summary>
    public static void Write(WorkloadResult result)
    {
        Console.WriteLine(Title(result));
        Table table = Tables.Create(Columns(result));
        foreach (string[] row in Rows(result))
            table.AddRow(row);
        Tables.Write(table);
    }

    private static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";

    private static string Text(Spread spread, string format) => string.Create(
        CultureInfo.InvariantCulture, $"{spread.Median.ToString(format)} ({spread.Min.ToString(format)}-{spread.Max.ToString(format)})");

    private static string Percent(Spread share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share.Median:F0} %");
}
