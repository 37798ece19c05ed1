using System.CommandLine;
using System.Collections.Immutable;
using System.Text.Json;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;
using Spectre.Console;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet summary</c>.</summary>
internal static class SummaryCommand
{
    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model($"A .safetensors file, the folder of a run, or a name: {string.Join(", ", ModelCatalog.Names)}");
        Option<bool> json = CommonOptions.Json();
        Command command = new("summary", "Show a model's layers, shapes, parameters and multiply-accumulates") { model, json };
        command.SetAction(parsed => Run(parsed.GetValue(model)!, parsed.GetValue(json)));
        return command;
    }

    private static int Run(string model, bool json)
    {
        ModelSpec spec = Find(model);
        ImmutableArray<LayerShape> layers = spec.InferShapes();
        long parameters = layers.Sum(layer => layer.ParameterCount), multiplyAccumulates = layers.Sum(layer => layer.MultiplyAccumulates);
        if (json)
        {
            LayerJson[] rows = [.. layers.Select(layer => new LayerJson(
                layer.Layer.Name, layer.Layer.Kind, Sizes(layer.Output), layer.ParameterCount, layer.MultiplyAccumulates))];
            Console.WriteLine(JsonSerializer.Serialize(new SummaryJson(spec.Name, rows, parameters, multiplyAccumulates), JsonForms.Line.SummaryJson));
            return CommandRunner.Done;
        }
        Console.WriteLine($"{spec.Name}: input {spec.Input}, {spec.Classes.Length} classes");
        Table table = Tables.Create("Layer", "Kind", "Output", "Parameters", "Multiply-accumulates");
        foreach (LayerShape layer in layers)
        {
            table.AddRow(
                Markup.Escape(layer.Layer.Name), layer.Layer.Kind, Markup.Escape(layer.Output.ToString()),
                layer.ParameterCount == 0 ? "" : $"{layer.ParameterCount:N0}", layer.MultiplyAccumulates == 0 ? "" : $"{layer.MultiplyAccumulates:N0}");
        }
        table.AddRow("Total", "", "", $"{parameters:N0}", $"{multiplyAccumulates:N0}");
        Tables.Write(table);
        return CommandRunner.Done;
    }

    private static ModelSpec Find(string model)
    {
        if (ModelCatalog.Names.Contains(model))
            return ModelCatalog.Create(model);
        if (!File.Exists(model) && !Directory.Exists(model))
            throw new InvalidModelException($"'{model}' is neither a file nor the name of a model. Known names: {string.Join(", ", ModelCatalog.Names)}.");
        using Network network = ModelArgument.Load(model);
        return network.Spec;
    }

    private static int[] Sizes(FeatureShape shape) => shape.IsVector ? [shape.Channels] : [shape.Height, shape.Width, shape.Channels];
}
