using System.Text.Json;
using AlexNetSharp.Augmentation;
using SkiaSharp;

namespace AlexNetSharp.Cli.Tests;

[Collection(TrainedModelTests.Name)]
public sealed class PredictCommandTests(TrainedModel model)
{
    private const int Side = 28;

    [Fact]
    public void Predict_TenDigitsEnlargedAndInverted_GetsNineRight()
    {
        string[] files = [.. Enumerable.Range(0, 10).Select(i => WriteDigit(i, invert: true, factor: 12))];

        CommandResult result = AlexNetCommand.Run(["predict", model.Folder, .. files, "--json"]);

        result.AssertDone();
        JsonElement[] answers = [.. result.Json.EnumerateArray()];
        Assert.Equal(files, answers.Select(answer => answer.GetProperty("file").GetString()));
        int right = answers.Where((answer, i) => answer.GetProperty("top")[0].GetProperty("label").GetString() == $"{model.Test.Labels[i]}").Count();
        Assert.InRange(right, 9, 10);
    }

    [Fact]
    public void Predict_Top_OrdersLabelsByProbability()
    {
        CommandResult result = AlexNetCommand.Run("predict", model.ModelPath, WriteDigit(0, invert: false, factor: 3), "--top", "10", "--json");

        result.AssertDone();
        JsonElement top = result.Json[0].GetProperty("top");
        Assert.Equal(["label", "probability"], CommandResult.Keys(top[0]));
        double[] probabilities = [.. top.EnumerateArray().Select(label => label.GetProperty("probability").GetDouble())];
        Assert.Equal(10, probabilities.Length);
        Assert.Equal(probabilities.OrderDescending(), probabilities);
        Assert.Equal(1, probabilities.Sum(), 5);
    }

    [Theory]
    [InlineData("none", false)]
    [InlineData("glyphs", false)]
    [InlineData("none", true)]
    public void Predict_Json_HoldsTheBitsOfTheLibrarysAnswer(string views, bool raw)
    {
        string[] files = [WriteDigit(1, invert: true, factor: 7), WriteDigit(2, invert: false, factor: 1)];
        using AlexNet alexnet = AlexNet.Load(model.ModelPath, new AlexNetOptions { Views = TestTimeAugmentation.Find(views), FindsGlyph = !raw, Threads = 3 });

        CommandResult result = AlexNetCommand.Run(["predict", model.Folder, .. files, "--top", "10", "--json", "--tta", views, .. raw ? new[] { "--raw" } : []]);

        result.AssertDone();
        (string?, float)[][] printed = [.. result.Json.EnumerateArray().Select(file => file.GetProperty("top").EnumerateArray()
            .Select(label => (label.GetProperty("label").GetString(), label.GetProperty("probability").GetSingle())).ToArray())];
        Assert.Equal(alexnet.PredictBatch(files).Select(answer => answer.Labels.Select(label => ((string?)label.Label, label.Probability)).ToArray()), printed);
    }

    [Fact]
    public void Predict_Raw_TakesThePictureAsItIs()
    {
        string light = WriteDigit(0, invert: false, factor: 1), dark = WriteDigit(0, invert: true, factor: 1);

        CommandResult result = AlexNetCommand.Run("predict", model.Folder, light, dark, "--raw", "--top", "1");

        result.AssertDone();
        Assert.StartsWith($"{light}: 7 (", result.OutputLines[0], StringComparison.Ordinal);
        // Dark on light is not what the model was trained on, and raw does not mend it.
        Assert.DoesNotContain(result.OutputLines[0][light.Length..], result.OutputLines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_TextNamedPng_CostsOneLineAndTheOthersAreAnswered()
    {
        string text = model.NewPath("text.png"), digit = WriteDigit(0, invert: true, factor: 5);
        File.WriteAllText(text, "no picture");

        CommandResult result = AlexNetCommand.Run("predict", model.Folder, text, digit);

        result.AssertFails(1, text, "not a picture");
        Assert.StartsWith($"{digit}: 7 (", Assert.Single(result.OutputLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_BlankPicture_SaysSo()
    {
        string path = model.NewPath("blank.png");
        using (SKBitmap blank = new(50, 50))
        {
            blank.Erase(SKColors.White);
            Write(blank, path);
        }

        AlexNetCommand.Run("predict", model.Folder, path).AssertFails(1, path, "blank");
    }

    [Fact]
    public void Predict_NoSuchFile_SaysSo() => AlexNetCommand.Run("predict", model.Folder, "no-such.png").AssertFails(1, "no-such.png");

    [Fact]
    public void Predict_NameWithAt_IsAFileAndNotALineOfArguments() => AlexNetCommand.Run("predict", model.Folder, "@none.png").AssertFails(1, "@none.png");

    [Fact]
    public void Predict_NoPicture_IsAUsageError() => AlexNetCommand.Run("predict", model.Folder).AssertFails(2, "predict --help");

    private string WriteDigit(int index, bool invert, int factor)
    {
        using SKBitmap bitmap = new(new SKImageInfo(Side * factor, Side * factor, SKColorType.Gray8, SKAlphaType.Opaque));
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int y = 0; y < Side * factor; y++)
        {
            for (int x = 0; x < Side * factor; x++)
            {
                byte level = model.Test.Pixels[(index * Side * Side) + (y / factor * Side) + (x / factor)];
                pixels[(y * bitmap.RowBytes) + x] = invert ? (byte)(255 - level) : level;
            }
        }
        string path = model.NewPath($"digit{index}.png");
        Write(bitmap, path);
        return path;
    }

    private static void Write(SKBitmap bitmap, string path)
    {
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
    }
}
