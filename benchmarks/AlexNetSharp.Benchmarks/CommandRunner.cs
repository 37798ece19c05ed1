using System.CommandLine;
using System.CommandLine.Parsing;
using AlexNetSharp.Cli;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Models;

namespace AlexNetSharp.Benchmarks;

/// <summary>Runs a command line and turns whatever happens into an exit code, as the alexnet command does: 0 done, 1 failed, 2 usage, 130 interrupted.</summary>
internal static class CommandRunner
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Interrupted = 130;

    public static int Run(RootCommand root, string[] args)
    {
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
            return Fail(MostTelling(parsed), Usage);
        try
        {
            // Asked now, so that a value that is none is a usage error and not a failure deep in a run.
            _ = VectorWidth.Bits;
        }
        catch (InvalidOperationException e)
        {
            return Fail(e.Message, Usage);
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException)
        {
            return Fail("Interrupted.", Interrupted);
        }
        catch (UsageException e)
        {
            return Fail(e.Message, Usage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or InvalidModelException or OutOfMemoryException)
        {
            return Fail(e.Message, Failed);
        }
    }

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine($"alexnet-bench: {message.ReplaceLineEndings(" ").Trim()}");
        return exitCode;
    }

    // The parser lists what is missing or left over before what is wrong with a value, though that is often the cause of it.
    private static string MostTelling(ParseResult parsed) => parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens is [string unknown, ..]
        ? $"There is no command or option '{unknown}'. See 'alexnet-bench --help'."
        : (parsed.Errors.FirstOrDefault(error => error.SymbolResult is ArgumentResult or OptionResult) ?? parsed.Errors[0]).Message;
}
