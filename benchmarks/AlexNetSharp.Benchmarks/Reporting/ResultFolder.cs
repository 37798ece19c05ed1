using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AlexNetSharp.Benchmarks.Reporting;

/// <summary>Writes a run as <c>peers.md</c> and <c>peers.json</c>.</summary>
internal static class ResultFolder
{
    /// <summary>The file for people.</summary>
    public const string MarkdownName = "peers.md";

    /// <summary>The file for machines.</summary>
    public const string JsonName = "peers.json";

    // Nothing is escaped that JSON does not ask to be: the files are text, no part of a web page.
    private static readonly PeersJson Contracts = new(new JsonSerializerOptions(PeersJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes both files, over those of an earlier run.</summary>
    public static void Write(string folder, PeersResult result)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, MarkdownName), Markdown(result));
        File.WriteAllText(Path.Combine(folder, JsonName), Json(result) + "\n");
    }

    /// <summary>All figures.</summary>
    public static string Json(PeersResult result) => JsonSerializer.Serialize(result, Contracts.PeersResult);

    /// <summary>The page.</summary>
    public static string Markdown(PeersResult result)
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"# Peers on {result.Processor}\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{result.Date}; {result.Processors} processors, {result.VectorBits}-bit vectors; {result.Runtime} on {result.System}; ");
        page.AppendJoin(", ", result.Versions.Select(version => $"{version.Key} {version.Value}"));
        page.Append(CultureInfo.InvariantCulture, $".\n{result.Rounds} interleaved rounds, {result.SecondsPerFigure} s a figure: median (smallest-largest round). ");
        page.Append("What is compared and how: docs/benchmarks.md.\n");
        foreach (WorkloadResult workload in result.Workloads)
        {
            string[] columns = PeersTable.Columns(workload);
            page.Append(CultureInfo.InvariantCulture, $"\n## {PeersTable.Title(workload)}\n\n");
            AppendRow(page, columns);
            AppendRow(page, [.. columns.Select((_, i) => i == 0 ? "---" : "---:")]);
            foreach (string[] row in PeersTable.Rows(workload))
                AppendRow(page, row);
        }
        return page.ToString();
    }

    private static void AppendRow(StringBuilder page, string[] cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
