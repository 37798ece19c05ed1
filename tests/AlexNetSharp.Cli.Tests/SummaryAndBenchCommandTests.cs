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

    [Fact]
    public void Summary_ImageNetsNetwork_HasAThousandClasses()
    {
        CommandResult result = AlexNetCommand.Run("summary", "alexnet-owt");

        result.AssertDone();
        Assert.Contains(result.OutputLines, line => line.Contains("alexnet-owt: input [N,224,224,3], 1000 classes", StringComparison.Ordinal));
        Assert.Contains(result.OutputLines, line => line.StartsWith("Total", StringComparison.Ordinal) && line.Contains("61,100,840", StringComparison.Ordinal));
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
    public void Summary_UnknownName_ListsTheKnown() => AlexNetCommand.Run("summary", "alexnet-none").AssertFails(1, "alexnet-none", "alexnet-mnist");

    [Fact]
    public void Bench_Json_PrintsEveryFigure()
    {
        CommandResult result = AlexNetCommand.Run("bench", "--json", "--seconds", "0.2", "--batch-size", "8", "--threads", "1");

        result.AssertDone();
        Assert.Equal(
            ["model", "batch", "threads", "train_images_per_s", "infer_images_per_s", "latency_ms", "train_gflops", "infer_gflops", "peak_gflops"],
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
        Assert.Contains("64 for alexnet-mnist, 32 for alexnet-owt", Regex.Replace(AlexNetCommand.Run("bench", "--help").Output, @"\s+", " "), StringComparison.Ordinal);
}
