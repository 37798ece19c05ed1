using System.Collections.Immutable;
using System.CommandLine;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet import</c>.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "PyTorch's weights (.pth, .pt, .bin), a .safetensors file of any origin, or an .onnx model" };
        file.Validators.Add(CommonOptions.RequireNames);
        Option<string?> model = CommonOptions.Text("--model", "What the weights are of: a name or a JSON file (default: found out by names and shapes)", "NAME|FILE.json");
        Option<string?> classes = CommonOptions.Text("--classes", "A text file of class names, one a line, in the order of the outputs (default: 0, 1, 2, …)", "FILE.txt");
        Option<string> output = CommonOptions.Output("The model's file");
        Option<bool> half = CommonOptions.Half();
        Option<bool> force = CommonOptions.Force();
        Command command = new("import", "Make a model's file of weights or a model that others trained") { file, model, classes, output, half, force };
        command.SetAction(parsed => Run(
            parsed.GetValue(file)!, parsed.GetValue(model), parsed.GetValue(classes), parsed.GetValue(output)!, parsed.GetValue(half), parsed.GetValue(force)));
        return command;
    }

    private static int Run(string file, string? model, string? classes, string output, bool half, bool force)
    {
        OutputFile.RequireFree(output, force);
        ModelSpec? spec = model is null ? null : ModelArgument.Describe(model);
        using Network network = ModelArgument.Load(file, spec);
        using Network? renamed = classes is null ? null : Rename(network, classes);
        ModelFile.Save(renamed ?? network, output, half ? WeightPrecision.Half : WeightPrecision.Full);
        Console.WriteLine($"{network.Spec.Name}, {network.ParameterCount:N0} parameters, {network.Spec.Classes.Length} classes: {output}");
        return CommandRunner.Done;
    }

    // The same weights under other names of classes.
    private static Network Rename(Network network, string classes)
    {
        ImmutableArray<string> names = [.. File.ReadLines(classes).Select(line => line.Trim()).Where(line => line.Length > 0)];
        if (names.Length != network.Spec.Classes.Length)
            throw new InvalidDataException($"'{classes}' names {names.Length} classes; the weights have {network.Spec.Classes.Length}. Name one a line, in the order of the outputs.");
        Network renamed = new(network.Spec.WithClasses(names));
        foreach (Parameter parameter in network.Parameters)
            renamed.Write(parameter, network.Read(parameter));
        return renamed;
    }
}
