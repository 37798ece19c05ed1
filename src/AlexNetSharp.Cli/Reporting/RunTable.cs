using AlexNetSharp.Runs;
using Spectre.Console;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>The list that <c>alexnet runs</c> prints: a line a run.</summary>
internal static class RunTable
{
    /// <summary>Stands where there is no figure.</summary>
    public const string None = "-";

    // What Spectre puts around each column, and around all.
    private const int AroundColumn = 3;
    private const int AroundTable = 1;

    private static readonly Column[] Columns =
    [
        new("Run", Justify.Left, run => run.Name),
        new("State", Justify.Left, StateOf),
        new("Model", Justify.Left, run => run.Model ?? None),
        new("Data", Justify.Left, run => run.Data ?? None),
        new("Recipe", Justify.Left, run => run.Recipe ?? None),
        new("Seed", Justify.Right, run => run.Seed is ulong seed ? $"{seed}" : None),
        new("Done", Justify.Right, DoneOf),
        new("Validation", Justify.Right, run => Share(run.BestValidationAccuracy)),
        new("Test", Justify.Right, run => Share(run.TestAccuracy)),
        new("Time", Justify.Right, run => Time(run.Seconds)),
    ];

    // A narrow terminal gets fewer columns, as a table squeezed into it cannot be read: these go first.
    private static readonly string[] Dispensable = ["Seed", "Recipe", "Data", "Model", "Time", "Done"];

    /// <summary>Prints the list, and what is wrong with damaged runs.</summary>
    public static void Write(IReadOnlyList<RunSummary> runs)
    {
        List<Column> columns = [.. Columns];
        foreach (string title in Dispensable.TakeWhile(_ => !Tables.Fits(WidthOf(columns))))
            columns.RemoveAll(column => column.Title == title);
        Table table = Tables.Create([.. columns.Select(column => column.Title)]);
        for (int i = 0; i < columns.Count; i++)
            table.Columns[i].Alignment = columns[i].Alignment;
        foreach (RunSummary run in runs)
            table.AddRow([.. columns.Select(column => Markup.Escape(column.Text(run)))]);
        Tables.Write(table, WidthOf(columns));
        if (columns.Count < Columns.Length)
            Console.WriteLine($"Not shown in a terminal so narrow: {string.Join(", ", Columns.Except(columns).Select(column => column.Title.ToLowerInvariant()))}.");
        foreach (RunSummary run in runs.Where(run => run.Problem is not null))
            Console.WriteLine($"{run.Name}: {run.Problem!.ReplaceLineEndings(" ")}");

        int WidthOf(List<Column> shown) =>
            AroundTable + shown.Sum(column => AroundColumn + Math.Max(column.Title.Length, runs.Max(run => column.Text(run).Length)));
    }

    /// <summary>How far a run is, in a word.</summary>
    public static string StateOf(RunSummary run) => run.State?.ToString().ToLowerInvariant() ?? "damaged";

    /// <summary>What a run has done of what it was asked for.</summary>
    public static string DoneOf(RunSummary run) => run switch
    {
        { EpochsPlanned: int planned } => $"{run.Epochs ?? 0}/{planned} epochs",
        { Steps: int steps } => $"{steps} steps",
        _ => None,
    };

    /// <summary>A share or a loss.</summary>
    public static string Share(double? value) => value is double known ? $"{known:F4}" : None;

    private static string Time(double? seconds) => seconds is double known ? $"{(int)TimeSpan.FromSeconds(known).TotalHours}:{TimeSpan.FromSeconds(known):mm\\:ss}" : None;

    private sealed record Column(string Title, Justify Alignment, Func<RunSummary, string> Text);
}
