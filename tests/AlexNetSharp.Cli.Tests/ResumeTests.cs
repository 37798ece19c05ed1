using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using AlexNetSharp.Interop.Tests.TensorBoard;

namespace AlexNetSharp.Cli.Tests;

/// <summary>Runs that are killed, run out of disk or are stopped, and go on.</summary>
[Collection(TrainedModelTests.Name)]
public sealed class ResumeTests(TrainedModel model)
{
    // Every kind of state that a run can have: an average, the best epoch, a plateau.
    private const string Settings = """
        {
          "checkpoint_every": 3,
          "options": {
            "epochs": 2, "batch_size": 128, "report_every": 5, "averaging": { "decay": 0.9 }, "keep": "best",
            "schedule": { "type": "plateau", "patience": 0 }, "augmentation": { "affine": { "rotation_degrees": 10 } }
          }
        }
        """;

    private const string Small = """
        {
          "name": "small",
          "input": { "height": 28, "width": 28, "channels": 1 },
          "layers": [
            { "type": "convolution2d", "name": "conv1", "filters": 16, "kernel": 3, "stride": 2, "padding": "same", "groups": 1 },
            { "type": "relu", "name": "relu1" },
            { "type": "maxpool2d", "name": "pool1", "window": 2, "stride": 2, "padding": "same" },
            { "type": "flatten", "name": "flatten" },
            { "type": "dropout", "name": "drop1", "keep": 0.8 },
            { "type": "dense", "name": "fc1", "units": 256 },
            { "type": "relu", "name": "relu2" },
            { "type": "dense", "name": "fc2", "units": 10 }
          ]
        }
        """;

    [Fact]
    public void Resume_KilledAgainAndAgain_EndsAsARunThatNeverStopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGKILL.");
        string[] settings = WriteSettings();
        string whole = model.NewPath("run"), killed = model.NewPath("run");
        AlexNetCommand.Run(["train", .. settings, "--out", whole]).AssertDone();
        int lines = Curve(whole).Length;

        string[] command = ["train", .. settings, "--out", killed];
        const int Kills = 5;
        for (int i = 1; i <= Kills; i++)
        {
            using Process process = Start(command);
            // By how far it is and not by the clock: a fast machine would be through before it is killed.
            int far = lines * i / (Kills + 2);
            Assert.True(SpinWait.SpinUntil(() => LinesOf(Path.Combine(killed, "metrics.jsonl")) >= far || process.HasExited, TimeSpan.FromMinutes(1)));
            process.Kill();
            process.WaitForExit();
            command = ["train", "--resume", killed];
        }
        CommandResult result = AlexNetCommand.Run(command);

        result.AssertDone();
        Assert.Equal(Hash(whole), Hash(killed));
        Assert.Equal(Curve(whole), Curve(killed));
        Assert.Equal(Events(whole), Events(killed));
        Assert.Equal("done", Record(killed).GetProperty("state").GetString());
        // A process may be killed before it says that the run goes on.
        Assert.InRange(Record(killed).GetProperty("resumed").GetArrayLength(), 1, 5);
        Assert.Empty(Directory.GetFiles(killed, "*.tmp", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(killed, "state-*", SearchOption.AllDirectories));
        Assert.False(File.Exists(Path.Combine(killed, "run.lock")));
    }

    [Fact]
    public void Resume_RunThatIsDone_SaysSoAndChangesNothing()
    {
        byte[] before = File.ReadAllBytes(Path.Combine(model.Folder, "run.json"));

        CommandResult result = AlexNetCommand.Run("train", "--resume", model.Folder);

        result.AssertDone();
        Assert.Contains("is done", Assert.Single(result.OutputLines), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(model.Folder, "run.json")));
    }

    [Fact]
    public void Resume_WithOtherSettings_IsAUsageError() =>
        AlexNetCommand.Run("train", "--resume", model.Folder, "--epochs", "3").AssertFails(2, "--epochs", "--resume", "--config");

    [Fact]
    public void Resume_FolderOfNoRun_SaysWhatIsMissing() =>
        AlexNetCommand.Run("train", "--resume", model.NewFolder()).AssertFails(1, "run.json");

    [Fact]
    public void Resume_RunThatIsBeingTrained_IsRefusedAndThatOneGoesOn()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill, which Windows does not have.");
        string folder = model.NewPath("run");
        Process first = Start(["train", "--data", model.Data, "--epochs", "500", "--out", folder]);
        Assert.True(SpinWait.SpinUntil(() => Directory.Exists(Path.Combine(folder, "checkpoints")), TimeSpan.FromMinutes(1)));

        int pid = first.Id;
        CommandResult second = AlexNetCommand.Run("train", "--resume", folder);
        using (Process kill = Process.Start("kill", ["-INT", $"{pid}"]))
            kill.WaitForExit();
        CommandResult result = AlexNetCommand.Finish(first);

        second.AssertFails(1, folder, $"process {pid}");
        Assert.Equal(130, result.ExitCode);
        Assert.Contains($"alexnet train --resume {folder}", result.Output, StringComparison.Ordinal);
        int step = Record(folder).GetProperty("steps").GetInt32();
        Assert.True(File.Exists(Path.Combine(folder, "checkpoints", $"state-{step:00000000}.safetensors")));
    }

    [Fact]
    public void Train_DiskFull_StopsWithOneLineAndGoesOnElsewhere()
    {
        string[] settings = WriteSettings();
        string whole = model.NewPath("run"), elsewhere = model.NewPath("run");
        using SmallDisk disk = new(model.NewFolder());
        string full = Path.Combine(disk.Path, "run");
        AlexNetCommand.Run(["train", .. settings, "--out", whole]).AssertDone();

        CommandResult stopped = AlexNetCommand.Run(["train", .. settings, "--out", full]);
        CommandResult resumed = AlexNetCommand.Run("train", "--resume", full, "--out", elsewhere);

        stopped.AssertFails(1, full, "could not be written: it takes ", " are free there");
        resumed.AssertDone();
        Assert.Equal(Hash(whole), Hash(elsewhere));
        Assert.Equal(Curve(whole), Curve(elsewhere));
        Assert.Equal(Events(whole), Events(elsewhere));
    }

    private static Process Start(string[] arguments) =>
        AlexNetCommand.Start(Environment.CurrentDirectory, "dotnet", [Path.Combine(AppContext.BaseDirectory, "alexnet.dll"), .. arguments]);

    private static string Hash(string folder) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "model.safetensors"))));

    private static JsonElement Record(string folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json"))).RootElement;

    // All but the times.
    private static string[] Curve(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Select(line => string.Join(' ', JsonDocument.Parse(line).RootElement.EnumerateObject().Where(each => each.Name != "seconds")))];

    private static int LinesOf(string file)
    {
        if (!File.Exists(file))
            return 0;
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().Count(character => character == '\n');
    }

    // What TensorBoard shows, but for the rate, and for settings, which are there again for each part of a run.
    private static string[] Events(string folder) =>
    [
        .. from each in EventFileReader.ReadFolder(Path.Combine(folder, "tensorboard"))
           where each.HasValue && each.Tag is not ("settings" or "train/images_per_second")
           select $"{each.Step} {Convert.ToHexString(each.Message.Bytes(5))}",
    ];

    private string[] WriteSettings()
    {
        string settings = model.NewPath("settings.json"), small = model.NewPath("small.json");
        File.WriteAllText(settings, Settings);
        File.WriteAllText(small, Small);
        return ["--config", settings, "--model", small, "--data", model.Data];
    }

    /// <summary>A disk of 4 MB, which holds one state of the small model and no second.</summary>
    private sealed class SmallDisk : IDisposable
    {
        public SmallDisk(string path)
        {
            Path = path;
            Assert.SkipUnless(OperatingSystem.IsLinux(), "A small disk is made with tmpfs, which only Linux has.");
            Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", path) == 0, "A tmpfs could not be mounted; that takes root.");
        }

        public string Path { get; }

        public void Dispose() => Run("umount", Path);

        private static int Run(string program, params string[] arguments)
        {
            using Process process = AlexNetCommand.Start("/", program, arguments);
            process.WaitForExit();
            return process.ExitCode;
        }
    }
}
