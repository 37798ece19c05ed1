using System.CommandLine;

namespace AlexNetSharp.Cli.Commands;

internal static class BenchCommand
{
    public static Command Create() => new("bench", "");
}
