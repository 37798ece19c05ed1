using System.Text.Json;
using System.Text.RegularExpressions;

namespace AlexNetSharp.Cli.Tests;

[Collection(TrainedModelTests.Name)]
public sealed class SummaryAndBenchCommandTests(TrainedModel model)
{
    [Fact]
    public void Summary_Name_ShowsEveryLayerAndTheTotal()
    {
        CommandResult result = AlexNetCommand.Run("summary", "alexnet-mnist");

        result.AssertDone();
        Assert.Contains(result.OutputLines, line => line.Contains("conv3", StringComparison.Ordinal) && line.Contains("[N,7,7,256]", StringComparison.Ordinal) && line.Contains("295,168", StringComparison.Ordinal));
        Assert.Contains(result.OutputLines, line => line.StartsWith("Total", StringComparison.Ordinal) && line.Contains("5,624,842", StringComparison.Ordinal) && line.Contains("34,606,080", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("alexnet-mnist", "[N,28,28,1], 10 classes", "5,624,842")]
    [InlineData("alexnet-cifar", "[N,32,32,3], 10 classes", "2,986,506")]
    [InlineData("alexnet-2012", "[N,227,227,3], 1000 classes", "60,965,224")]
    [InlineData("caffenet", "[N,227,227,3], 1000 classes", "60,965,224")]
    [InlineData("alexnet-owt", "[N,224,224,3], 1000 classes", "61,100,840")]
    public void Summary_EveryName_PrintsInputClassesAndParameters(string name, string input, string parameters)
    {
        CommandResult result = AlexNetCommand.Run("summary", name);

        result.AssertDone();
        Assert.Contains($"{name}: input {input}", result.OutputLines);
        Assert.Contains(result.OutputLines, line => line.StartsWith("Total", StringComparison.Ordinal) && line.Contains(parameters, StringComparison.Ordinal));
    }

    [Fact]
    public void Summary_OwnModelsFile_ShowsItsLayers()
    {
        string file = model.NewPath("mine.json");
        File.WriteAllText(file, """
            {"name":"mine","input":{"height":8,"width":8,"channels":3},"layers":[
            {"name":"flat","type":"flatten"},{"name":"fc","type":"dense","units":4}]}
            """);

        CommandResult result = AlexNetCommand.Run("summary", file);

        result.AssertDone();
        Assert.Contains("mine: input [N,8,8,3], 4 classes", result.OutputLines);
        Assert.Contains(result.OutputLines, line => line.StartsWith("Total", StringComparison.Ordinal) && line.Contains("772", StringComparison.Ordinal));
    }

    [Fact]
    public void Summary_OwnModelsFileThatDoesNotFit_NamesTheLayer()
    {
        string file = model.NewPath("mine.json");
        File.WriteAllText(file, """{"name":"mine","input":{"height":8,"width":8,"channels":3},"layers":[{"name":"fc","type":"dense","units":4}]}""");

        AlexNetCommand.Run("summary", file).AssertFails(1, "Dense 'fc': input [N,8,8,3] (NHWC) is a picture");
        AlexNetCommand.Run("summary", model.NewPath("none.json")).AssertFails(1, "none.json' is neither the name of a model nor a file that describes one");
    }

    [Fact]
    public void Summary_TrainedModelAsJson_CountsItsParameters()
    {
        CommandResult result = AlexNetCommand.Run("summary", model.Folder, "--json");

        result.AssertDone();
        Assert.Equal(["model", "layers", "parameters", "multiply_accumulates"], CommandResult.Keys(result.Json));
        Assert.Equal(5_624_842, result.Json.GetProperty("parameters").GetInt64());
        Assert.Equal(["name", "kind", "output_shape", "parameters", "multiply_accumulates"], CommandResult.Keys(result.Json.GetProperty("layers")[0]));
    }

    [Fact]
    public void Summary_Memory_ShowsWhatTrainingAndInferenceTake()
    {
        CommandResult result = AlexNetCommand.Run("summary", "alexnet-mnist", "--memory", "--batch-size", "32", "--threads", "2", "--json");

        result.AssertDone();
        Assert.Equal(["model", "batch", "threads", "training", "inference"], CommandResult.Keys(result.Json));
        JsonElement training = result.Json.GetProperty("training"), inference = result.Json.GetProperty("inference");
        long weights = training.GetProperty("weight_bytes").GetInt64();
        // 5,624,842 values of four bytes and a little padding; Adam keeps two more of each.
        Assert.InRange(weights, 4 * 5_624_842, 4 * 5_700_000);
        Assert.Equal(2 * weights, training.GetProperty("optimizer_bytes").GetInt64());
        Assert.Equal(0, inference.GetProperty("optimizer_bytes").GetInt64());
        Assert.True(inference.GetProperty("buffer_bytes").GetInt64() < training.GetProperty("buffer_bytes").GetInt64());
    }

    [Fact]
    public void Summary_MemoryForPeople_IsATableOfMegabytes()
    {
        CommandResult result = AlexNetCommand.Run("summary", "alexnet-owt", "--memory");

        result.AssertDone();
        Assert.StartsWith("alexnet-owt, batch 32, ", result.OutputLines[0], StringComparison.Ordinal);
        Assert.Contains(result.OutputLines, line => line.TrimStart().StartsWith("Buffers", StringComparison.Ordinal));
    }

    [Fact]
    public void Bench_Layers_NamesEachLayersKernelAndItsRates()
    {
        CommandResult result = AlexNetCommand.Run("bench", "--seconds", "0.1", "--batch-size", "8", "--layers", "--json");

        result.AssertDone();
        JsonElement[] layers = [.. result.Json.GetProperty("layers").EnumerateArray()];
        Assert.Equal(
            ["conv1+pool1", "norm1+drop1", "conv2+pool2", "norm2+drop2", "conv3+pool3", "norm3+drop3", "fc1", "fc2", "fc3"],
            layers.Select(layer => layer.GetProperty("layers").GetString()));
        Assert.StartsWith("first layer", layers[0].GetProperty("kernel").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("Winograd", layers[2].GetProperty("kernel").GetString(), StringComparison.Ordinal);
        Assert.Contains("products", layers[2].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.All(layers, layer => Assert.True(layer.GetProperty("forward_ms").GetDouble() > 0 && layer.GetProperty("backward_ms").GetDouble() > 0));
        Assert.True(layers[8].GetProperty("infer_gflops").GetDouble() > 0);
    }

    [Fact]
    public void Summary_UnknownName_ListsTheKnown() => AlexNetCommand.Run("summary", "alexnet-none").AssertFails(1, "alexnet-none", "alexnet-mnist");

    [Fact]
    public void Bench_Json_PrintsEveryFigure()
    {
        CommandResult result = AlexNetCommand.Run("bench", "--json", "--seconds", "0.2", "--batch-size", "8", "--threads", "1");

        result.AssertDone();
        Assert.Equal(
            ["model", "batch", "threads", "train_images_per_s", "infer_images_per_s", "latency_ms", "train_gflops", "infer_gflops", "peak_gflops", "peak_memory_mb"],
            CommandResult.Keys(result.Json));
        Assert.Equal(8, result.Json.GetProperty("batch").GetInt32());
        Assert.Equal(1, result.Json.GetProperty("threads").GetInt32());
        Assert.All(result.Json.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Number), property => Assert.True(property.Value.GetDouble() > 0, property.Name));
    }

    [Fact]
    public void Bench_ImageNetsNetwork_IsMeasured()
    {
        CommandResult result = AlexNetCommand.Run("bench", "--model", "alexnet-owt", "--json", "--seconds", "0.1", "--batch-size", "1");

        result.AssertDone();
        Assert.Equal("alexnet-owt", result.Json.GetProperty("model").GetString());
        Assert.True(result.Json.GetProperty("train_images_per_s").GetDouble() > 0);
    }

    [Fact]
    public void Bench_Help_GivesEachNetworksBatch() =>
        Assert.Contains("64 for alexnet-mnist, 64 for alexnet-cifar, 32 for alexnet-2012, 32 for caffenet, 32 for alexnet-owt", Regex.Replace(AlexNetCommand.Run("bench", "--help").Output, @"\s+", " "), StringComparison.Ordinal);
}
