namespace AlexNetSharp.Cli;

/// <summary>A file that a command is to write.</summary>
internal static class OutputFile
{
    /// <summary>Refuses to write over what is there, before anything is computed.</summary>
    /// <exception cref="IOException">There is a file already, and <paramref name="force"/> is not set; or a folder.</exception>
    public static void RequireFree(string path, bool force)
    {
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder; --out names the file to write.");
        if (!force && File.Exists(path))
            throw new IOException($"'{path}' is there already. Name another file, or write over it with --force.");
    }
}
