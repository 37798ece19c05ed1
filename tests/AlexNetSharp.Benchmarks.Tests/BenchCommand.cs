using System.Diagnostics;

namespace AlexNetSharp.Benchmarks.Tests;

/// <summary>Starts the real command in a process of its own.</summary>
internal static class BenchCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "alexnet-bench.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
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
