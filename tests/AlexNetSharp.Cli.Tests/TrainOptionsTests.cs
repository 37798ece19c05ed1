using System.Security.Cryptography;
using System.Text.Json;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Cli.Tests;

/// <summary>What of a run is set by options, by a file of settings and by a model of one's own.</summary>
[Collection(TrainedModelTests.Name)]
public sealed class TrainOptionsTests(TrainedModel model)
{
    // Small enough for runs of a second.
    private const string OwnModel = """
        {
          "name": "own",
          "input": {"height": 28, "width": 28, "channels": 1},
          "layers": [
            {"type": "convolution2d", "name": "conv1", "filters": 8, "kernel": 3, "stride": 2, "padding": "same", "groups": 1},
            {"type": "relu", "name": "relu1"},
            {"type": "maxpool2d", "name": "pool1", "window": 2, "stride": 2, "padding": "valid"},
            {"type": "flatten", "name": "flatten"},
            {"type": "dense", "name": "fc1", "units": 3}
          ]
        }
        """;

    [Fact]
    public void Train_RunJsonAsConfig_GivesTheSameModel()
    {
        string own = Write("own.json", OwnModel), first = model.NewPath("first"), second = model.NewPath("second");
        AlexNetCommand.Run(
            "train", "--data", model.Data, "--model", own, "--images", "640", "--optimizer", "nesterov", "--learning-rate", "0.02", "--momentum", "0.8", "--weight-decay", "0.001",
            "--schedule", "one-cycle", "--label-smoothing", "0.1", "--class-weights", "balanced", "--clip-norm", "5", "--average", "0.9", "--accumulate", "2", "--normalize",
            "--tta", "shifts", "--seed", "11", "--checkpoints", "0", "--out", first).AssertDone();

        AlexNetCommand.Run("train", "--config", Path.Combine(first, "run.json"), "--out", second).AssertDone();

        Assert.Equal(Hash(first), Hash(second));
        JsonElement a = Run(first), b = Run(second);
        foreach (string key in new[] { "model", "data", "recipe", "test_time_augmentation", "checkpoints", "options", "test_accuracy" })
            Assert.Equal(a.GetProperty(key).GetRawText(), b.GetProperty(key).GetRawText());
        JsonElement options = a.GetProperty("options");
        Assert.Equal("one-cycle", options.GetProperty("schedule").GetProperty("type").GetString());
        Assert.True(options.GetProperty("optimizer").GetProperty("nesterov").GetBoolean());
        Assert.Equal(0.8f, options.GetProperty("optimizer").GetProperty("momentum").GetSingle());
        Assert.Equal("balanced", options.GetProperty("class_weighting").GetString());
        Assert.False(Directory.Exists(Path.Combine(first, "checkpoints")));
    }

    [Fact]
    public void Train_ConfigAndOptions_TheOptionsWin()
    {
        string config = Write("settings.json", $$$"""
            // Comments are allowed.
            {"data": "{{{model.Data}}}", "model": "{{{Write("own.json", OwnModel)}}}", "options": {"batch_size": 32, "images": 320, "seed": 5,}}
            """);
        string folder = model.NewPath("run");

        AlexNetCommand.Run("train", "--config", config, "--seed", "6", "--out", folder).AssertDone();

        JsonElement run = Run(folder);
        Assert.Equal((32, 6, 320), (run.GetProperty("options").GetProperty("batch_size").GetInt32(), run.GetProperty("options").GetProperty("seed").GetInt32(), run.GetProperty("images").GetInt32()));
    }

    [Theory]
    [InlineData("""{"epochs": 3}""", "epochs", "options")]
    [InlineData("""{"options": {"epoch": 3}}""", "epoch")]
    [InlineData("""{"options": {"epochs": "many"}}""", "epochs")]
    [InlineData("""{"options": 3}""", "options", "object")]
    [InlineData("""{"data": 3}""", "data", "text")]
    [InlineData("""{"tensorboard": "yes"}""", "tensorboard", "true or false")]
    [InlineData("""[]""", "object")]
    [InlineData("""{""", "no JSON")]
    public void Train_ConfigThatIsNone_SaysWhatIsWrong(string json, params string[] told)
    {
        string config = Write("settings.json", json);

        AlexNetCommand.Run("train", "--config", config, "--out", model.NewPath("run")).AssertFails(1, [config, .. told]);
    }

    [Theory]
    [InlineData("--momentum", "0.9", "sgd")]
    [InlineData("--freeze", "nothing", "conv1.weight")]
    [InlineData("--recipe", "imagenet-2012", "--data")]
    public void Train_OptionsThatDoNotFit_AreAUsageError(string option, string value, string told) =>
        AlexNetCommand.Run("train", option, value, "--images", "640", "--out", model.NewPath("run")).AssertFails(2, told);

    [Fact]
    public void Train_OwnModelThatDoesNotFitTogether_NamesTheLayer()
    {
        string own = Write("own.json", OwnModel.Replace("\"window\": 2", "\"window\": 99", StringComparison.Ordinal));

        AlexNetCommand.Run("train", "--data", model.Data, "--model", own, "--out", model.NewPath("run")).AssertFails(1, "'pool1'");
    }

    [Fact]
    public void Train_InitFromAndFreeze_KeepsWhatIsFrozen()
    {
        string folder = model.NewPath("run");

        CommandResult result = AlexNetCommand.Run(
            "train", "--data", model.Data, "--images", "128", "--init-from", model.Folder, "--freeze", "conv", "--freeze", "fc1", "--out", folder);

        result.AssertDone();
        Assert.StartsWith("Begun with 12 of 12 parameters", result.OutputLines[0], StringComparison.Ordinal);
        using Network before = ModelFile.Load(model.ModelPath), after = ModelFile.Load(Path.Combine(folder, "model.safetensors"));
        foreach (Parameter parameter in before.Parameters)
        {
            bool frozen = parameter.Name.StartsWith("conv", StringComparison.Ordinal) || parameter.Name.StartsWith("fc1", StringComparison.Ordinal);
            Assert.Equal(frozen, before.Read(parameter).SequenceEqual(after.Read(after.Find(parameter.Name))));
        }
    }

    [Fact]
    public void Train_Checkpoints_AreTheBestAndTheLastAndCanBeEvaluated()
    {
        string folder = model.NewPath("run");

        AlexNetCommand.Run("train", "--data", model.Data, "--model", Write("own.json", OwnModel), "--epochs", "4", "--checkpoints", "2", "--out", folder).AssertDone();

        Assert.Equal(
            ["best.safetensors", "epoch-0003.safetensors", "epoch-0004.safetensors"],
            Directory.GetFiles(Path.Combine(folder, "checkpoints")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "model.safetensors"))),
            SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "checkpoints", "epoch-0004.safetensors"))));
        AlexNetCommand.Run("eval", Path.Combine(folder, "checkpoints", "best.safetensors"), "--data", model.Data).AssertDone();
    }

    [Fact]
    public void Train_Patience_StopsEarlyAndKeepsTheBest()
    {
        string folder = model.NewPath("run");

        // At a rate of next to nothing no epoch is better than the first.
        CommandResult result = AlexNetCommand.Run(
            "train", "--data", model.Data, "--model", Write("own.json", OwnModel), "--epochs", "20", "--learning-rate", "1e-20", "--patience", "2", "--keep", "best", "--out", folder);

        result.AssertDone();
        Assert.Contains("Stopped early: no epoch after 1 was better.", result.OutputLines);
        JsonElement run = Run(folder);
        Assert.True(run.GetProperty("stopped_early").GetBoolean());
        Assert.Equal((1, 3 * TrainedModel.TrainingImages), (run.GetProperty("best_epoch").GetInt32(), run.GetProperty("images").GetInt32()));
    }

    [Fact]
    public void Train_HugeRate_SaysStepLayerAndWhatToTry()
    {
        string folder = model.NewPath("run");

        AlexNetCommand.Run("train", "--data", model.Data, "--model", Write("own.json", OwnModel), "--optimizer", "sgd", "--learning-rate", "1e25", "--out", folder)
            .AssertFails(1, "The loss of step", "not finite", "lower learning rate", "clip");

        Assert.Equal("failed", Run(folder).GetProperty("state").GetString());
    }

    [Fact]
    public void FindLearningRate_Json_GivesRatesThatRiseAndOneAmongThem()
    {
        CommandResult result = AlexNetCommand.Run("find-lr", "--data", model.Data, "--model", Write("own.json", OwnModel), "--steps", "60", "--json");

        result.AssertDone();
        Assert.Equal(["model", "suggestion", "points"], CommandResult.Keys(result.Json));
        double[] rates = [.. result.Json.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("rate").GetDouble())];
        Assert.Equal(rates.Order(), rates);
        Assert.InRange(result.Json.GetProperty("suggestion").GetDouble(), 1e-4, 0.5);
    }

    [Fact]
    public void FindLearningRate_Lines_EndWithWhatToGive()
    {
        CommandResult result = AlexNetCommand.Run("find-lr", "--data", model.Data, "--model", Write("own.json", OwnModel), "--steps", "40");

        result.AssertDone();
        Assert.Matches(@"^Begin with --learning-rate \S+, a tenth of the rate at which the loss was lowest\.$", result.OutputLines[^1]);
    }

    private static JsonElement Run(string folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json"))).RootElement;

    private static string Hash(string folder) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "model.safetensors"))));

    private string Write(string name, string text)
    {
        string path = model.NewPath(name);
        File.WriteAllText(path, text);
        return path;
    }
}
