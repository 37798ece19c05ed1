using System.Globalization;
using AlexNetSharp.Runs;

namespace AlexNetSharp.Server;

/// <summary>Finds the versions that a source holds.</summary>
internal static class ModelVersions
{
    private const string Only = "1";
    private const string Extension = ".safetensors";

    /// <summary>Every version with its file, in rising order.</summary>
    /// <exception cref="FileNotFoundException">There is no model.</exception>
    public static IReadOnlyList<(string Version, string File)> Find(ModelSource source)
    {
        if (File.Exists(source.Path))
            return [(Only, source.Path)];
        if (!Directory.Exists(source.Path))
            throw new FileNotFoundException($"There is no model at '{source.Path}'. Train one with 'alexnet train', or name a {Extension} file or a folder with one.");
        string ofRun = Path.Combine(source.Path, RunFolder.ModelName);
        if (File.Exists(ofRun))
            return [(Only, ofRun)];
        List<(int Number, string File)> versions = [];
        foreach (string entry in Directory.EnumerateFileSystemEntries(source.Path))
        {
            bool isFolder = Directory.Exists(entry);
            string name = isFolder ? Path.GetFileName(entry) : Path.GetFileNameWithoutExtension(entry);
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && FileIn(entry, isFolder) is string file)
                versions.Add((number, file));
        }
        return versions.Count > 0
            ? [.. versions.OrderBy(version => version.Number).Select(version => (version.Number.ToString(CultureInfo.InvariantCulture), version.File))]
            : throw new FileNotFoundException($"The folder '{source.Path}' holds no model: {RunFolder.ModelName}, or versions such as 1{Path.DirectorySeparatorChar}{RunFolder.ModelName}, are expected.");
    }

    private static string? FileIn(string entry, bool isFolder)
    {
        if (!isFolder)
            return Path.GetExtension(entry) == Extension ? entry : null;
        string usual = Path.Combine(entry, RunFolder.ModelName);
        return File.Exists(usual) ? usual : Directory.EnumerateFiles(entry, "*" + Extension).Order(StringComparer.Ordinal).FirstOrDefault();
    }
}
