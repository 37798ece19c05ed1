using System.Diagnostics;

namespace AlexNetSharp.Runs.Tests;

public sealed class RunLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("alexnet-runs-").FullName;

    private string LockPath => Path.Combine(_folder, RunLock.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Acquire_HeldByThisProcess_NamesTheProcessAndTheFolder()
    {
        using RunLock held = RunLock.Acquire(_folder);

        IOException e = Assert.Throws<IOException>(() => RunLock.Acquire(_folder));

        Assert.Contains($"'{_folder}' is in use by process {Environment.ProcessId}", e.Message, StringComparison.Ordinal);
        Assert.True(RunLock.IsHeld(_folder));
    }

    [Fact]
    public void Dispose_Held_LetsTheNextOneIn()
    {
        RunLock.Acquire(_folder).Dispose();

        Assert.False(File.Exists(LockPath));
        RunLock.Acquire(_folder).Dispose();
    }

    [Fact]
    public void Acquire_ProcessGone_TakesItOver()
    {
        WriteHolder(pid: KilledProcess(), start: "1", host: Environment.MachineName);
        Assert.False(RunLock.IsHeld(_folder));

        using RunLock taken = RunLock.Acquire(_folder);

        Assert.True(RunLock.IsHeld(_folder));
    }

    [Fact]
    public void Acquire_NumberUsedAgainByAnotherProcess_TakesItOver()
    {
        // This process lives, but did not start then.
        WriteHolder(Environment.ProcessId, start: "1", Environment.MachineName);

        using RunLock taken = RunLock.Acquire(_folder);

        Assert.True(RunLock.IsHeld(_folder));
    }

    [Fact]
    public void Acquire_AnotherMachine_IsRefusedWithWhatToDo()
    {
        WriteHolder(1, "1", host: "another-machine");

        IOException e = Assert.Throws<IOException>(() => RunLock.Acquire(_folder));

        Assert.Contains("on another-machine", e.Message, StringComparison.Ordinal);
        Assert.Contains($"delete '{LockPath}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_FileLeftEmptyByAKill_TakesItOver()
    {
        File.WriteAllText(LockPath, "");

        using RunLock taken = RunLock.Acquire(_folder);

        Assert.True(RunLock.IsHeld(_folder));
    }

    [Fact]
    public void Acquire_ManyAtOnceAfterAKill_LetsInExactlyOne()
    {
        for (int round = 0; round < 20; round++)
        {
            WriteHolder(pid: int.MaxValue, start: "1", Environment.MachineName);
            List<RunLock> taken = [];
            using Barrier start = new(8);
            Thread[] threads = [.. Enumerable.Range(0, 8).Select(_ => new Thread(() =>
            {
                start.SignalAndWait();
                try
                {
                    RunLock mine = RunLock.Acquire(_folder);
                    lock (taken)
                        taken.Add(mine);
                }
                catch (IOException)
                {
                    // Another one was faster.
                }
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                thread.Join();

            Assert.Single(taken).Dispose();
        }
    }

    private static int KilledProcess()
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", "--version") { RedirectStandardOutput = true })!;
        process.Kill();
        process.WaitForExit();
        return process.Id;
    }

    private void WriteHolder(int pid, string start, string host) =>
        File.WriteAllText(LockPath, $$"""{"pid":{{pid}},"start":"{{start}}","host":"{{host}}","since":"2026-01-01T00:00:00+00:00"}""" + "\n");
}
