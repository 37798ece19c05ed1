using System.CommandLine;
using System.CommandLine.Parsing;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Cli;

/// <summary>Runs a command line and turns whatever happens into an exit code: 0 done, 1 failed, 2 usage, 130 interrupted.</summary>
internal static class CommandRunner
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Interrupted = 130;

    public static int Run(RootCommand root, string[] args)
    {
        // A picture may be called '@home.png': no response files.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            WriteError($"{OneLine(MostTelling(parsed))} See '{NameOf(parsed.CommandResult)} --help'.");
            return Usage;
        }
        try
        {
            // Asked now, so that a value that is none is a usage error and not a failure deep in a run.
            _ = VectorWidth.Bits;
        }
        catch (InvalidOperationException e)
        {
            WriteError(e.Message);
            return Usage;
        }
        try
        {
            // Ctrl+C is handled by the commands that have something to finish.
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException e)
        {
            WriteError(e.Message);
            return Usage;
        }
        catch (OperationCanceledException)
        {
            WriteError("Interrupted.");
            return Interrupted;
        }
        catch (Exception e) when (IsUserError(e))
        {
            WriteError(e.Message);
            return Failed;
        }
    }

    /// <summary>Whether an exception is about what the user gave or the machine has, so that its message is all there is to say.</summary>
    public static bool IsUserError(Exception e) => e
        is IOException or UnauthorizedAccessException or InvalidDataException or InvalidModelException or TrainingDivergedException or OutOfMemoryException;

    public static void WriteError(string message) => Console.Error.WriteLine($"alexnet: {OneLine(message)}");

    // The parser lists what is missing or left over before what is wrong with a value, though that is often the cause of it.
    private static string MostTelling(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens is [string unknown, ..])
            return $"There is no command or option '{unknown}'.";
        return (parsed.Errors.FirstOrDefault(error => error.SymbolResult is ArgumentResult or OptionResult) ?? parsed.Errors[0]).Message;
    }

    private static string NameOf(SymbolResult command) => command is CommandResult { Command: not RootCommand } named ? $"{NameOf(named.Parent!)} {named.Command.Name}" : "alexnet";

    // Messages quote files that nobody trusts: nothing in them may steer the terminal.
    private static string OneLine(string message) => string.Concat(message.ReplaceLineEndings(" ").Trim().Select(letter => char.IsControl(letter) ? '?' : letter));
}
