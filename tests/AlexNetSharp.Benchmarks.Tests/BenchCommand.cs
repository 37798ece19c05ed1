using System.Diagnostics;

namespace AlexNetSharp.Benchmarks.Tests;

/// <summary>Starts the real command in a process of its own.</summary>
internal static class BenchCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static (int ExitCode, string Output, string Error) Run(params string[] arguments) => RunAtHome(null, arguments);

    /// <summary>Runs as a user whose home is <paramref name="home"/>, and not as a CI job, of which libraries may take notice.</summary>
    public static (int ExitCode, string Output, string Error) RunAtHome(string? home, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "alexnet-bench.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (home is not null)
        {
            start.Environment["HOME"] = home;
            start.Environment.Remove("XDG_CACHE_HOME");
            start.Environment.Remove("CI");
        }
        using Process process = Process.Start(start)!;
        // Both streams are drained at once: a full pipe would stop the process.
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"The command did not end within {Patience}.");
        }
        return (process.ExitCode, output.Result, error.Result);
    }
}
