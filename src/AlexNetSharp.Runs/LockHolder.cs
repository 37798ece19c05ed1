using System.Diagnostics;
using System.Globalization;

namespace AlexNetSharp.Runs;

/// <summary>The process that holds a <see cref="RunLock"/>.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Start">When it started, as its system counts: tells it from a later process of the same number.</param>
/// <param name="Host">The machine.</param>
/// <param name="Since">When it took the lock.</param>
internal sealed record LockHolder(int Pid, string Start, string Host, DateTimeOffset Since)
{
    /// <summary>This process, now.</summary>
    public static LockHolder Own() => new(Environment.ProcessId, StartOf(Environment.ProcessId) ?? "", Environment.MachineName, DateTimeOffset.Now);

    /// <summary>Whether it lives; null where it ran on another machine.</summary>
    public bool? IsAlive() => Host == Environment.MachineName ? StartOf(Pid) == Start : null;

    // Null where there is no such process.
    private static string? StartOf(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // Ticks since the system started, the 22nd field: times of day move when clocks are set. The second field is a name in parentheses, which may hold anything.
                string status = File.ReadAllText($"/proc/{pid}/stat");
                string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
                // A process that has ended but was not waited for is a zombie: it writes no more.
                return fields[0] is "Z" or "X" ? null : fields[19];
            }
            using Process process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
