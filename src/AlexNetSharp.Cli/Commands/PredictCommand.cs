using System.CommandLine;

namespace AlexNetSharp.Cli.Commands;

internal static class PredictCommand
{
    public static Command Create() => new("predict", "");
}
