using System.Collections.Immutable;

namespace AlexNetSharp.Server;

/// <summary>Where API keys come from.</summary>
public static class ApiKeyFile
{
    /// <summary>The environment's variable of keys, separated by commas.</summary>
    public const string Variable = "ALEXNET_API_KEYS";

    /// <summary>The keys of a file, one a line, empty lines and those that begin with # left out, and of the environment.</summary>
    /// <param name="path">The file; null for the environment alone.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file holds no key: serving without one is not what was meant.</exception>
    public static ImmutableArray<string> Read(string? path)
    {
        ImmutableArray<string> keys = [.. (Environment.GetEnvironmentVariable(Variable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (path is null)
            return keys;
        string[] ofFile = [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        return ofFile.Length > 0 ? [.. keys, .. ofFile] : throw new InvalidDataException($"'{path}' holds no API key; one a line is expected.");
    }
}
