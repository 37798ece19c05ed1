using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;

namespace AlexNetSharp.Runs;

/// <summary>The process that writes into a run's folder, as the folder's <c>run.lock</c> names it.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Start">When it started, which tells it from a later process of the same number: on Linux the clock ticks after the machine's start, elsewhere ticks of 100 ns, UTC.</param>
/// <param name="Host">The machine that it runs on.</param>
/// <param name="Since">When it began to write into the folder.</param>
public sealed record RunHolder(int Pid, long Start, string Host, DateTimeOffset Since)
{
    /// <summary>Whether it is the process that asks.</summary>
    [JsonIgnore]
    public bool IsThisProcess => IsOnThisHost && Pid == Environment.ProcessId && Start == StartOf(Pid);

    /// <summary>Whether it is on the machine that asks.</summary>
    [JsonIgnore]
    public bool IsOnThisHost => Host == Environment.MachineName;

    /// <summary>Whether it lives. What is on another machine cannot be seen, and is taken for living.</summary>
    [JsonIgnore]
    public bool IsAlive
    {
        get
        {
            try
            {
                return !IsOnThisHost || StartOf(Pid) == Start;
            }
            catch (Win32Exception)
            {
                // It is there, but is not ours to look at.
                return true;
            }
        }
    }

    /// <summary>This machine's process <paramref name="pid"/>, from now on.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static RunHolder Of(int pid) => new(
        pid, StartOf(pid) ?? throw new ArgumentException($"There is no process {pid}.", nameof(pid)), Environment.MachineName, DateTimeOffset.Now);

    // Null where there is no such process. Linux works its processes' times of day out anew each time they are asked for: they vary.
    private static long? StartOf(int pid) => OperatingSystem.IsLinux() ? TicksOf(pid) : TimeOf(pid);

    private static long? TicksOf(int pid)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return null;
        }
        // Number, name in parentheses, which may hold anything, state, and so on: the start is the 22nd, the 20th after the name (man 5 proc).
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        // What has ended and is only waited for by its parent writes nothing more.
        return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
    }

    private static long? TimeOf(int pid)
    {
        try
        {
            using Process process = Process.GetProcessById(pid);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
