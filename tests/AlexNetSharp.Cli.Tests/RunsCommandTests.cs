using System.Text.Json;
using AlexNetSharp.Runs;

namespace AlexNetSharp.Cli.Tests;

[Collection(TrainedModelTests.Name)]
public sealed class RunsCommandTests(TrainedModel model)
{
    [Fact]
    public void Runs_TrainedRun_IsListedWithItsFigures()
    {
        string root = NewRoot();
        JsonElement record = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "long", RunRecord.FileName))).RootElement;

        CommandResult table = AlexNetCommand.Run("runs", root), json = AlexNetCommand.Run("runs", root, "--json");

        table.AssertDone();
        string line = Assert.Single(table.OutputLines, line => line.StartsWith("long ", StringComparison.Ordinal));
        Assert.Matches(@$"^long +done +alexnet-mnist +\S*digits +default +7 +1/1 epochs +0\.\d{{4}} +{record.GetProperty("test_accuracy").GetDouble():F4} +0:\d\d:\d\d$", line);
        json.AssertDone();
        JsonElement run = Assert.Single(json.Json.EnumerateArray());
        Assert.Equal(
            [
                "name", "folder", "state", "model", "data", "recipe", "seed", "epochs", "epochs_planned", "steps", "best_validation_accuracy", "test_accuracy", "seconds", "started",
                "problem",
            ],
            CommandResult.Keys(run));
        Assert.Equal("done", run.GetProperty("state").GetString());
        Assert.Equal(record.GetProperty("test_accuracy").GetDouble(), run.GetProperty("test_accuracy").GetDouble());
        Assert.Equal(record.GetProperty("started").GetString(), run.GetProperty("started").GetString());
    }

    [Fact]
    public void Runs_DamagedAndInterruptedOnes_AreListedAsSuch()
    {
        string root = NewRoot();
        AddCopy(root, "killed", "running");
        Directory.CreateDirectory(Path.Combine(root, "broken"));
        File.WriteAllText(Path.Combine(root, "broken", RunRecord.FileName), "{");

        CommandResult result = AlexNetCommand.Run("runs", root);

        result.AssertDone();
        Assert.Single(result.OutputLines, line => line.StartsWith("killed ", StringComparison.Ordinal) && line.Contains(" interrupted ", StringComparison.Ordinal));
        Assert.Single(result.OutputLines, line => line.StartsWith("broken ", StringComparison.Ordinal) && line.Contains(" damaged ", StringComparison.Ordinal));
        Assert.StartsWith("broken: ", result.OutputLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_NoFolder_SaysSo()
    {
        string directory = model.NewFolder();

        CommandResult unnamed = AlexNetCommand.RunIn(directory, "runs"), json = AlexNetCommand.RunIn(directory, "runs", "--json");

        unnamed.AssertDone();
        Assert.Equal("There are no runs in runs; 'alexnet train' makes one.", Assert.Single(unnamed.OutputLines));
        Assert.Equal(0, json.Json.GetArrayLength());
        AlexNetCommand.RunIn(directory, "runs", "none").AssertFails(1, "'none'");
    }

    [Fact]
    public void Diff_TwoTrainedRuns_ShowsSettingsCurvesAndFigures()
    {
        string root = NewRoot();
        AlexNetCommand.Run("train", "--data", model.Data, "--images", "128", "--seed", "9", "--out", Path.Combine(root, "sweep", "short")).AssertDone();

        CommandResult result = AlexNetCommand.Run("runs", "diff", "long", "sweep/short", "--dir", root);
        CommandResult json = AlexNetCommand.Run("runs", root, "diff", "--json", "long", "sweep/short");

        result.AssertDone();
        Assert.Contains(result.OutputLines, line => line.StartsWith("options.seed ", StringComparison.Ordinal));
        Assert.Matches(@"^1 +\d+\.\d{4} +\d+\.\d{4} +0\.\d{4} +0\.\d{4}$", Assert.Single(result.OutputLines, line => line.StartsWith("1 ", StringComparison.Ordinal)));
        Assert.Contains(result.OutputLines, line => line == "B ████");
        Assert.Matches(@" -0\.\d{4}$", Assert.Single(result.OutputLines, line => line.StartsWith("test accuracy ", StringComparison.Ordinal)));
        json.AssertDone();
        Assert.Equal(["a", "b", "settings", "axis", "curve", "figures"], CommandResult.Keys(json.Json));
        JsonElement seed = Assert.Single(json.Json.GetProperty("settings").EnumerateArray(), setting => setting.GetProperty("key").GetString() == "options.seed");
        Assert.Equal((7, 9), (seed.GetProperty("a").GetInt32(), seed.GetProperty("b").GetInt32()));
        Assert.Equal("epoch", json.Json.GetProperty("axis").GetString());
        Assert.Equal(["at", "loss_a", "loss_b", "accuracy_a", "accuracy_b"], CommandResult.Keys(json.Json.GetProperty("curve")[0]));
        Assert.Equal(["name", "a", "b", "difference"], CommandResult.Keys(json.Json.GetProperty("figures")[0]));
    }

    [Fact]
    public void Diff_WrongNames_FailsWithOneLine()
    {
        string root = NewRoot();

        AlexNetCommand.Run("runs", "diff", "long", "none", "--dir", root).AssertFails(1, "There is no run 'none'", root);
        AlexNetCommand.Run("runs", "diff", "long").AssertFails(2, "'B'", "alexnet runs diff --help");
        AlexNetCommand.Run("runs", "diff", "long", "--jsno").AssertFails(2, "'--jsno'", "alexnet runs diff --help");
    }

    [Fact]
    public void Delete_InAPipe_NeedsToBeConfirmed()
    {
        string root = NewRoot();

        AlexNetCommand.Run("runs", "delete", "long", "--dir", root).AssertFails(2, "--yes", "alexnet runs delete --help");
        Assert.True(File.Exists(Path.Combine(root, "long", RunRecord.FileName)));
        CommandResult result = AlexNetCommand.Run("runs", "delete", "long", "--dir", root, "--yes");

        result.AssertDone();
        Assert.Matches(@"^Deleted .*long \(\d+\.\d kB\)$", Assert.Single(result.OutputLines));
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public void Delete_OneOfThemHeld_DeletesNone()
    {
        string root = NewRoot();
        // This process holds it.
        using (RunLock.Acquire(AddCopy(root, "held", "running")))
        {
            Assert.Contains("running", Assert.Single(AlexNetCommand.Run("runs", root).OutputLines, line => line.StartsWith("held ", StringComparison.Ordinal)), StringComparison.Ordinal);
            AlexNetCommand.Run("runs", "delete", "long", "held", "--dir", root, "--yes").AssertFails(1, "held", $"process {Environment.ProcessId}");
        }

        Assert.All(["long", "held"], name => Assert.Equal(["metrics.jsonl", "run.json"], Directory.GetFiles(Path.Combine(root, name)).Select(Path.GetFileName).Order()));
        CommandResult result = AlexNetCommand.Run("runs", "delete", "long", "held", "long", "--dir", root, "--yes", "--json");
        result.AssertDone();
        Assert.Equal([Path.Combine(root, "long"), Path.Combine(root, "held")], result.Json.EnumerateArray().Select(run => run.GetProperty("folder").GetString()));
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }

    [Fact]
    public void Delete_NameOfOneRunAndPathOfAnother_IsRefused()
    {
        string directory = model.NewFolder();
        AddCopy(directory, "one");
        AddCopy(directory, "runs/one");

        AlexNetCommand.RunIn(directory, "runs", "delete", "one", "--yes").AssertFails(1, "'one'", Path.Combine("runs", "one"), "two runs");
        AlexNetCommand.RunIn(directory, "runs", "delete", "runs/one", "--yes").AssertDone();

        Assert.True(Directory.Exists(Path.Combine(directory, "one")));
        Assert.False(Directory.Exists(Path.Combine(directory, "runs", "one")));
    }

    [Fact]
    public void Delete_FolderThatIsNoRun_IsRefused()
    {
        string root = NewRoot();

        AlexNetCommand.Run("runs", "delete", root, "--yes").AssertFails(1, root, "run.json");

        Assert.True(Directory.Exists(Path.Combine(root, "long")));
    }

    // A folder that holds the trained run, as 'long'.
    private string NewRoot()
    {
        string root = model.NewFolder();
        AddCopy(root, "long");
        return root;
    }

    private string AddCopy(string root, string name, string state = "done")
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        string record = File.ReadAllText(Path.Combine(model.Folder, RunRecord.FileName));
        File.WriteAllText(Path.Combine(folder, RunRecord.FileName), record.Replace("\"state\": \"done\"", $"\"state\": \"{state}\"", StringComparison.Ordinal));
        File.Copy(Path.Combine(model.Folder, RunMetrics.FileName), Path.Combine(folder, RunMetrics.FileName));
        return folder;
    }
}
