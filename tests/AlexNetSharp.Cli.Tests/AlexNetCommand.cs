using System.Diagnostics;

namespace AlexNetSharp.Cli.Tests;

/// <summary>Starts the real command in a process of its own.</summary>
internal static class AlexNetCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static string RepositoryRoot { get; } = FindRoot();

    public static CommandResult Run(params string[] arguments) => RunIn(Environment.CurrentDirectory, arguments);

    public static CommandResult RunIn(string directory, params string[] arguments) =>
        Finish(Start(directory, "dotnet", [Path.Combine(AppContext.BaseDirectory, "alexnet.dll"), .. arguments]));

    public static Process Start(string directory, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        return Process.Start(start)!;
    }

    public static CommandResult Finish(Process process)
    {
        using (process)
        {
            // Both streams are drained at once: a full pipe would stop the process.
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"The command did not end within {Patience}.");
            }
            return new CommandResult(process.ExitCode, output.Result, error.Result);
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "AlexNetSharp.slnx")))
                return directory.FullName;
        }
        throw new DirectoryNotFoundException($"No AlexNetSharp.slnx above '{AppContext.BaseDirectory}'.");
    }
}
