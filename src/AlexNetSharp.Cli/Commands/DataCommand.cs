using System.CommandLine;
using System.Text.Json;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Data;
using AlexNetSharp.Images;
using Spectre.Console;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet data check</c> and <c>alexnet data export</c>.</summary>
internal static class DataCommand
{
    private const int DuplicatesShown = 10;

    public static Command Create() => new("data", "Check a data set, or write it as a folder of pictures") { CreateCheck(), CreateExport() };

    private static Command CreateCheck()
    {
        Argument<string> data = Data();
        Option<bool> json = CommonOptions.Json();
        Command command = new("check", "Read every picture and list what is wrong; exit code 1 where something is") { data, json };
        command.SetAction(parsed => Check(parsed.GetValue(data)!, parsed.GetValue(json)));
        return command;
    }

    private static Command CreateExport()
    {
        Argument<string> data = Data();
        Argument<string> folder = new("FOLDER") { Description = "Where to: a new or empty folder" };
        folder.Validators.Add(CommonOptions.RequireNames);
        Option<bool> json = CommonOptions.Json();
        Command command = new("export", "Write a data set as PNG files: train, val and test, with a folder a class") { data, folder, json };
        command.SetAction(parsed => Export(parsed.GetValue(data)!, parsed.GetValue(folder)!, parsed.GetValue(json)));
        return command;
    }

    private static Argument<string> Data()
    {
        Argument<string> data = new("D") { Description = "A data set's name, a folder with one subfolder a class, a CSV file of path,label, or a directory of IDX or CIFAR files" };
        data.Validators.Add(CommonOptions.RequireNames);
        return data;
    }

    private static int Check(string data, bool json)
    {
        using Interruption interruption = new();
        DataReport report = new DataCatalog().Check(data, new PictureReporter("Reading"), new DownloadReporter(), interruption.Token);
        if (json)
        {
            DataCheckJson result = new(report.Name, report.Pictures, report.Channels, report.Problems, report.Classes, report.Duplicates, report.Notes);
            Console.WriteLine(JsonSerializer.Serialize(result, DataJsonForms.Line.DataCheckJson));
        }
        else
        {
            Write(report);
        }
        return report.Problems.IsEmpty ? CommandRunner.Done : CommandRunner.Failed;
    }

    private static void Write(DataReport report)
    {
        foreach (DataProblem problem in report.Problems)
            Console.WriteLine(problem.Problem.ReplaceLineEndings(" "));
        if (!report.Problems.IsEmpty)
            Console.WriteLine();
        string sizes = (report.Smallest, report.Largest) switch
        {
            (ImageSize smallest, ImageSize largest) when smallest != largest => $", {smallest} to {largest} pixels",
            (ImageSize size, _) => $", {size} pixels",
            _ => "",
        };
        Console.WriteLine($"{report.Name}: {Count(report.Pictures, "picture")} ({(report.Channels == 1 ? "grey" : "RGB")}{sizes}), {Count(report.Problems.Length, "problem")}");
        foreach (string note in report.Notes)
            Console.WriteLine(note);
        Console.WriteLine();
        Table classes = Tables.Create("Class", "Training", "Validation", "Test");
        foreach (ClassCount c in report.Classes)
            classes.AddRow(Markup.Escape(c.Name), $"{c.Training}", $"{c.Validation}", $"{c.Test}");
        Tables.Write(classes);
        if (report.Duplicates.IsEmpty)
            return;
        Console.WriteLine();
        Console.WriteLine($"{Count(report.Duplicates.Length, "test picture")} with the same pixels as a training or validation picture, which flatters the test's figures:");
        foreach (DuplicatePicture duplicate in report.Duplicates.Take(DuplicatesShown))
            Console.WriteLine($"  {duplicate.Test} = {duplicate.Other}");
        if (report.Duplicates.Length > DuplicatesShown)
            Console.WriteLine($"  and {report.Duplicates.Length - DuplicatesShown} more; --json lists them all");
    }

    private static int Export(string data, string folder, bool json)
    {
        using Interruption interruption = new();
        DataSplits splits = DataArgument.Load(data, interruption.Token);
        ExportReport report = DataExport.Write(splits, folder, new PictureReporter("Writing"), interruption.Token);
        foreach (DataProblem problem in report.Problems)
            CommandRunner.WriteError(problem.Problem);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new DataExportJson(splits.Name, folder, report.Pictures, report.Problems, report.Renamed), DataJsonForms.Line.DataExportJson));
        }
        else
        {
            foreach (RenamedClass renamed in report.Renamed)
                Console.WriteLine($"Class '{renamed.Name}' is in the folder '{renamed.Folder}', for no folder can be called so; classes.txt keeps its name.");
            Console.WriteLine($"{Count(report.Pictures, "picture")} of {splits.Name} written to {folder}{(report.Problems.IsEmpty ? "" : $"; {report.Problems.Length} could not be read and are left out")}");
        }
        return report.Problems.IsEmpty ? CommandRunner.Done : CommandRunner.Failed;
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
