using System.Text.Json;
using AlexNetSharp.Data;
using AlexNetSharp.Images;

namespace AlexNetSharp.Cli.Tests;

public sealed class DataCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("alexnet-data-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Export_ThenCheck_IsTheSameSetWithoutProblems()
    {
        string data = WriteIdx(), folder = In("folder");

        CommandResult export = AlexNetCommand.Run("data", "export", data, folder);
        CommandResult check = AlexNetCommand.Run("data", "check", folder, "--json");

        export.AssertDone();
        Assert.Equal($"39 pictures of digits written to {folder}", Assert.Single(export.OutputLines));
        check.AssertDone();
        Assert.Equal(["name", "pictures", "channels", "problems", "classes", "duplicates", "notes"], CommandResult.Keys(check.Json));
        Assert.Equal((39, 1), (check.Json.GetProperty("pictures").GetInt32(), check.Json.GetProperty("channels").GetInt32()));
        Assert.Equal(0, check.Json.GetProperty("problems").GetArrayLength());
        ImageSet before = new DataCatalog().Load(data, null, TestContext.Current.CancellationToken).Training, after = ImageFolder.Load(folder).Training;
        Assert.Equal(Content(before), Content(after));
    }

    [Fact]
    public void Check_FolderWithProblems_ListsThemAndFails()
    {
        string folder = WriteFolder();
        string empty = Path.Combine(folder, "a", "empty.png"), text = Path.Combine(folder, "b", "text.jpg");
        File.WriteAllBytes(empty, []);
        File.WriteAllText(text, "This is no picture.");

        CommandResult result = AlexNetCommand.Run("data", "check", folder), json = AlexNetCommand.Run("data", "check", folder, "--json");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(result.OutputLines, line => line.StartsWith($"'{empty}' is not a picture", StringComparison.Ordinal));
        Assert.Contains(result.OutputLines, line => line.StartsWith($"'{text}' is not a picture", StringComparison.Ordinal));
        Assert.Contains(result.OutputLines, line => line.Contains("6 pictures (RGB", StringComparison.Ordinal) && line.EndsWith("2 problems", StringComparison.Ordinal));
        Assert.Equal(1, json.ExitCode);
        JsonElement[] problems = [.. json.Json.GetProperty("problems").EnumerateArray()];
        Assert.Equal([empty, text], problems.Select(problem => problem.GetProperty("path").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal(["a", "b"], json.Json.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("name").GetString()!));
    }

    [Fact]
    public void Export_BrokenPicture_IsNamedAndTheRestWritten()
    {
        string folder = WriteFolder(), broken = Path.Combine(folder, "a", "empty.png");
        File.WriteAllBytes(broken, []);

        CommandResult result = AlexNetCommand.Run("data", "export", folder, In("out"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(result.ErrorLines, line => line.StartsWith($"alexnet: '{broken}'", StringComparison.Ordinal));
        Assert.Equal(4, Directory.GetFiles(In("out"), "*.png", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void Export_FolderInUse_IsRefused()
    {
        string data = WriteIdx();

        AlexNetCommand.Run("data", "export", data, data).AssertFails(1, $"'{data}': expected a new or empty folder");
    }

    [Fact]
    public void Check_NoDataSet_SaysWhatWasExpected() => AlexNetCommand.Run("data", "check", _root).AssertFails(1, _root, "one subfolder a class", "found nothing");

    [Fact]
    public void Check_NothingNamed_IsAUsageError() => AlexNetCommand.Run("data", "check").AssertFails(2, "alexnet data check --help");

    [Fact]
    public void Data_MistypedOption_IsNoName() => AlexNetCommand.Run("data", "check", "--jsno").AssertFails(2, "'--jsno'", "alexnet data check --help");

    private string In(string name) => Path.Combine(_root, name);

    private string WriteIdx()
    {
        string directory = Directory.CreateDirectory(In("digits")).FullName;
        byte[] training = new byte[36 * 100], test = new byte[3 * 100];
        Random random = new(2);
        random.NextBytes(training);
        random.NextBytes(test);
        TrainedModel.WriteIdx(directory, "train", 36, 10, training, [.. Enumerable.Range(0, 36).Select(i => (byte)(i % 3))]);
        TrainedModel.WriteIdx(directory, "t10k", 3, 10, test, [0, 1, 2]);
        return directory;
    }

    private string WriteFolder()
    {
        LabeledImages images = new("made", 1, 1, 3, Enumerable.Range(0, 12).Select(i => (byte)i).ToArray(), new[] { 0, 0, 1, 1 }, ["a", "b"]);
        string folder = In("classes");
        DataExport.Write(new DataSplits("made", images, images.Slice(0, 0, "none"), images.Slice(0, 0, "none")), In("made"), null, TestContext.Current.CancellationToken);
        Directory.Move(Path.Combine(In("made"), "train"), folder);
        return folder;
    }

    private static string[] Content(ImageSet set) => [.. Enumerable.Range(0, set.Count).Select(i => $"{set.ClassNames[set.Labels[i]]} {Convert.ToHexString(set.Read(i).Pixels.Span)}").Order()];
}
