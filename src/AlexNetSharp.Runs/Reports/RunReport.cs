using System.Text;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Data;
using AlexNetSharp.Execution;
using AlexNetSharp.Inspection;
using AlexNetSharp.Models;

namespace AlexNetSharp.Runs.Reports;

/// <summary>The report of a run, in its folder: <c>report.html</c>, which needs no other file and no network, and the same plots as PNG under <c>plots</c>.</summary>
public static class RunReport
{
    /// <summary>The page's name in a run's folder.</summary>
    public const string FileName = "report.html";

    /// <summary>The name of the folder of the plots.</summary>
    public const string PlotsName = "plots";

    private const string ConfusionName = "confusion.png", FiltersName = "filters.png";

    // What FilterPicture draws.
    private const int Colors = 3;

    /// <summary>Writes the report from what the run's folder holds; one that is there is replaced.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="network">The run's network.</param>
    /// <param name="test">Its test; null where there was none.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="FileNotFoundException">The folder is none of a run.</exception>
    /// <exception cref="InvalidDataException">The run's record or metrics are damaged.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static string Write(string folder, Network network, RunTest? test)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(network);
        _ = RunFolder.RecordPath(folder);
        RunMetrics metrics = RunMetrics.Read(folder);
        ReportContent content = new(RunRecord.Read(folder)!, metrics, network.Spec.Name, network.ParameterCount, Chart.Of(metrics), test, EncodeFilters(network));
        string page = Path.Combine(folder, FileName);
        DurableFile.Write(page, Encoding.UTF8.GetBytes(ReportPage.Write(content)));
        WritePlots(Path.Combine(folder, PlotsName), content);
        return page;
    }

    private static void WritePlots(string folder, ReportContent content)
    {
        Directory.CreateDirectory(folder);
        foreach (Chart chart in content.Charts)
            DurableFile.Write(Path.Combine(folder, chart.FileName), ReportPlots.Draw(chart));
        if (content.Test is RunTest test)
            DurableFile.Write(Path.Combine(folder, ConfusionName), ReportPlots.DrawConfusion(test.Evaluation));
        if (content.Filters is byte[] filters)
            DurableFile.Write(Path.Combine(folder, FiltersName), filters);
    }

    private static byte[]? EncodeFilters(Network network)
    {
        try
        {
            return PictureWriter.EncodePng(FilterPicture.Draw(network), Colors);
        }
        catch (InvalidModelException)
        {
            // No convolution, or none whose filters can be shown.
            return null;
        }
    }
}
