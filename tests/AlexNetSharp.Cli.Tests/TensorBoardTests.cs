using System.Text.Json;
using AlexNetSharp.Interop.Tests.TensorBoard;

namespace AlexNetSharp.Cli.Tests;

/// <summary>The event files of <c>alexnet train</c>; that resumed runs go on with theirs is asserted beside the rest of what they go on with.</summary>
[Collection(TrainedModelTests.Name)]
public sealed class TensorBoardTests(TrainedModel model)
{
    [Fact]
    public void Train_Done_LeavesEventsOfAllThatTensorBoardShows()
    {
        List<ReadEvent> events = EventFileReader.ReadFolder(Path.Combine(model.Folder, "tensorboard"));
        JsonElement run = Run(model.Folder);
        JsonElement[] metrics = [.. File.ReadLines(Path.Combine(model.Folder, "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];

        ILookup<string, ReadEvent> byTag = events.Where(each => each.HasValue).ToLookup(each => each.Tag);
        Assert.Equal(
            [
                "filters", "mistakes", "parameters", "settings", "test/accuracy", "test/loss", "train/accuracy", "train/images_per_second", "train/learning_rate", "train/loss",
                "validation/accuracy", "validation/loss",
            ],
            byTag.Select(tag => tag.Key.Split('/') is ["mistakes" or "parameters", ..] parts ? parts[0] : tag.Key).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal((100, (float)metrics[0].GetProperty("loss").GetDouble()), (byTag["train/loss"].Single().Step, byTag["train/loss"].Single().Scalar));
        Assert.Equal((138, (float)metrics[1].GetProperty("validation_accuracy").GetDouble()), (byTag["validation/accuracy"].Single().Step, byTag["validation/accuracy"].Single().Scalar));
        Assert.Equal((float)run.GetProperty("test_accuracy").GetDouble(), byTag["test/accuracy"].Single().Scalar);
        Assert.Equal([0L, 138], byTag["filters"].Select(each => each.Step));
        Assert.All(byTag["filters"].Append(byTag["mistakes/01"].Single()), each => Assert.Equal("89504E470D0A1A0A", Convert.ToHexString(each.Image.Bytes(4).AsSpan(0, 8))));
        Assert.Equal(12, byTag.Count(tag => tag.Key.StartsWith("parameters/", StringComparison.Ordinal)));
        Assert.Equal([0L, 138], byTag["parameters/conv1.weight"].Select(each => each.Step));
        JsonElement settings = JsonDocument.Parse(byTag["settings"].Single().Text).RootElement;
        Assert.Equal(7, settings.GetProperty("options").GetProperty("seed").GetInt32());
    }

    [Fact]
    public void Train_NoTensorBoard_WritesNoneAndIsKeptAsASetting()
    {
        string folder = model.NewPath("run"), again = model.NewPath("run");
        AlexNetCommand.Run("train", "--data", model.Data, "--images", "128", "--no-tensorboard", "--out", folder).AssertDone();
        AlexNetCommand.Run("train", "--config", Path.Combine(folder, "run.json"), "--out", again).AssertDone();

        Assert.All([folder, again], run =>
        {
            Assert.False(Directory.Exists(Path.Combine(run, "tensorboard")));
            Assert.False(Run(run).GetProperty("tensorboard").GetBoolean());
        });
        Assert.True(Run(model.Folder).GetProperty("tensorboard").GetBoolean());
    }

    private static JsonElement Run(string folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json"))).RootElement;
}
