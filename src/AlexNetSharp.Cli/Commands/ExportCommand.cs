using System.CommandLine;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet export</c>.</summary>
internal static class ExportCommand
{
    private const string SafeTensors = "safetensors";

    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model("A model's file, or the folder of a run");
        Option<string> format = CommonOptions.Choice("--format", "The file's format", SafeTensors, SafeTensors, [SafeTensors]);
        Option<string> output = CommonOptions.Output("The file");
        Option<bool> half = CommonOptions.Half();
        Option<bool> force = CommonOptions.Force();
        Command command = new("export", "Write a model to a file that others read") { model, format, output, half, force };
        command.SetAction(parsed => Run(parsed.GetValue(model)!, parsed.GetValue(format)!, parsed.GetValue(output)!, parsed.GetValue(half), parsed.GetValue(force)));
        return command;
    }

    private static int Run(string model, string format, string output, bool half, bool force)
    {
        OutputFile.RequireFree(output, force);
        using Network network = ModelArgument.Load(model);
        switch (format)
        {
            case SafeTensors:
                ModelFile.Save(network, output, half ? WeightPrecision.Half : WeightPrecision.Full);
                break;
            default:
                throw new UsageException($"--format is '{format}'; {SafeTensors} is expected.");
        }
        Console.WriteLine($"{network.Spec.Name}, {network.ParameterCount:N0} parameters: {output}");
        return CommandRunner.Done;
    }
}
