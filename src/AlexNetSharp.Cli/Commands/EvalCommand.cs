using System.CommandLine;

namespace AlexNetSharp.Cli.Commands;

internal static class EvalCommand
{
    public static Command Create() => new("eval", "");
}
