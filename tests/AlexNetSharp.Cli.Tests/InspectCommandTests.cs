using System.Collections.Immutable;
using System.Text.Json;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;
using SkiaSharp;

namespace AlexNetSharp.Cli.Tests;

[Collection(TrainedModelTests.Name)]
public sealed class InspectCommandTests(TrainedModel model)
{
    private const int Side = 28;

    [Fact]
    public void Inspect_Digit_DrawsEveryLayerFiltersAndWhatSpeaksForThePrediction()
    {
        string folder = model.NewPath("out"), digit = WriteDigit(model.NewPath("seven.png"));

        CommandResult result = AlexNetCommand.Run("inspect", model.Folder, digit, "--out", folder, "--json");
        CommandResult prediction = AlexNetCommand.Run("predict", model.Folder, digit, "--json");

        result.AssertDone();
        Assert.Equal(["model", "file", "out", "filters", "top", "layers", "class_maps"], CommandResult.Keys(result.Json));
        JsonElement[] layers = [.. result.Json.GetProperty("layers").EnumerateArray()];
        Assert.Equal(
            ["filters.png", "grad-cam.png", .. layers.Select(layer => layer.GetProperty("picture").GetString())],
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).OrderBy(path => path, StringComparer.Ordinal));
        Assert.Equal("layers/01-conv1.png", layers[0].GetProperty("picture").GetString());
        Assert.Equal([28, 28, 64], layers[0].GetProperty("output_shape").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal((21, "layers/21-fc3.png"), (layers.Length, layers[^1].GetProperty("picture").GetString()));
        double[] zeros = [.. layers.Select(layer => layer.GetProperty("zeros").GetDouble())];
        Assert.All(zeros, share => Assert.InRange(share, 0, 1));
        Assert.True(zeros[1] > zeros[0], "ReLU leaves some units silent.");
        // Prepared alike, glyph finding included.
        JsonElement[] expected = [.. prediction.Json[0].GetProperty("top").EnumerateArray()], top = [.. result.Json.GetProperty("top").EnumerateArray()];
        Assert.Equal(expected.Select(label => label.GetProperty("label").GetString()), top.Select(label => label.GetProperty("label").GetString()));
        Assert.Equal(expected[0].GetProperty("probability").GetDouble(), top[0].GetProperty("probability").GetDouble(), 5);
        JsonElement maps = result.Json.GetProperty("class_maps");
        Assert.Equal(("7", "relu3", 7, 7), (maps.GetProperty("label").GetString(), maps.GetProperty("layer").GetString(), maps.GetProperty("height").GetInt32(), maps.GetProperty("width").GetInt32()));
        Assert.All(["grad_cam", "hirescam"], name => Assert.Equal(49, maps.GetProperty(name).GetArrayLength()));

        // 64 filters and 64 maps form squares; the picture stands beside two maps of its size.
        (int height, int width) = Size(folder, "filters.png");
        Assert.Equal(height, width);
        Assert.InRange(width, 400, 1000);
        (height, width) = Size(folder, "layers/01-conv1.png");
        Assert.Equal(height, width);
        Assert.InRange(width, 400, 1000);
        (height, width) = Size(folder, "grad-cam.png");
        Assert.InRange(width, 3 * height, (3 * height) + 20);
        // As the network sees it: light on black, though it was dark on white.
        using SKBitmap gradCam = SKBitmap.Decode(Path.Combine(folder, "grad-cam.png"));
        Assert.Equal(new SKColor(0, 0, 0), gradCam.GetPixel(2, 2));
        // Inside, the map tints it.
        Assert.Contains(Enumerable.Range(0, height), row => gradCam.GetPixel(width - (height / 2), row) is SKColor color && color.Red > color.Blue + 20);
    }

    [Fact]
    public void Inspect_OtherClass_ExplainsThatOne()
    {
        string folder = model.NewPath("out"), digit = WriteDigit(model.NewPath("seven.png"));

        CommandResult seven = AlexNetCommand.Run("inspect", model.ModelPath, digit, "--out", folder, "--json");
        CommandResult two = AlexNetCommand.Run("inspect", model.ModelPath, digit, "--out", folder, "--class", "2", "--json");

        seven.AssertDone();
        two.AssertDone();
        Assert.Equal("2", two.Json.GetProperty("class_maps").GetProperty("label").GetString());
        Assert.NotEqual(seven.Json.GetProperty("class_maps").GetProperty("hirescam").GetRawText(), two.Json.GetProperty("class_maps").GetProperty("hirescam").GetRawText());
    }

    [Fact]
    public void Inspect_ModelAlone_DrawsFiltersIntoAFolderNamedAfterIt()
    {
        string folder = model.NewFolder();

        CommandResult result = AlexNetCommand.RunIn(folder, "inspect", model.Folder);

        result.AssertDone();
        string file = Path.Combine("inspect-run", "filters.png");
        Assert.Equal([$"First filters: {file}"], result.OutputLines);
        Assert.Equal([Path.Combine(folder, file)], Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Inspect_Text_NamesEveryLayerWithItsShapeAndPicture()
    {
        string folder = model.NewFolder(), digit = WriteDigit(Path.Combine(folder, "seven.png"));

        CommandResult result = AlexNetCommand.RunIn(folder, "inspect", model.Folder, digit);

        result.AssertDone();
        Assert.StartsWith($"{digit}: 7 (", result.OutputLines[0], StringComparison.Ordinal);
        string picture = Path.Combine("inspect-seven", "layers/12-relu3.png");
        Assert.Contains(result.OutputLines, line => line.StartsWith("relu3", StringComparison.Ordinal) && line.Contains("7x7x256", StringComparison.Ordinal) && line.EndsWith(picture, StringComparison.Ordinal));
        Assert.StartsWith("What speaks for '7', by 'relu3' (7x7; Grad-CAM, HiResCAM): ", result.OutputLines[^2], StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, picture)));
    }

    [Fact]
    public void Inspect_FolderOfAnEarlierOne_IsReplacedAndOneOfOtherThingsIsLeftAlone()
    {
        string folder = model.NewPath("out"), digit = WriteDigit(model.NewPath("seven.png"));
        AlexNetCommand.Run("inspect", model.Folder, digit, "--out", folder).AssertDone();

        AlexNetCommand.Run("inspect", model.Folder, "--out", folder).AssertDone();

        Assert.Equal(["filters.png"], Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName));

        string notes = Path.Combine(folder, "layers", "notes.txt");
        File.WriteAllText(notes, "mine");
        AlexNetCommand.Run("inspect", model.Folder, digit, "--out", folder).AssertFails(1, folder, "notes.txt", "name a new folder");
        AlexNetCommand.Run("inspect", model.Folder, "--out", notes).AssertFails(1, "is a file");
        Assert.Equal("mine", File.ReadAllText(notes));
    }

    [Fact]
    public void Inspect_ColourModelUntrained_DrawsInColour()
    {
        string path = model.NewPath("cifar.safetensors"), folder = model.NewPath("out"), photo = model.NewPath("photo.png");
        using (Network network = new(ModelCatalog.AlexNetCifar(["cat", "dog"], width: 4)))
        {
            Initializer.Initialize(network, Initialization.He, seed: 3);
            ModelFile.Save(network, path);
        }
        using (SKBitmap bitmap = new(40, 50))
        {
            bitmap.Erase(new SKColor(200, 30, 90));
            Write(bitmap, photo);
        }

        AlexNetCommand.Run("inspect", path, photo, "--out", folder, "--class", "dog").AssertDone();

        using SKBitmap gradCam = SKBitmap.Decode(Path.Combine(folder, "grad-cam.png")), filters = SKBitmap.Decode(Path.Combine(folder, "filters.png"));
        Assert.Equal(new SKColor(200, 30, 90), gradCam.GetPixel(5, 5));
        Assert.Contains(filters.Pixels, pixel => Math.Abs(pixel.Red - pixel.Green) > 50);
    }

    [Fact]
    public void Inspect_ModelWithoutConvolution_DrawsItsLayersAndSaysWhatThereIsNot()
    {
        string path = model.NewPath("dense.safetensors"), folder = model.NewPath("out"), digit = WriteDigit(model.NewPath("seven.png"));
        ImmutableArray<Layer> layers = [new Flatten { Name = "flatten" }, new Dense { Name = "fc/1", Units = 3 }];
        using (Network network = new(new ModelSpec { Name = "dense", Input = new FeatureShape(8, 8, 1), Classes = ["a", "b", "c"], Layers = layers }))
            ModelFile.Save(network, path);

        CommandResult result = AlexNetCommand.Run("inspect", path, digit, "--out", folder);

        result.AssertDone();
        Assert.Equal("Model 'dense' has no convolution: there are no filters and no Grad-CAM to draw.", result.OutputLines[^1]);
        Assert.Equal(["01-flatten.png", "02-fc-1.png"], Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        AlexNetCommand.Run("inspect", path, "--out", folder).AssertFails(1, "'dense' has no convolution");
        AlexNetCommand.Run("inspect", path, digit, "--class", "b", "--out", folder).AssertFails(1, "'dense' has no convolution", "--class");
    }

    [Fact]
    public void Inspect_Misuse_CostsOneLineAndLeavesNoFolder()
    {
        string folder = model.NewPath("out"), text = model.NewPath("text.png"), digit = WriteDigit(model.NewPath("seven.png"));
        File.WriteAllText(text, "no picture");

        AlexNetCommand.Run("inspect", model.Folder, "no-such.png", "--out", folder).AssertFails(1, "no-such.png");
        AlexNetCommand.Run("inspect", model.Folder, text, "--out", folder).AssertFails(1, text, "not a picture");
        AlexNetCommand.Run("inspect", "no-such-model", "--out", folder).AssertFails(1, "no-such-model");
        AlexNetCommand.Run("inspect", model.Folder, digit, "--class", "seven", "--out", folder).AssertFails(2, "--class is 'seven'", "0, 1, 2");
        AlexNetCommand.Run("inspect", model.Folder, "--class", "7", "--out", folder).AssertFails(2, "--class", "picture");
        AlexNetCommand.Run("inspect", "--out", folder).AssertFails(2, "inspect --help");

        Assert.False(Directory.Exists(folder));
    }

    // MNIST's first test picture, a seven, enlarged, dark on white.
    private string WriteDigit(string path)
    {
        const int Factor = 6;
        using SKBitmap bitmap = new(new SKImageInfo(Side * Factor, Side * Factor, SKColorType.Gray8, SKAlphaType.Opaque));
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int y = 0; y < bitmap.Height; y++)
        {
            for (int x = 0; x < bitmap.Width; x++)
                pixels[(y * bitmap.RowBytes) + x] = (byte)(255 - model.Test.Pixels[(y / Factor * Side) + (x / Factor)]);
        }
        Write(bitmap, path);
        return path;
    }

    private static void Write(SKBitmap bitmap, string path)
    {
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
    }

    private static (int Height, int Width) Size(string folder, string name)
    {
        using SKCodec codec = SKCodec.Create(Path.Combine(folder, name));
        return (codec.Info.Height, codec.Info.Width);
    }
}
