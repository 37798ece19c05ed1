using System.Diagnostics;
using System.Globalization;

namespace AlexNetSharp.Runs.Tests;

public sealed class RunLockTests : IDisposable
{
    private const int Racers = 8;
    private const int Races = 20;

    private readonly TestRuns _runs = new();

    private string Folder => _runs.Path;

    private string LockPath => Locks.PathIn(Folder);

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Acquire_FreeFolder_IsThisProcessesUntilDisposed()
    {
        using (RunLock.Acquire(Folder))
        {
            RunHolder holder = RunLock.Holder(Folder)!;
            Assert.Equal(Environment.ProcessId, holder.Pid);
            Assert.Equal(Environment.MachineName, holder.Host);
            Assert.True(holder.IsThisProcess);
            Assert.True(RunLock.IsHeld(Folder));
        }

        Assert.False(RunLock.IsHeld(Folder));
        Assert.False(File.Exists(LockPath));
    }

    [Fact]
    public void Acquire_HeldByLivingProcess_IsRefusedUntilItIsKilled()
    {
        using OtherProcess other = new();
        RunHolder holder = other.Hold(Folder);

        IOException refusal = Assert.Throws<IOException>(() => RunLock.Acquire(Folder));

        Assert.Equal(
            $"'{Folder}' is in use: process {other.Id} on '{Environment.MachineName}' writes there since {holder.Since:yyyy-MM-dd HH:mm:ss}. Wait until it ends, or stop it.",
            refusal.Message);
        Assert.Equal(holder, RunLock.Holder(Folder));
        other.Kill();
        Assert.False(RunLock.IsHeld(Folder));
        using (RunLock.Acquire(Folder))
            Assert.True(RunLock.Holder(Folder)!.IsThisProcess);
        Assert.False(File.Exists(LockPath));
    }

    [Fact]
    public void Acquire_ProcessKilledButNotWaitedFor_IsTakenOver()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "How a process ends that its parent does not wait for is looked up in /proc.");
        // The shell becomes a program that never waits for the child it inherits.
        using Process parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 600 & echo $!; exec sleep 600"]) { RedirectStandardOutput = true })!;
        try
        {
            int child = int.Parse(parent.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
            Locks.Write(Folder, RunHolder.Of(child));
            Assert.True(RunLock.IsHeld(Folder));

            using (Process process = Process.GetProcessById(child))
                process.Kill();

            Assert.True(SpinWait.SpinUntil(() => !RunLock.IsHeld(Folder), TimeSpan.FromSeconds(30)));
            Assert.True(File.Exists($"/proc/{child}/stat"));
            using RunLock held = RunLock.Acquire(Folder);
            Assert.True(RunLock.Holder(Folder)!.IsThisProcess);
        }
        finally
        {
            parent.Kill();
            parent.WaitForExit();
        }
    }

    [Fact]
    public void Acquire_NumberOfTheDeadGivenToAnother_IsTakenOver()
    {
        using OtherProcess other = new();
        RunHolder holder = RunHolder.Of(other.Id);
        Locks.Write(Folder, holder with { Start = holder.Start - 1 });

        using RunLock held = RunLock.Acquire(Folder);

        Assert.True(RunLock.Holder(Folder)!.IsThisProcess);
    }

    [Fact]
    public void Acquire_TwiceInOneProcess_IsRefused()
    {
        using RunLock first = RunLock.Acquire(Folder);

        Assert.Contains("another run of this same process", Assert.Throws<IOException>(() => RunLock.Acquire(Folder)).Message, StringComparison.Ordinal);

        Assert.True(RunLock.IsHeld(Folder));
    }

    [Fact]
    public void Acquire_HeldOnAnotherHost_IsRefusedWithTheFileToDelete()
    {
        // No process of this machine has this number.
        Locks.Write(Folder, new RunHolder(int.MaxValue, 1, "elsewhere", DateTimeOffset.Now));

        string message = Assert.Throws<IOException>(() => RunLock.Acquire(Folder)).Message;

        Assert.Contains("'elsewhere'", message, StringComparison.Ordinal);
        Assert.Contains($"delete '{LockPath}'", message, StringComparison.Ordinal);
        Assert.True(RunLock.IsHeld(Folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"pid":12,"sta""")]
    [InlineData("null\n")]
    [InlineData("{}\n")]
    public void Acquire_FileNeverFinished_IsTakenOver(string content)
    {
        File.WriteAllText(LockPath, content);
        Assert.False(RunLock.IsHeld(Folder));

        using RunLock held = RunLock.Acquire(Folder);

        Assert.True(RunLock.Holder(Folder)!.IsThisProcess);
    }

    [Fact]
    public async Task Acquire_FileBeingWritten_WaitsForItsContent()
    {
        using OtherProcess other = new();
        File.WriteAllText(LockPath, "");
        Task acquisition = Task.Run(() => RunLock.Acquire(Folder), TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);

        other.Hold(Folder);

        Assert.Contains($"process {other.Id}", (await Assert.ThrowsAsync<IOException>(() => acquisition)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acquire_NoFolder_Throws() => Assert.Throws<DirectoryNotFoundException>(() => RunLock.Acquire(_runs.PathOf("none")));

    [Fact]
    public void Dispose_FileNamesAnother_IsLeft()
    {
        RunLock held = RunLock.Acquire(Folder);
        RunHolder other = new(12, 34, "elsewhere", DateTimeOffset.Now);
        Locks.Write(Folder, other);

        held.Dispose();

        Assert.Equal(other, RunLock.Holder(Folder));
    }

    [Fact]
    public void Acquire_ThreadsRaceForTheLockOfTheDead_OneGetsIt()
    {
        RunHolder dead;
        using (OtherProcess other = new())
            dead = RunHolder.Of(other.Id);
        for (int race = 0; race < Races; race++)
        {
            if (race % 2 == 0)
                Locks.Write(Folder, dead);
            using Barrier barrier = new(Racers);
            RunLock?[] held = new RunLock?[Racers];
            Thread[] threads = [.. Enumerable.Range(0, Racers).Select(i => new Thread(() =>
            {
                barrier.SignalAndWait();
                try
                {
                    held[i] = RunLock.Acquire(Folder);
                }
                catch (IOException)
                {
                    // Another was first.
                }
            }))];
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                thread.Join();

            RunLock winner = Assert.Single(held, racer => racer is not null)!;
            Assert.True(RunLock.Holder(Folder)!.IsThisProcess);
            winner.Dispose();
            Assert.False(File.Exists(LockPath));
        }
    }
}
