using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace AlexNetSharp.Server;

/// <summary>
/// <c>alexnet train</c> in a process of its own: what happens to it happens to no request, and it gives way to those that are being answered.
/// </summary>
internal sealed partial class TrainingProcess : IDisposable
{
    private const string Shell = "/bin/sh";

    // The terminal's Ctrl+C reaches all its processes: the run is told to stop by the server alone, or it would be told twice, which ends it at once.
    // Output goes to a file: were it a pipe, the run would end with the server, even where that was killed.
    private const string Script = """trap '' INT; log=$1; shift; command -v nice >/dev/null && exec nice -n 10 "$@" >>"$log" 2>&1 </dev/null; exec "$@" >>"$log" 2>&1 </dev/null""";

    private const int Terminate = 15;

    private readonly Process _process;
    private readonly string _log;
    private int _isStopping;

    private TrainingProcess(string run, Process process, string log) => (Run, _process, _log) = (run, process, log);

    /// <summary>The run's name.</summary>
    public string Run { get; }

    /// <summary>Whether it has been told to stop.</summary>
    public bool IsStopping => Volatile.Read(ref _isStopping) != 0;

    /// <summary>Whether it still runs.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>The last thing that it complained about; null where it did not, or none was written down.</summary>
    public string? Complaint
    {
        get
        {
            const string Start = "alexnet: ";
            try
            {
                return File.ReadLines(_log).LastOrDefault(line => line.StartsWith(Start, StringComparison.Ordinal))?[Start.Length..];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>The command that starts this very program; empty where this is another one, which has no <c>train</c>.</summary>
    public static ImmutableArray<string> ThisProgram()
    {
        Assembly? entry = Assembly.GetEntryAssembly();
        if (entry?.GetName().Name != "alexnet" || Environment.ProcessPath is not string program)
            return [];
        // Started by 'dotnet alexnet.dll', or by a program of its own.
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Path.Combine(AppContext.BaseDirectory, "alexnet.dll")] : [program];
    }

    /// <summary>Starts it.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="command">The program, with arguments that come first.</param>
    /// <param name="arguments">Those of the command itself.</param>
    /// <param name="log">The file that its output is added to.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static TrainingProcess Start(string run, ImmutableArray<string> command, IEnumerable<string> arguments, string log)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        bool hasShell = File.Exists(Shell);
        string[] all = hasShell ? [Shell, "-c", Script, "alexnet-train", log, .. command, .. arguments] : [.. command, .. arguments];
        ProcessStartInfo start = new(all[0], all[1..]) { UseShellExecute = false, RedirectStandardOutput = !hasShell, RedirectStandardError = !hasShell };
        try
        {
            Process process = Process.Start(start)!;
            if (!hasShell)
                _ = KeepAsync(process, log);
            return new TrainingProcess(run, process, log);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"The training cannot be started: {e.Message}", e);
        }
    }

    /// <summary>Tells it to stop; it finishes its step and saves its state. On Windows, which knows no such signal, it goes on later from its last epoch.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _isStopping, 1) != 0 || _process.HasExited)
            return;
        if (OperatingSystem.IsWindows())
            _process.Kill();
        else
            _ = Kill(_process.Id, Terminate);
    }

    /// <summary>Ends when the process does.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Lets go of it; it runs on.</summary>
    public void Dispose() => _process.Dispose();

    private static async Task KeepAsync(Process process, string log)
    {
        await using StreamWriter writer = new(log, append: true) { AutoFlush = true };
        TextWriter shared = TextWriter.Synchronized(writer);
        await Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));

        async Task CopyAsync(StreamReader output)
        {
            while (await output.ReadLineAsync() is string line)
                shared.WriteLine(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
