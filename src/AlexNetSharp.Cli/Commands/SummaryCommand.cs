using System.CommandLine;
using System.Collections.Immutable;
using System.Text.Json;
using AlexNetSharp.Cli.Reporting;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;
using Spectre.Console;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet summary</c>.</summary>
internal static class SummaryCommand
{
    public static Command Create()
    {
        Argument<string> model = CommonOptions.Model($"A .safetensors file, the folder of a run, a .json file that describes a model, or a name: {string.Join(", ", ModelCatalog.Names)}");
        Option<bool> memory = new("--memory") { Description = "Show the memory that training and inference would take" };
        Option<int?> batchSize = CommonOptions.OptionalCount("--batch-size", $"Pictures at a time, for --memory (default: {Workload.DefaultBatchSizes})");
        Option<int> threads = CommonOptions.Threads();
        Option<bool> json = CommonOptions.Json();
        Command command = new("summary", "Show a model's layers, shapes, parameters and multiply-accumulates") { model, memory, batchSize, threads, json };
        command.SetAction(parsed =>
        {
            ModelSpec spec = Find(parsed.GetValue(model)!);
            return parsed.GetValue(memory)
                ? ShowMemory(spec, parsed.GetValue(batchSize), parsed.GetValue(threads), parsed.GetValue(json))
                : ShowLayers(spec, parsed.GetValue(json));
        });
        return command;
    }

    private static int ShowMemory(ModelSpec spec, int? batchSize, int threads, bool json)
    {
        Workload workload = Workload.Of(spec.Name);
        int batch = batchSize ?? workload.BatchSize;
        using ThreadTeam team = new(threads);
        MemoryEstimate training = MemoryEstimate.OfTraining(spec, batch, workload.Optimizer, team), inference = MemoryEstimate.OfInference(spec, batch, team);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new MemoryJson(spec.Name, batch, team.ThreadCount, training, inference), JsonForms.Line.MemoryJson));
            return CommandRunner.Done;
        }
        Console.WriteLine($"{spec.Name}, batch {batch}, {team.ThreadCount} threads (MB)");
        Table table = Tables.Create("", "Training", "Inference");
        table.AddRow("Weights", Megabytes(training.WeightBytes), Megabytes(inference.WeightBytes));
        table.AddRow("Optimiser", Megabytes(training.OptimizerBytes), "");
        table.AddRow("Buffers", Megabytes(training.BufferBytes), Megabytes(inference.BufferBytes));
        table.AddRow("Total", Megabytes(training.TotalBytes), Megabytes(inference.TotalBytes));
        Tables.Write(table);
        return CommandRunner.Done;
    }

    private static string Megabytes(long bytes) => $"{bytes / 1e6:N1}";

    private static int ShowLayers(ModelSpec spec, bool json)
    {
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
        if (ModelArgument.IsDescription(model))
            return ModelArgument.Describe(model);
        if (!File.Exists(model) && !Directory.Exists(model))
            throw new InvalidModelException($"'{model}' is neither a file nor the name of a model. Known names: {string.Join(", ", ModelCatalog.Names)}.");
        using Network network = ModelArgument.Load(model);
        return network.Spec;
    }

    /// <summary>A shape as JSON states it: without the batch, a list of values by its length alone.</summary>
    public static int[] Sizes(FeatureShape shape) => shape.IsVector ? [shape.Channels] : [shape.Height, shape.Width, shape.Channels];
}
