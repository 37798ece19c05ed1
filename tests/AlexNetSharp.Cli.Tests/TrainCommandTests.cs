using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AlexNetSharp.Cli.Tests;

[Collection(TrainedModelTests.Name)]
public sealed class TrainCommandTests(TrainedModel model)
{
    // One short epoch; chance is a tenth.
    private const double LeastAccuracy = 0.85;

    [Fact]
    public void Train_PipedOutput_PrintsPlainLinesAndTheTestAccuracy()
    {
        Assert.Contains(model.Training.OutputLines, line => Regex.IsMatch(line, @"^step +100 of 138  loss \d+\.\d{4}  accuracy [\d.]+ %  \d+ images/s$"));
        Assert.Contains(model.Training.OutputLines, line => Regex.IsMatch(line, @"^epoch 1: validation loss \d+\.\d{4}, accuracy [\d.]+ %$"));
        Assert.Contains(model.Training.OutputLines, line => Regex.IsMatch(line, $"^Test accuracy: 0\\.\\d{{4}} on {TrainedModel.TestImages} images$"));
        Assert.Empty(model.Training.ErrorLines);
    }

    [Fact]
    public void Train_Done_LeavesRunAndMetrics()
    {
        JsonElement run = JsonDocument.Parse(File.ReadAllText(Path.Combine(model.Folder, "run.json"))).RootElement;
        Assert.Equal(
            [
                "state", "model", "data", "recipe", "init_from", "test_time_augmentation", "checkpoints", "checkpoint_every", "options", "threads", "vector_bits", "processor",
                "runtime", "system", "version", "started", "tensorboard", "resumed", "steps", "images", "seconds", "images_per_s", "best_epoch", "stopped_early", "skipped_pictures",
                "test_loss", "test_accuracy", "error",
            ],
            CommandResult.Keys(run));
        Assert.Equal("done", run.GetProperty("state").GetString());
        Assert.Equal("alexnet-mnist", run.GetProperty("model").GetString());
        Assert.Equal("default", run.GetProperty("recipe").GetString());
        Assert.Equal(7, run.GetProperty("options").GetProperty("seed").GetInt32());
        Assert.Equal(1, run.GetProperty("options").GetProperty("epochs").GetInt32());
        Assert.Equal(TrainedModel.TrainingImages, run.GetProperty("images").GetInt32());
        Assert.NotEqual("", run.GetProperty("processor").GetString());
        Assert.InRange(run.GetProperty("test_accuracy").GetDouble(), LeastAccuracy, 1);

        JsonElement[] metrics = [.. File.ReadLines(Path.Combine(model.Folder, "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["step", "images", "loss", "accuracy", "learning_rate", "seconds"], CommandResult.Keys(metrics[0]));
        Assert.Equal(100, metrics[0].GetProperty("step").GetInt32());
        Assert.Equal(["epoch", "step", "validation_loss", "validation_accuracy", "seconds"], CommandResult.Keys(metrics[1]));
        Assert.Equal(run.GetProperty("test_accuracy").GetDouble(), metrics[^1].GetProperty("test_accuracy").GetDouble());
    }

    [Fact]
    public void Train_Json_PrintsOneObjectAndNothingElse()
    {
        string folder = model.NewPath("run");

        CommandResult result = AlexNetCommand.Run("train", "--data", model.Data, "--images", "128", "--seed", "3", "--out", folder, "--json");

        result.AssertDone();
        Assert.Single(result.OutputLines);
        Assert.Equal(["model", "recipe", "seed", "images", "seconds", "images_per_s", "test_accuracy", "out"], CommandResult.Keys(result.Json));
        Assert.Equal(128, result.Json.GetProperty("images").GetInt32());
        Assert.Equal(3, result.Json.GetProperty("seed").GetInt32());
        Assert.Equal(folder, result.Json.GetProperty("out").GetString());
    }

    [Fact]
    public void Train_RecipeSeed_PrintsTheTutorialsLines()
    {
        CommandResult result = AlexNetCommand.Run("train", "--data", model.Data, "--recipe", "seed", "--images", "6400", "--out", model.NewPath("run"));

        result.AssertDone();
        Assert.Matches(@"^Iter 6400, Minibatch Loss= \d+\.\d{6}, Training Accuracy= [01]\.\d{5}$", result.OutputLines[0]);
        Assert.Equal("Optimization Finished!", result.OutputLines[1]);
        Match first = Regex.Match(result.OutputLines[2], @"^Testing Accuracy: (0\.\d+)$");
        Assert.True(first.Success, result.OutputLines[2]);
        double of256 = double.Parse(first.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) * 256;
        Assert.Equal(Math.Round(of256), of256, precision: 9);
        Assert.Matches($@"^Accuracy on all {TrainedModel.TestImages} test images: 0\.\d{{4}}$", result.OutputLines[3]);
    }

    [Fact]
    public void Train_OtherThreadCount_GivesTheSameFile()
    {
        string[] hashes = [.. new[] { "1", "2", "3" }.Select(threads =>
        {
            string folder = model.NewPath("run");
            AlexNetCommand.Run("train", "--data", model.Data, "--images", "320", "--threads", threads, "--out", folder).AssertDone();
            return Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "model.safetensors"))));
        })];

        Assert.Equal(hashes[0], hashes[1]);
        Assert.Equal(hashes[0], hashes[2]);
    }

    [Fact]
    public void Train_FileCannotBeWritten_RecordsTheFailure()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill, which Windows does not have.");
        string folder = model.NewPath("run");
        using Process process = StartLongRun(folder);
        Directory.CreateDirectory(Path.Combine(folder, "model.safetensors"));

        CommandResult result = Signal(process, "INT");

        result.AssertFails(1, "model.safetensors");
        JsonElement run = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json"))).RootElement;
        Assert.Equal("failed", run.GetProperty("state").GetString());
        Assert.Contains("model.safetensors", run.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_DefaultData_IsMnistAndDefaultFolderIsNamedAfterDateAndModel()
    {
        string directory = model.NewPath("work");
        Directory.CreateDirectory(directory);

        CommandResult result = AlexNetCommand.RunIn(directory, "train", "--images", "64", "--batch-size", "32", "--learning-rate", "0.01", "--json");

        result.AssertDone();
        string folder = Assert.Single(Directory.GetDirectories(Path.Combine(directory, "runs")));
        Assert.Matches(@"^\d{4}-\d\d-\d\d-\d{6}-alexnet-mnist$", Path.GetFileName(folder));
        JsonElement run = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json"))).RootElement;
        Assert.Equal("mnist", run.GetProperty("data").GetString());
        Assert.Equal(32, run.GetProperty("options").GetProperty("batch_size").GetInt32());
        Assert.Equal(0.01f, run.GetProperty("options").GetProperty("learning_rate").GetSingle());
        Assert.Equal(2, run.GetProperty("steps").GetInt32());
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM", "--json")]
    public void Train_Interrupted_EndsAfterTheStepWithAUsableModel(string signal, params string[] more)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill, which Windows does not have.");
        string folder = model.NewPath("run");
        using Process process = StartLongRun(folder, more);

        CommandResult result = Signal(process, signal);

        Assert.Equal(130, result.ExitCode);
        Assert.StartsWith("Interrupted after step ", (more is [] ? result.OutputLines : result.ErrorLines)[^3], StringComparison.Ordinal);
        if (more is [])
            Assert.Empty(result.ErrorLines);
        else
            Assert.Equal(JsonValueKind.Null, result.Json.GetProperty("test_accuracy").ValueKind);
        Assert.Equal("interrupted", JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json"))).RootElement.GetProperty("state").GetString());
        AlexNetCommand.Run("eval", folder, "--data", model.Data).AssertDone();
    }

    [Fact]
    public void Train_ReportCannotBeWritten_SaysSoAndEndsAsWithIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill, which Windows does not have.");
        string folder = model.NewPath("run");
        using Process process = StartLongRun(folder);
        Directory.CreateDirectory(Path.Combine(folder, "report.html"));

        CommandResult result = Signal(process, "INT");

        result.AssertFails(130, "there is no report: ", "report.html");
        Assert.Equal("interrupted", JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json"))).RootElement.GetProperty("state").GetString());
        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
    }

    [Fact]
    public void Train_FolderInUse_IsRefusedAndUntouched()
    {
        byte[] before = File.ReadAllBytes(model.ModelPath);

        AlexNetCommand.Run("train", "--data", model.Data, "--images", "64", "--out", model.Folder).AssertFails(1, model.Folder, "not empty");

        Assert.Equal(before, File.ReadAllBytes(model.ModelPath));
    }

    [Fact]
    public void Train_FolderThatCannotBe_FailsBeforeTraining()
    {
        string file = model.NewPath("file");
        File.WriteAllText(file, "text");

        AlexNetCommand.Run("train", "--data", model.Data, "--images", "64", "--out", file).AssertFails(1, file, "is a file");
        AlexNetCommand.Run("train", "--data", model.Data, "--images", "64", "--out", Path.Combine(file, "run")).AssertFails(1, file);
    }

    [Fact]
    public void Train_FolderOfTheKernel_FailsBeforeTraining()
    {
        // Where not even root may write.
        Assert.SkipUnless(Directory.Exists("/proc/self"), "There is no /proc.");

        AlexNetCommand.Run("train", "--data", model.Data, "--images", "64", "--out", "/proc/run").AssertFails(1, "/proc/run", "cannot be written to");
    }

    [Fact]
    public void Train_DataDamaged_SaysWhereAndHow()
    {
        string directory = model.CopyData();
        string images = Path.Combine(directory, "train-images-idx3-ubyte");
        using (FileStream stream = File.OpenWrite(images))
            stream.SetLength(stream.Length - 1);

        AlexNetCommand.Run("train", "--data", directory, "--out", model.NewPath("run")).AssertFails(1, images, "expected", "found");
    }

    [Fact]
    public void Train_PicturesOfAnotherSize_AreBroughtToTheNetworks()
    {
        string folder = model.NewPath("run");

        AlexNetCommand.Run("train", "--data", model.WriteTenByTen(), "--epochs", "1", "--out", folder).AssertDone();

        Assert.True(File.Exists(Path.Combine(folder, "model.safetensors")));
    }

    [Theory]
    [InlineData("--epochs", "0")]
    [InlineData("--epochs", "-1")]
    [InlineData("--images", "abc")]
    [InlineData("--images", "99999999999")]
    [InlineData("--batch-size", "1e400")]
    [InlineData("--batch-size", "1.5")]
    [InlineData("--learning-rate", "0")]
    [InlineData("--learning-rate", "nan")]
    [InlineData("--learning-rate", "1e39")]
    [InlineData("--learning-rate", "1e400")]
    [InlineData("--threads", "257")]
    [InlineData("--seed", "-1")]
    [InlineData("--recipe", "none")]
    [InlineData("--schedule", "none")]
    [InlineData("--optimizer", "none")]
    [InlineData("--tta", "none-such")]
    [InlineData("--label-smoothing", "2")]
    public void Train_ValueThatMakesNoSense_IsAUsageError(string option, string value) =>
        AlexNetCommand.Run("train", option, value).AssertFails(2, $"{option} is '{value}'", "alexnet train --help");

    [Fact]
    public void Train_EpochsAndImages_ExcludeEachOther() =>
        AlexNetCommand.Run("train", "--epochs", "1", "--images", "64").AssertFails(2, "--epochs", "--images");

    [Fact]
    public void Train_FewerImagesThanABatch_IsAUsageError() => AlexNetCommand.Run("train", "--images", "63").AssertFails(2, "63", "64");

    [Fact]
    public void Train_UnknownData_ListsTheKnown() =>
        AlexNetCommand.Run("train", "--data", "nothing-here", "--out", model.NewPath("run")).AssertFails(1, "nothing-here", "mnist", "fashion-mnist");

    // Comes back when training has begun.
    private Process StartLongRun(string folder, params string[] more)
    {
        Process process = AlexNetCommand.Start(
            Environment.CurrentDirectory, "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "alexnet.dll"), "train", "--data", model.Data, "--epochs", "500", "--out", folder, .. more]);
        // The folder is described right before the first step.
        if (!SpinWait.SpinUntil(() => File.Exists(Path.Combine(folder, "run.json")) || process.HasExited, TimeSpan.FromMinutes(1)) || process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The run did not begin: {AlexNetCommand.Finish(process).Error}");
        }
        Thread.Sleep(TimeSpan.FromSeconds(2));
        return process;
    }

    private static CommandResult Signal(Process process, string signal)
    {
        using (Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]))
            kill.WaitForExit();
        return AlexNetCommand.Finish(process);
    }
}
