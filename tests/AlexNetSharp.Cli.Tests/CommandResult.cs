using System.Text.Json;

namespace AlexNetSharp.Cli.Tests;

/// <summary>How a run of the command ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Lines(Output);

    public string[] ErrorLines => Lines(Error);

    /// <summary>The last line of standard output as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(OutputLines[^1]).RootElement;

    public static string[] Keys(JsonElement json) => [.. json.EnumerateObject().Select(property => property.Name)];

    /// <summary>Asserts one clear line that holds all of <paramref name="parts"/>, and no stack trace.</summary>
    public void AssertFails(int exitCode, params string[] parts)
    {
        Assert.Equal(exitCode, ExitCode);
        string line = Assert.Single(ErrorLines);
        Assert.StartsWith("alexnet: ", line, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }

    public void AssertDone() => Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Error}");

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
