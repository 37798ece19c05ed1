using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Runs;
using Spectre.Console;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet runs</c>, <c>alexnet runs diff</c> and <c>alexnet runs delete</c>.</summary>
internal static class RunsCommand
{
    // A table is to be looked over, and a curve to fit the narrowest terminal that is usual.
    private const int RowsShown = 20;
    private const int CurveWidth = 60;

    private const string RunDescription = "A run's name in the list, or its folder's path";

    public static Command Create()
    {
        Argument<string?> root = new("DIR")
        {
            Description = $"The folder that holds the runs (default: {RunList.DefaultRoot})",
            Arity = ArgumentArity.ZeroOrOne,
        };
        root.Validators.Add(CommonOptions.RequireNames);
        Option<bool> json = CommonOptions.Json();
        json.Recursive = true;
        Command command = new("runs", "List runs, the newest first; compare two, or delete some") { root, json, CreateDiff(root, json), CreateDelete(root, json) };
        command.SetAction(parsed => List(parsed.GetValue(root), parsed.GetValue(json)));
        return command;
    }

    private static Command CreateDiff(Argument<string?> rootBefore, Option<bool> json)
    {
        Argument<string> a = Run("A"), b = Run("B");
        Option<string?> root = Root();
        Command command = new("diff", "Show in what two runs differ: settings, curves, final figures") { a, b, root };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(root) ?? parsed.GetValue(rootBefore) ?? RunList.DefaultRoot;
            return Diff(RunList.Resolve(parsed.GetValue(a)!, folder), RunList.Resolve(parsed.GetValue(b)!, folder), parsed.GetValue(json));
        });
        return command;
    }

    private static Command CreateDelete(Argument<string?> rootBefore, Option<bool> json)
    {
        Argument<string[]> names = new("NAME") { Description = RunDescription, Arity = ArgumentArity.OneOrMore };
        names.Validators.Add(CommonOptions.RequireNames);
        Option<string?> root = Root();
        Option<bool> yes = new("--yes") { Description = "Do not ask; needed where nobody can be asked" };
        Command command = new("delete", "Delete runs with all that is in their folders") { names, root, yes };
        command.SetAction(parsed =>
        {
            bool asks = !parsed.GetValue(yes);
            if (asks && (Console.IsInputRedirected || Console.IsOutputRedirected || parsed.GetValue(json)))
                throw new UsageException("Nobody can be asked here whether to delete; say --yes if that is meant. See 'alexnet runs delete --help'.");
            string folder = parsed.GetValue(root) ?? parsed.GetValue(rootBefore) ?? RunList.DefaultRoot;
            return Delete([.. parsed.GetValue(names)!.Select(name => RunList.Resolve(name, folder)).DistinctBy(Path.GetFullPath)], asks, parsed.GetValue(json));
        });
        return command;
    }

    private static Argument<string> Run(string name)
    {
        Argument<string> run = new(name) { Description = RunDescription };
        run.Validators.Add(CommonOptions.RequireNames);
        return run;
    }

    private static Option<string?> Root() => CommonOptions.Text("--dir", $"The folder that holds the runs (default: {RunList.DefaultRoot})", "DIR");

    private static int List(string? root, bool json)
    {
        // Nobody has said that there are runs.
        IReadOnlyList<RunSummary> runs = root is null && !Directory.Exists(RunList.DefaultRoot) ? [] : RunList.Find(root ?? RunList.DefaultRoot);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(runs, RunJsonForms.Line.IReadOnlyListRunSummary));
        else if (runs.Count == 0)
            Console.WriteLine($"There are no runs in {root ?? RunList.DefaultRoot}; 'alexnet train' makes one.");
        else
            RunTable.Write(runs);
        return CommandRunner.Done;
    }

    private static int Diff(string a, string b, bool json)
    {
        RunComparison comparison = RunComparison.Of(a, b);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(comparison, RunJsonForms.Line.RunComparison));
        else
            Write(comparison);
        return CommandRunner.Done;
    }

    private static void Write(RunComparison comparison)
    {
        foreach ((string letter, RunSummary run) in new[] { ("A", comparison.A), ("B", comparison.B) })
            Console.WriteLine($"{letter}: {run.Folder} ({RunTable.StateOf(run)}, {RunTable.DoneOf(run)})");
        Console.WriteLine();
        if (comparison.Settings.IsEmpty)
        {
            Console.WriteLine("The settings are the same.");
        }
        else
        {
            Table settings = Tables.Create("Setting", "A", "B");
            // Paths and lists are long: they go on in the next line.
            foreach (TableColumn value in settings.Columns.Skip(1))
                (value.NoWrap, value.Alignment) = (false, Justify.Left);
            foreach (SettingDifference setting in comparison.Settings)
                settings.AddRow(Markup.Escape(setting.Key), Markup.Escape(Text(setting.A)), Markup.Escape(Text(setting.B)));
            Tables.Write(settings);
        }
        WriteCurve(comparison);
        Table figures = Tables.Create("Figure", "A", "B", "B - A");
        foreach (FigureDifference figure in comparison.Figures)
        {
            string form = FormOf(figure);
            figures.AddRow(
                figure.Name.Replace('_', ' ').Replace("per s", "a second", StringComparison.Ordinal), Figure(figure.A, form), Figure(figure.B, form),
                Figure(figure.Difference, $"+{form};-{form};{form}"));
        }
        Tables.Write(figures);
    }

    private static void WriteCurve(RunComparison comparison)
    {
        if (comparison.Curve.IsEmpty)
        {
            Console.WriteLine("Neither has measured anything on its way.");
            return;
        }
        bool byEpoch = comparison.Axis == CurveAxis.Epoch;
        Table table = Tables.Create(byEpoch ? "Epoch" : "Step", "Loss A", "Loss B", "Accuracy A", "Accuracy B");
        foreach (CurvePoint point in Sparklines.EvenlySpaced(comparison.Curve, RowsShown))
            table.AddRow($"{point.At}", RunTable.Share(point.LossA), RunTable.Share(point.LossB), RunTable.Share(point.AccuracyA), RunTable.Share(point.AccuracyB));
        Tables.Write(table);
        string of = byEpoch ? "Validation" : "Minibatch";
        Sparklines.Write($"{of} loss", [.. comparison.Curve.Select(point => point.LossA)], [.. comparison.Curve.Select(point => point.LossB)], CurveWidth);
        Sparklines.Write($"{of} accuracy", [.. comparison.Curve.Select(point => point.AccuracyA)], [.. comparison.Curve.Select(point => point.AccuracyB)], CurveWidth);
        Console.WriteLine();
    }

    private static int Delete(string[] folders, bool asks, bool json)
    {
        List<RunDeletion> deletions = [];
        try
        {
            // All of them are looked at before the first is deleted.
            foreach (string folder in folders)
                deletions.Add(RunDeletion.Prepare(folder));
            if (asks && !Confirm(deletions))
            {
                CommandRunner.WriteError("nothing was deleted.");
                return CommandRunner.Failed;
            }
            foreach (RunDeletion deletion in deletions)
            {
                deletion.Execute();
                if (!json)
                    Console.WriteLine($"Deleted {deletion.Folder} ({Size(deletion.Bytes)})");
            }
            if (json)
            {
                IReadOnlyList<DeletedRunJson> deleted = [.. deletions.Select(deletion => new DeletedRunJson(deletion.Folder, deletion.Bytes))];
                Console.WriteLine(JsonSerializer.Serialize(deleted, RunJsonForms.Line.IReadOnlyListDeletedRunJson));
            }
            return CommandRunner.Done;
        }
        finally
        {
            foreach (RunDeletion deletion in deletions)
                deletion.Dispose();
        }
    }

    private static bool Confirm(List<RunDeletion> deletions)
    {
        foreach (RunDeletion deletion in deletions)
            Console.WriteLine($"{deletion.Folder} ({Size(deletion.Bytes)})");
        Console.Write($"Delete {(deletions.Count == 1 ? "this run" : $"these {deletions.Count} runs")} for good? [y/N] ");
        return Console.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => RunTable.None,
        JsonValue text when text.TryGetValue(out string? word) => word,
        _ => value.ToJsonString(),
    };

    private static string FormOf(FigureDifference figure) => figure.Name switch
    {
        "best_epoch" or "epochs" or "steps" => "0",
        "seconds" or "images_per_s" => "0.0",
        _ => "0.0000",
    };

    private static string Figure(double? value, string form) => value?.ToString(form, CultureInfo.InvariantCulture) ?? RunTable.None;

    private static string Size(long bytes) => bytes < 1_000 ? $"{bytes} bytes" : bytes < 1_000_000 ? $"{bytes / 1e3:F1} kB" : $"{bytes / 1e6:F1} MB";
}
