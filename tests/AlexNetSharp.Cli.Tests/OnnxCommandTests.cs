namespace AlexNetSharp.Cli.Tests;

[Collection(TrainedModelTests.Name)]
public sealed class OnnxCommandTests(TrainedModel model)
{
    [Fact]
    public void Export_Onnx_IsEvaluatedImportedAndExportedToTheSameBytes()
    {
        string onnx = model.NewPath("model.onnx"), imported = model.NewPath("imported.safetensors"), again = model.NewPath("again.onnx");

        AlexNetCommand.Run("export", model.Folder, "--format", "onnx", "--opset", "13", "--with-preprocessing", "--layout", "nhwc", "--batch", "1", "--out", onnx).AssertDone();
        CommandResult ours = AlexNetCommand.Run("eval", model.ModelPath, "--data", model.Data, "--json"), theirs = AlexNetCommand.Run("eval", onnx, "--data", model.Data, "--json");
        CommandResult import = AlexNetCommand.Run("import", onnx, "--out", imported);
        AlexNetCommand.Run("export", imported, "--format", "onnx", "--opset", "13", "--with-preprocessing", "--layout", "nhwc", "--batch", "1", "--out", again).AssertDone();

        Assert.Equal(ours.OutputLines[^1], theirs.OutputLines[^1]);
        import.AssertDone();
        Assert.StartsWith("alexnet-mnist, 5,624,842 parameters", import.Output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(onnx), File.ReadAllBytes(again));
    }

    [Theory]
    [InlineData("--opset goes with --format onnx", "--opset", "13")]
    [InlineData("--batch goes with --format onnx", "--batch", "3")]
    [InlineData("--half goes with --format safetensors", "--format", "onnx", "--half")]
    [InlineData("--opset is 99; 7 to", "--format", "onnx", "--opset", "99")]
    [InlineData("--batch is 'many'", "--format", "onnx", "--batch", "many")]
    [InlineData("--layout", "--format", "onnx", "--layout", "chwn")]
    public void Export_OptionThatDoesNotFit_IsAnErrorOfUse(string says, params string[] options)
    {
        string output = model.NewPath("model.onnx");

        AlexNetCommand.Run(["export", model.ModelPath, "--out", output, .. options]).AssertFails(2, says);

        Assert.False(File.Exists(output));
    }

    [Fact]
    public void Import_OnnxWithAModelNamed_SaysThatTheFileNamesItsLayers()
    {
        string onnx = model.NewPath("model.onnx");
        AlexNetCommand.Run("export", model.ModelPath, "--format", "onnx", "--out", onnx).AssertDone();

        AlexNetCommand.Run("import", onnx, "--model", "alexnet-owt", "--out", model.NewPath("out.safetensors")).AssertFails(1, onnx, "Leave that away");
    }
}
