using System.CommandLine;
using System.Text.Json;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Training;
using Spectre.Console;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet eval</c>.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model("A .safetensors file, or the folder of a run");
        Option<string> data = CommonOptions.Data();
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("eval", "Evaluate a model on a data set's test pictures") { model, data, threads, json };
        command.SetAction(parsed => Run(parsed.GetValue(model)!, parsed.GetValue(data)!, parsed.GetValue(threads), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string model, string data, int threads, bool json)
    {
        using Interruption interruption = new();
        using Network network = ModelArgument.Load(model);
        ImageSet test = DataArgument.Load(data, interruption.Token).Test;
        using ThreadTeam team = new(threads);
        Evaluation evaluation = Evaluator.Evaluate(network, test, team, interruption.Token);
        if (json)
        {
            EvalJson result = new(evaluation.Images, evaluation.Accuracy, evaluation.Loss, evaluation.PerClass, evaluation.Confusion);
            Console.WriteLine(JsonSerializer.Serialize(result, JsonForms.Line.EvalJson));
        }
        else
        {
            Write(evaluation);
        }
        return CommandRunner.Done;
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
