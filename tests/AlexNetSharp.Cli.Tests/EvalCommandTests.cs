using System.Text.Json;

namespace AlexNetSharp.Cli.Tests;

[Collection(TrainedModelTests.Name)]
public sealed class EvalCommandTests(TrainedModel model)
{
    private const string FashionMnist = "/usr/share/datasets/fashion-mnist";

    [Fact]
    public void Eval_Json_RepeatsTheRunsAccuracyAndCountsEveryPicture()
    {
        CommandResult result = AlexNetCommand.Run("eval", model.Folder, "--data", model.Data, "--json");

        result.AssertDone();
        Assert.Equal(["images", "accuracy", "loss", "skipped_pictures", "per_class", "confusion"], CommandResult.Keys(result.Json));
        Assert.Equal(TrainedModel.TestImages, result.Json.GetProperty("images").GetInt32());
        JsonElement run = JsonDocument.Parse(File.ReadAllText(Path.Combine(model.Folder, "run.json"))).RootElement;
        Assert.Equal(run.GetProperty("test_accuracy").GetDouble(), result.Json.GetProperty("accuracy").GetDouble());
        Assert.Equal(run.GetProperty("test_loss").GetDouble(), result.Json.GetProperty("loss").GetDouble());

        int[][] confusion = result.Json.GetProperty("confusion").Deserialize<int[][]>()!;
        Assert.Equal(10, confusion.Length);
        Assert.Equal(TrainedModel.TestImages, confusion.Sum(row => row.Sum()));
        Assert.Equal(result.Json.GetProperty("accuracy").GetDouble(), confusion.Select((row, c) => row[c]).Sum() / (double)TrainedModel.TestImages);
        JsonElement[] classes = [.. result.Json.GetProperty("per_class").EnumerateArray()];
        Assert.Equal(["label", "images", "precision", "recall"], CommandResult.Keys(classes[0]));
        Assert.Equal(model.Test.Labels.Count(label => label == 3), classes[3].GetProperty("images").GetInt32());
        Assert.Equal((double)confusion[3][3] / confusion[3].Sum(), classes[3].GetProperty("recall").GetDouble(), 12);
    }

    [Fact]
    public void Eval_ModelFile_PrintsTables()
    {
        CommandResult result = AlexNetCommand.Run("eval", model.ModelPath, "--data", model.Data);

        result.AssertDone();
        Assert.Matches(@"^1000 images: accuracy 0\.\d{4}, loss \d+\.\d{4}$", result.OutputLines[0]);
        Assert.Contains("Precision", result.Output, StringComparison.Ordinal);
        Assert.Contains("Confusion", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_FashionMnist_NamesTheClassThatTheModelLacks()
    {
        Assert.SkipUnless(Directory.Exists(FashionMnist), $"Debian's package dataset-fashion-mnist is not installed: no {FashionMnist}.");

        AlexNetCommand.Run("eval", model.Folder, "--data", "fashion-mnist").AssertFails(1, "'T-shirt/top'", "alexnet-mnist");
    }

    [Fact]
    public void Eval_NoData_TakesWhatTheRunWasTrainedOn()
    {
        CommandResult result = AlexNetCommand.Run("eval", model.Folder, "--json");

        result.AssertDone();
        Assert.Equal(TrainedModel.TestImages, result.Json.GetProperty("images").GetInt32());
    }

    [Fact]
    public void Eval_Split_TakesThosePictures()
    {
        CommandResult result = AlexNetCommand.Run("eval", model.Folder, "--split", "validation", "--json");

        result.AssertDone();
        Assert.Equal(TrainedModel.TrainingFileImages - TrainedModel.TrainingImages, result.Json.GetProperty("images").GetInt32());
    }

    [Fact]
    public void Eval_Shifts_LooksAtEachPictureSeveralTimes()
    {
        CommandResult once = AlexNetCommand.Run("eval", model.Folder, "--json"), often = AlexNetCommand.Run("eval", model.Folder, "--tta", "shifts", "--json");

        often.AssertDone();
        Assert.Equal(TrainedModel.TestImages, often.Json.GetProperty("images").GetInt32());
        Assert.NotEqual(once.Json.GetProperty("loss").GetDouble(), often.Json.GetProperty("loss").GetDouble());
        Assert.InRange(often.Json.GetProperty("accuracy").GetDouble(), 0.85, 1);
    }

    [Fact]
    public void Eval_NoSuchModel_SaysWhereItLooked() => AlexNetCommand.Run("eval", "no/such/model").AssertFails(1, "no/such/model", "alexnet train");

    [Fact]
    public void Eval_ModelCutOff_SaysSo()
    {
        string path = model.NewPath("model.safetensors");
        File.WriteAllBytes(path, File.ReadAllBytes(model.ModelPath)[..100_000]);

        AlexNetCommand.Run("eval", path, "--data", model.Data).AssertFails(1, path, "offset", "cut off");
    }

    [Fact]
    public void Eval_PicturesCutOff_SaysWhereAndHow()
    {
        string directory = model.CopyData();
        string images = Path.Combine(directory, "t10k-images-idx3-ubyte");
        using (FileStream stream = File.OpenWrite(images))
            stream.SetLength(stream.Length - 1);

        AlexNetCommand.Run("eval", model.Folder, "--data", directory).AssertFails(1, images, "expected", "found");
    }

    [Fact]
    public void Eval_PicturesOfAnotherSize_AreBroughtToTheNetworks() =>
        AlexNetCommand.Run("eval", model.Folder, "--data", model.WriteTenByTen()).AssertDone();

    [Fact]
    public void Eval_DataIsNoSet_SaysWhatIsExpected()
    {
        string folder = model.NewFolder();
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "no data");

        AlexNetCommand.Run("eval", model.Folder, "--data", folder).AssertFails(1, folder, "expected", "found", "t10k-images-idx3-ubyte");
    }

    [Fact]
    public void Eval_NoModelNamed_IsAUsageError() => AlexNetCommand.Run("eval").AssertFails(2, "eval --help");
}
