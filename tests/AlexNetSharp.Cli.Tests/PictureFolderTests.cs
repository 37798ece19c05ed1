using System.Text.Json;
using SkiaSharp;

namespace AlexNetSharp.Cli.Tests;

/// <summary>From a folder of people's pictures to a model that says what a picture shows.</summary>
[Collection(TrainedModelTests.Name)]
public sealed class PictureFolderTests(TrainedModel model)
{
    private const string SmallModel = """
        {
          "name": "small",
          "input": {"height": 16, "width": 16, "channels": 3},
          "layers": [
            {"type": "convolution2d", "name": "conv1", "filters": 8, "kernel": 3, "stride": 2, "padding": "same", "groups": 1},
            {"type": "relu", "name": "relu1"},
            {"type": "flatten", "name": "flatten"},
            {"type": "dense", "name": "fc1", "units": 2}
          ]
        }
        """;

    [Fact]
    public void Train_FolderWithBrokenPictures_NamesThemGoesOnAndPredictsAsItEvaluates()
    {
        string pictures = model.NewPath("pictures"), own = model.NewPath("small.json"), folder = model.NewPath("run");
        File.WriteAllText(own, SmallModel);
        string[] test = WritePictures(pictures);
        File.WriteAllText(Path.Combine(pictures, "train", "red", "text.jpg"), "no picture");
        File.WriteAllBytes(Path.Combine(pictures, "train", "blue", "empty.png"), []);

        CommandResult training = AlexNetCommand.Run(
            "train", "--data", pictures, "--model", own, "--epochs", "10", "--batch-size", "8", "--learning-rate", "0.01", "--normalize", "--recipe", "default", "--out", folder);
        CommandResult evaluation = AlexNetCommand.Run("eval", folder, "--json");
        CommandResult prediction = AlexNetCommand.Run(["predict", folder, .. test, "--json"]);

        training.AssertDone();
        Assert.Single(training.OutputLines, line => line.StartsWith("left out: ", StringComparison.Ordinal) && line.Contains("text.jpg", StringComparison.Ordinal));
        Assert.Single(training.OutputLines, line => line.StartsWith("left out: ", StringComparison.Ordinal) && line.Contains("empty.png", StringComparison.Ordinal));
        Assert.Contains("2 pictures could not be read and were left out.", training.OutputLines);
        evaluation.AssertDone();
        prediction.AssertDone();
        Assert.Equal(1, evaluation.Json.GetProperty("accuracy").GetDouble());
        // Prepared alike, normalisation included, a picture alone gets the class that it gets in a batch, and the loss is the same.
        JsonElement[] answers = [.. prediction.Json.EnumerateArray()];
        double loss = 0;
        foreach (JsonElement answer in answers)
        {
            string truth = Path.GetFileName(Path.GetDirectoryName(answer.GetProperty("file").GetString()))!;
            Assert.Equal(truth, answer.GetProperty("top")[0].GetProperty("label").GetString());
            loss -= Math.Log(answer.GetProperty("top")[0].GetProperty("probability").GetDouble()) / answers.Length;
        }
        Assert.Equal(evaluation.Json.GetProperty("loss").GetDouble(), loss, 5);
    }

    [Fact]
    public void Train_StrictOnBrokenPictures_Fails()
    {
        string pictures = model.NewPath("pictures"), own = model.NewPath("small.json");
        File.WriteAllText(own, SmallModel);
        WritePictures(pictures);
        File.WriteAllText(Path.Combine(pictures, "train", "red", "text.jpg"), "no picture");

        AlexNetCommand.Run("train", "--data", pictures, "--model", own, "--epochs", "1", "--strict", "--out", model.NewPath("run")).AssertFails(1, "text.jpg");
    }

    // Twelve pictures a class for training, three for validation and test; red ones and blue ones, of two sizes.
    private static string[] WritePictures(string folder)
    {
        List<string> test = [];
        foreach ((string split, int count) in new[] { ("train", 12), ("val", 3), ("test", 3) })
        {
            foreach ((string name, bool isRed) in new[] { ("red", true), ("blue", false) })
            {
                string directory = Directory.CreateDirectory(Path.Combine(folder, split, name)).FullName;
                for (int i = 0; i < count; i++)
                {
                    int height = 20 + (i % 2 * 13);
                    using SKBitmap bitmap = new(31, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
                    for (int y = 0; y < height; y++)
                    {
                        for (int x = 0; x < 31; x++)
                        {
                            byte strong = (byte)(150 + ((x * 7) + (y * 3) + i) % 100), weak = (byte)(((x * 5) + (y * 11) + i) % 90);
                            bitmap.SetPixel(x, y, isRed ? new SKColor(strong, weak, weak) : new SKColor(weak, weak, strong));
                        }
                    }
                    string path = Path.Combine(directory, $"{i}.png");
                    using (SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100))
                        File.WriteAllBytes(path, png.ToArray());
                    if (split == "test")
                        test.Add(path);
                }
            }
        }
        return [.. test];
    }
}
