using System.Diagnostics;

namespace AlexNetSharp.Runs.Tests;

/// <summary>Locks between processes: this project's own test process is started again, and runs one test of this class alone.</summary>
public sealed class RunLockProcessTests : IDisposable
{
    private const string FolderVariable = "RUN_LOCK_TEST_FOLDER";
    private const string Go = "go";
    private const string Held = "held-";
    private const string Refused = "refused-";
    private const int Racers = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Acquire_ProcessesRaceForTheLockOfTheDead_OneGetsItUntilItIsKilled()
    {
        using (OtherProcess dead = new())
            dead.Hold(_runs.Path);
        Process[] children = [.. Enumerable.Range(0, Racers).Select(_ => StartChild())];
        try
        {
            WaitFor("ready-*", Racers);
            File.WriteAllText(_runs.PathOf(Go), "");
            WaitFor($"{Refused}*", Racers - 1);
            WaitFor($"{Held}*", 1);

            Process holder = Assert.Single(children, child => File.Exists(_runs.PathOf($"{Held}{child.Id}")));
            Assert.Equal(holder.Id, RunLock.Holder(_runs.Path)!.Pid);
            Assert.Contains($"process {holder.Id}", Assert.Throws<IOException>(() => RunLock.Acquire(_runs.Path)).Message, StringComparison.Ordinal);
            holder.Kill();
            holder.WaitForExit();
            Assert.True(File.Exists(Locks.PathIn(_runs.Path)));
            using RunLock mine = RunLock.Acquire(_runs.Path);
            Assert.True(RunLock.Holder(_runs.Path)!.IsThisProcess);
        }
        finally
        {
            foreach (Process child in children)
            {
                child.Kill();
                child.WaitForExit();
                child.Dispose();
            }
        }
    }

    /// <summary>Whether the other test has started this process.</summary>
    public static bool IsChild => Environment.GetEnvironmentVariable(FolderVariable) is not null;

    [Fact(Skip = "It is what the processes do that the other test starts, and runs in those alone.", SkipUnless = nameof(IsChild))]
    public void Child_StartedByTheOtherTest_RacesAndKeepsWhatItGets()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        Report("ready-", "");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(folder, Go)), Patience));
        try
        {
            using RunLock held = RunLock.Acquire(folder);
            Report(Held, "");
            // Until it is killed.
            Thread.Sleep(Patience);
        }
        catch (IOException e)
        {
            Report(Refused, e.Message);
        }

        void Report(string kind, string text) => File.WriteAllText(Path.Combine(folder, $"{kind}{Environment.ProcessId}"), text);
    }

    private Process StartChild()
    {
        // This process is either the tests' own executable, or 'dotnet' with their assembly.
        string host = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(RunLockProcessTests).Assembly.Location] : [];
        ProcessStartInfo start = new(
            host,
            [.. assembly, "-noLogo", "-noColor", "-method", $"{typeof(RunLockProcessTests).FullName}.{nameof(Child_StartedByTheOtherTest_RacesAndKeepsWhatItGets)}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[FolderVariable] = _runs.Path;
        return Process.Start(start)!;
    }

    private void WaitFor(string pattern, int count) =>
        Assert.True(SpinWait.SpinUntil(() => Directory.GetFiles(_runs.Path, pattern).Length == count, Patience), $"There are not {count} files '{pattern}'.");
}
