using System.CommandLine;
using System.Text.Json;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Runs;
using AlexNetSharp.Training;
using Spectre.Console;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet eval</c>.</summary>
internal static class EvalCommand
{
    private const string TestSplit = "test";
    private const string DefaultData = "mnist";

    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model("A model's file (.safetensors, .onnx, .pth), or the folder of a run");
        Option<string?> data = CommonOptions.Data();
        data.Description += " (default: what a run's folder was trained on, else mnist)";
        Option<string> split = CommonOptions.Choice("--split", "Which of the pictures", "NAME", TestSplit, [TestSplit, "validation", "training"]);
        Option<string?> testTimeAugmentation = CommonOptions.TestTimeAugmentation();
        Option<bool> strict = new("--strict") { Description = "A picture that cannot be read is an error, instead of being named and left out" };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("eval", "Evaluate a model on a data set's test pictures") { model, data, split, testTimeAugmentation, strict, threads, json };
        command.SetAction(parsed => Run(
            parsed.GetValue(model)!, parsed.GetValue(data), parsed.GetValue(split)!, TestTimeAugmentation.Find(parsed.GetValue(testTimeAugmentation) ?? TestTimeAugmentation.None.Name),
            parsed.GetValue(strict), parsed.GetValue(threads), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string model, string? data, string split, TestTimeAugmentation views, bool strict, int threads, bool json)
    {
        using Interruption interruption = new();
        using Network network = ModelArgument.Load(model);
        DataSplits splits = DataArgument.Load(data ?? RunRecord.Read(model)?.Data ?? DefaultData, interruption.Token);
        ImageSet images = split switch { TestSplit => splits.Test, "validation" => splits.Validation, _ => splits.Training };
        if (images.Count == 0)
            throw new InvalidDataException($"Data '{splits.Name}' has no {split} pictures; choose another --split.");
        using ThreadTeam team = new(threads);
        int skipped = 0;
        Evaluation evaluation = Evaluator.Evaluate(network, images, views, team, Skip, interruption.Token);
        if (json)
        {
            EvalJson result = new(evaluation.Images, evaluation.Accuracy, evaluation.Loss, skipped, evaluation.PerClass, evaluation.Confusion);
            Console.WriteLine(JsonSerializer.Serialize(result, JsonForms.Line.EvalJson));
        }
        else
        {
            Write(evaluation);
        }
        return CommandRunner.Done;

        void Skip(string problem)
        {
            if (strict)
                throw new InvalidDataException(problem);
            skipped++;
            CommandRunner.WriteError($"left out: {problem}");
        }
    }

    private static void Write(Evaluation evaluation)
    {
        Console.WriteLine($"{evaluation.Images} images: accuracy {evaluation.Accuracy:F4}, loss {evaluation.Loss:F4}");
        Console.WriteLine();
        Table classes = Tables.Create("Class", "Images", "Precision", "Recall");
        foreach (ClassEvaluation c in evaluation.PerClass)
            classes.AddRow(Markup.Escape(c.Label), $"{c.Images}", $"{c.Precision:F4}", $"{c.Recall:F4}");
        Tables.Write(classes);
        Console.WriteLine();
        Console.WriteLine("Confusion (row: true class, column: predicted)");
        string[] labels = [.. evaluation.PerClass.Select(c => Markup.Escape(c.Label))];
        Table confusion = Tables.Create(["", .. labels]);
        for (int row = 0; row < labels.Length; row++)
            confusion.AddRow([labels[row], .. evaluation.Confusion[row].Select(count => $"{count}")]);
        Tables.Write(confusion);
    }
}
