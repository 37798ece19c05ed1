namespace AlexNetSharp.Runs.Tests;

public sealed class RunDeletionTests : IDisposable
{
    private readonly TestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Execute_Run_DeletesItsFolderAlone()
    {
        string folder = _runs.Add("run", TestRuns.Record()), other = _runs.Add("other", TestRuns.Record());
        Directory.CreateDirectory(Path.Combine(folder, "checkpoints"));
        File.WriteAllBytes(Path.Combine(folder, "checkpoints", "best.safetensors"), new byte[1000]);

        using RunDeletion deletion = RunDeletion.Prepare(folder);
        deletion.Execute();

        Assert.Equal(1000 + TestRuns.Record().Length, deletion.Bytes);
        Assert.False(Directory.Exists(folder));
        Assert.True(File.Exists(Path.Combine(other, RunRecord.FileName)));
    }

    [Fact]
    public void Execute_LinksInTheFolder_AreNotFollowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows asks for a privilege to make links.");
        string folder = _runs.Add("run", TestRuns.Record()), kept = Directory.CreateDirectory(_runs.PathOf("kept")).FullName;
        File.WriteAllText(Path.Combine(kept, "file"), "text");
        Directory.CreateSymbolicLink(Path.Combine(folder, "folder"), kept);
        File.CreateSymbolicLink(Path.Combine(folder, "link"), Path.Combine(kept, "file"));

        using RunDeletion deletion = RunDeletion.Prepare(folder);
        deletion.Execute();

        Assert.False(Directory.Exists(folder));
        Assert.Equal("text", File.ReadAllText(Path.Combine(kept, "file")));
    }

    [Theory]
    [InlineData("link")]
    [InlineData("link/")]
    [InlineData("link/.")]
    public void Prepare_LinkToARun_IsRefused(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows asks for a privilege to make links.");
        string folder = _runs.Add("run", TestRuns.Record());
        Directory.CreateSymbolicLink(_runs.PathOf("link"), folder);

        Assert.Contains("is a link", Assert.Throws<IOException>(() => RunDeletion.Prepare($"{_runs.Path}/{name}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_FolderThatIsNoRun_IsRefused() =>
        Assert.Contains("run.json", Assert.Throws<FileNotFoundException>(() => RunDeletion.Prepare(_runs.Path)).Message, StringComparison.Ordinal);

    [Fact]
    public void Prepare_OtherRunsBelow_IsRefused()
    {
        string folder = _runs.Add("sweep", TestRuns.Record()), inner = _runs.Add("sweep/1/2/3/4/5/low", TestRuns.Record());

        Assert.Contains(inner, Assert.Throws<IOException>(() => RunDeletion.Prepare(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_RunOfALivingProcess_IsRefused()
    {
        using OtherProcess other = new();
        string folder = _runs.Add("run", TestRuns.Record("running"));
        other.Hold(folder);

        Assert.Contains($"process {other.Id}", Assert.Throws<IOException>(() => RunDeletion.Prepare(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_NotExecuted_LeavesTheFolderAsItWas()
    {
        string folder = _runs.Add("run", TestRuns.Record());
        string[] before = Directory.GetFiles(folder);

        using (RunDeletion.Prepare(folder))
            Assert.True(RunLock.IsHeld(folder));

        Assert.Equal(before, Directory.GetFiles(folder));
    }
}
