namespace AlexNetSharp.Runs.Tests;

public sealed class RunListTests : IDisposable
{
    private readonly TestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Find_RunsAtSeveralLevels_AreListedNewestFirst()
    {
        _runs.Add("old", TestRuns.Record(day: 1));
        _runs.Add("sweep/rates/low", TestRuns.Record(day: 3));
        _runs.Add("sweep", TestRuns.Record(day: 2));
        Directory.CreateDirectory(_runs.PathOf("no-run"));

        Assert.Equal([Path.Combine("sweep", "rates", "low"), "sweep", "old"], RunList.Find(_runs.Path).Select(run => run.Name));
    }

    [Fact]
    public void Find_RunItself_IsCalledAsItsFolder()
    {
        string folder = _runs.Add("old", TestRuns.Record());

        Assert.Equal("old", Assert.Single(RunList.Find(folder)).Name);
    }

    [Fact]
    public void Find_DoneRun_TellsWhatItWasAndHowItEnded()
    {
        _runs.Add(
            "run", TestRuns.Record(more: """ "steps": 30, "seconds": 6.5, "test_accuracy": 0.97, """),
            TestRuns.Minibatch(5, 2, 0.3), TestRuns.Epoch(1, 0.5, 0.8), TestRuns.Epoch(2, 0.3, 0.96), TestRuns.Epoch(3, 0.4, 0.95));

        RunSummary run = Assert.Single(RunList.Find(_runs.Path));

        Assert.Equal(
            new RunSummary(
                "run", _runs.PathOf("run"), RunState.Done, "alexnet-mnist", "mnist", "default", Seed: 7, Epochs: 3, EpochsPlanned: 3, Steps: 30, BestValidationAccuracy: 0.96,
                TestAccuracy: 0.97, Seconds: 6.5, Started: new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero)),
            run);
    }

    [Fact]
    public void Find_RunOnItsWay_TellsHowFarItsMetricsAre()
    {
        _runs.Add("run", TestRuns.Record("running", """{ "images": 6400, "epochs": 3 }"""), TestRuns.Epoch(1, null, null), TestRuns.Minibatch(15, 2, 0.3));

        RunSummary run = Assert.Single(RunList.Find(_runs.Path));

        Assert.Equal((15, 15.0, 1), (run.Steps, run.Seconds, run.Epochs));
        Assert.Null(run.EpochsPlanned);
        Assert.Null(run.BestValidationAccuracy);
        Assert.Null(run.Seed);
    }

    [Fact]
    public void Find_RunningRun_IsInterruptedUnlessALivingProcessHoldsIt()
    {
        string folder = _runs.Add("run", TestRuns.Record("running"));
        Assert.Equal(RunState.Interrupted, Assert.Single(RunList.Find(_runs.Path)).State);

        using (OtherProcess other = new())
        {
            other.Hold(folder);
            Assert.Equal(RunState.Running, Assert.Single(RunList.Find(_runs.Path)).State);
        }

        Assert.Equal(RunState.Interrupted, Assert.Single(RunList.Find(_runs.Path)).State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "state": "done", "model": "a", "data": "b", "recipe": "c", "options": [] }""")]
    [InlineData("""{ "state": "sleeping", "model": "a", "data": "b", "recipe": "c", "options": {} }""")]
    [InlineData("""{ "state": "done", "model": "a", "model": "b", "data": "b", "recipe": "c", "options": {} }""")]
    [InlineData("""{ "state": "done", "model": "a", "data": "b", "recipe": "c", "options": { "seed": 1, "seed": 2 } }""")]
    public void Find_DamagedRecord_IsListedWithWhatIsWrong(string record)
    {
        string folder = _runs.Add("broken", record);
        _runs.Add("good", TestRuns.Record());

        RunSummary[] runs = [.. RunList.Find(_runs.Path)];

        Assert.Equal(["broken", "good"], runs.Select(run => run.Name));
        Assert.Contains(Path.Combine(folder, RunRecord.FileName), runs[0].Problem, StringComparison.Ordinal);
        Assert.Null(runs[0].State);
        Assert.Null(runs[1].Problem);
    }

    [Fact]
    public void Find_DamagedMetrics_LeaveWhatTheRecordSays()
    {
        string folder = _runs.Add("run", TestRuns.Record(), TestRuns.Epoch(1, 0.5, 0.8), "nonsense");

        RunSummary run = Assert.Single(RunList.Find(_runs.Path));

        Assert.Equal((RunState.Done, 7UL), (run.State, run.Seed));
        Assert.StartsWith($"'{Path.Combine(folder, RunMetrics.FileName)}', line 2", run.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_LinkedFolder_IsNotFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows asks for a privilege to make links.");
        _runs.Add("run", TestRuns.Record());
        Directory.CreateSymbolicLink(_runs.PathOf("link"), _runs.PathOf("run"));
        Directory.CreateSymbolicLink(_runs.PathOf("run/circle"), _runs.Path);

        Assert.Equal("run", Assert.Single(RunList.Find(_runs.Path)).Name);
    }

    [Fact]
    public void Find_NoFolder_Throws() => Assert.Contains("none", Assert.Throws<DirectoryNotFoundException>(() => RunList.Find(_runs.PathOf("none"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Resolve_NameOrPath_IsTheRunsFolder()
    {
        string folder = _runs.Add("sweep/low", TestRuns.Record());

        Assert.Equal(folder, RunList.Resolve("sweep/low", _runs.Path));
        Assert.Equal(folder, RunList.Resolve(folder, "runs"));
    }

    [Fact]
    public void Resolve_NoRun_SaysWhatThereIs()
    {
        _runs.Add("other/run", TestRuns.Record());

        Assert.Contains("There is no run 'none'", Assert.Throws<FileNotFoundException>(() => RunList.Resolve("none", _runs.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("no run.json", Assert.Throws<FileNotFoundException>(() => RunList.Resolve("other", _runs.Path)).Message, StringComparison.Ordinal);
        // A path of no run, and no name of one below the folder.
        Assert.Throws<FileNotFoundException>(() => RunList.Resolve("../other/run", _runs.PathOf("runs")));
    }
}
