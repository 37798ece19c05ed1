namespace AlexNetSharp.Cli.Tests;

[Collection(TrainedModelTests.Name)]
public sealed class ReportCommandTests(TrainedModel model)
{
    private static readonly string[] Plots = ["accuracy.png", "confusion.png", "filters.png", "learning-rate.png", "loss.png"];

    [Fact]
    public void Train_Done_WritesTheReportAndNamesIt()
    {
        Assert.Equal($"Report: {Path.Combine(model.Folder, "report.html")}", model.Training.OutputLines[^1]);
        Assert.Equal(Plots, PlotsOf(model.Folder));
    }

    [Fact]
    public void Report_OfARun_GivesWhatTrainingGaveByteForByte()
    {
        string copy = model.NewFolder();
        foreach (string name in new[] { "run.json", "metrics.jsonl", "model.safetensors" })
            File.Copy(Path.Combine(model.Folder, name), Path.Combine(copy, name));

        CommandResult result = AlexNetCommand.Run("report", copy, "--threads", "1");

        result.AssertDone();
        Assert.Matches(@"^Test accuracy: 0\.\d{4} on 1000 images$", result.OutputLines[0]);
        Assert.Equal($"Report: {Path.Combine(copy, "report.html")}", result.OutputLines[1]);
        Assert.Equal(File.ReadAllText(Path.Combine(model.Folder, "report.html")), File.ReadAllText(Path.Combine(copy, "report.html")));
        Assert.Equal(Plots, PlotsOf(copy));
    }

    [Fact]
    public void Report_OtherData_IsEvaluatedOnThose()
    {
        string copy = model.NewFolder();
        foreach (string name in new[] { "run.json", "metrics.jsonl", "model.safetensors" })
            File.Copy(Path.Combine(model.Folder, name), Path.Combine(copy, name));

        AlexNetCommand.Run("report", copy, "--data", model.WriteTenByTen()).AssertDone();

        Assert.Contains("20 images were classified wrongly", File.ReadAllText(Path.Combine(copy, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_NoRun_SaysWhatIsExpected() => AlexNetCommand.Run("report", model.Data).AssertFails(1, model.Data, "run.json", "alexnet train");

    [Fact]
    public void Report_RunWithoutAModel_SaysWhereItLooked()
    {
        string copy = model.NewFolder();
        File.Copy(Path.Combine(model.Folder, "run.json"), Path.Combine(copy, "run.json"));

        AlexNetCommand.Run("report", copy).AssertFails(1, Path.Combine(copy, "model.safetensors"));
    }

    [Fact]
    public void Report_ViewsThatDoNotExist_AreNamed()
    {
        string copy = model.NewFolder(), record = Path.Combine(copy, "run.json");
        File.WriteAllText(record, File.ReadAllText(Path.Combine(model.Folder, "run.json")).Replace("\"test_time_augmentation\": \"none\"", "\"test_time_augmentation\": \"all\"", StringComparison.Ordinal));

        AlexNetCommand.Run("report", copy).AssertFails(1, record, "'all'", "ten-crop");
    }

    private static string[] PlotsOf(string folder) => [.. Directory.GetFiles(Path.Combine(folder, "plots")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
