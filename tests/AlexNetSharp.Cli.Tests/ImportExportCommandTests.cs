using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Tests.PyTorch;

namespace AlexNetSharp.Cli.Tests;

[Collection(TrainedModelTests.Name)]
public sealed class ImportExportCommandTests(TrainedModel model)
{
    [Fact]
    public void PyTorchsWeights_AreEvaluatedPredictedFineTunedAndImported()
    {
        string weights = WriteWeights(), imported = model.NewPath("imported.safetensors"), names = model.NewPath("names.txt"), run = model.NewPath("run");
        File.WriteAllLines(names, "zero one two three four five six seven eight nine".Split(' '));

        CommandResult import = AlexNetCommand.Run("import", weights, "--classes", names, "--out", imported);
        CommandResult ours = AlexNetCommand.Run("eval", model.ModelPath, "--data", model.Data, "--json"), theirs = AlexNetCommand.Run("eval", weights, "--data", model.Data, "--json");
        CommandResult tuned = AlexNetCommand.Run("train", "--data", model.Data, "--images", "128", "--init-from", weights, "--out", run);

        import.AssertDone();
        Assert.Contains("alexnet-mnist, 5,624,842 parameters, 10 classes", import.Output, StringComparison.Ordinal);
        using (Network network = ModelFile.Load(imported))
            Assert.Equal("three", network.Spec.Classes[3]);
        theirs.AssertDone();
        Assert.Equal(ours.OutputLines[^1], theirs.OutputLines[^1]);
        tuned.AssertDone();
        Assert.StartsWith("Begun with 12 of 12 parameters", tuned.OutputLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Import_WeightsOfAnotherModel_ListsWhatIsMissing() =>
        AlexNetCommand.Run("import", WriteWeights(), "--model", "alexnet-owt", "--out", model.NewPath("out.safetensors"))
            .AssertFails(1, "does not hold the weights of 'alexnet-owt'", "its layers need conv1.weight [64,3,11,11]", "conv1.weight [64,1,3,3]");

    [Fact]
    public void Import_WrongNumberOfClassNames_SaysBoth()
    {
        string names = model.NewPath("names.txt"), output = model.NewPath("out.safetensors");
        File.WriteAllLines(names, ["one", "two"]);

        AlexNetCommand.Run("import", model.ModelPath, "--classes", names, "--out", output).AssertFails(1, names, "names 2 classes; the weights have 10");
        Assert.False(File.Exists(output));
    }

    [Fact]
    public void Import_PickleThatCallsOsSystem_IsRefusedAndNothingRuns()
    {
        string marker = model.NewPath("marker"), path = model.NewPath("evil.pth"), output = model.NewPath("out.safetensors");
        File.WriteAllBytes(path, TorchFile.WithPickle([0x80, 2, .. TorchFile.Global("posix", "system"), .. TorchFile.Text($"touch {marker}"), 0x85, (byte)'R', (byte)'.']));

        AlexNetCommand.Run("import", path, "--model", "alexnet-owt", "--out", output).AssertFails(1, path, "opcode GLOBAL", "posix.system", "Nothing of the file was executed");
        Assert.False(File.Exists(marker) || File.Exists(output));
    }

    [Fact]
    public void Export_Half_HalvesTheFileAndKeepsTheModel()
    {
        string half = model.NewPath("half.safetensors");

        AlexNetCommand.Run("export", model.Folder, "--format", "safetensors", "--half", "--out", half).AssertDone();

        Assert.InRange((double)new FileInfo(half).Length / new FileInfo(model.ModelPath).Length, 0.5, 0.51);
        CommandResult eval = AlexNetCommand.Run("eval", half, "--data", model.Data, "--json"), whole = AlexNetCommand.Run("eval", model.ModelPath, "--data", model.Data, "--json");
        Assert.Equal(whole.Json.GetProperty("accuracy").GetDouble(), eval.Json.GetProperty("accuracy").GetDouble(), 0.005);
    }

    [Fact]
    public void Export_WithoutChange_GivesTheSameBytes()
    {
        string copy = model.NewPath("copy.safetensors");

        AlexNetCommand.Run("export", model.ModelPath, "--out", copy).AssertDone();

        Assert.Equal(File.ReadAllBytes(model.ModelPath), File.ReadAllBytes(copy));
    }

    [Theory]
    [InlineData("export")]
    [InlineData("import")]
    public void Out_FileThatIsThere_IsWrittenOverOnlyWithForce(string command)
    {
        string output = model.NewPath("there.safetensors");
        File.WriteAllText(output, "precious");

        AlexNetCommand.Run(command, model.ModelPath, "--out", output).AssertFails(1, output, "is there already", "--force");
        Assert.Equal("precious", File.ReadAllText(output));
        AlexNetCommand.Run(command, model.ModelPath, "--out", output, "--force").AssertDone();
        Assert.Equal(File.ReadAllBytes(model.ModelPath), File.ReadAllBytes(output));
    }

    [Theory]
    [InlineData("--format is 'gguf'", "export", "model", "--format", "gguf", "--out", "x")]
    [InlineData("--out", "export", "model")]
    [InlineData("--out", "import", "model.pth")]
    public void WrongOptions_AreUsageErrors(string told, params string[] arguments) => AlexNetCommand.Run(arguments).AssertFails(2, told);

    private string WriteWeights()
    {
        string path = model.NewPath("weights.pth");
        using Network network = ModelFile.Load(model.ModelPath);
        TorchFile.Save(network, path);
        return path;
    }
}
