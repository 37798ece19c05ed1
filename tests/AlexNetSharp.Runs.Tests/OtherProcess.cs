using System.Diagnostics;

namespace AlexNetSharp.Runs.Tests;

/// <summary>A process that does nothing, to be named in locks and to be killed.</summary>
internal sealed class OtherProcess : IDisposable
{
    private readonly Process _process;

    public OtherProcess()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The other process is sleep, which Windows does not have.");
        _process = Process.Start("sleep", "600");
    }

    public int Id => _process.Id;

    /// <summary>Writes the lock that it would write.</summary>
    public RunHolder Hold(string folder)
    {
        RunHolder holder = RunHolder.Of(Id);
        Locks.Write(folder, holder);
        return holder;
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
