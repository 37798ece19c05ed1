using System.CommandLine;

namespace AlexNetSharp.Cli.Commands;

internal static class SummaryCommand
{
    public static Command Create() => new("summary", "");
}
