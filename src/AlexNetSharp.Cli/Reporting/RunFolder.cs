using System.Text.Json;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Cli.Settings;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>A run's folder: <c>run.json</c>, <c>metrics.jsonl</c> (written line by line as the run goes) and <c>model.safetensors</c>.</summary>
internal sealed class RunFolder : IDisposable
{
    private const string MetricsName = "metrics.jsonl";
    private const string RunName = "run.json";

    private readonly StreamWriter _metrics;

    private RunFolder(string path)
    {
        Path = path;
        _metrics = new StreamWriter(System.IO.Path.Combine(path, MetricsName)) { AutoFlush = true };
    }

    public string Path { get; }

    /// <summary>Where the models of single epochs go.</summary>
    public string CheckpointFolder => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>Creates the folder and shows that it can be written to, before any time is spent on training.</summary>
    /// <param name="path">The folder; null for <c>runs/(date)-(model)</c>.</param>
    /// <param name="model">The model's name.</param>
    /// <exception cref="IOException">The folder holds something already, or cannot be made.</exception>
    public static RunFolder Create(string? path, string model)
    {
        string folder = path ?? FreeName(System.IO.Path.Combine("runs", $"{DateTime.Now:yyyy-MM-dd-HHmmss}-{FileNameOf(model)}"));
        try
        {
            if (File.Exists(folder))
                throw new IOException($"--out '{folder}' is a file; name a folder.");
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new IOException($"--out '{folder}' is not empty, and nothing in it shall be lost; name a new folder.");
            Directory.CreateDirectory(folder);
            return new RunFolder(folder);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException or FileNotFoundException)
        {
            throw new IOException($"--out '{folder}' cannot be written to ({e.Message.TrimEnd('.')}). Name a folder that you may write to.", e);
        }
    }

    /// <summary>The data that a run was trained on; null where the folder is none of a run, or does not say.</summary>
    public static string? DataOf(string folder)
    {
        string path = System.IO.Path.Combine(folder, RunName);
        return File.Exists(path) ? TrainConfig.Read(path).Data : null;
    }

    /// <summary>A name that files may have: models and layers of people's own may be called anything.</summary>
    public static string FileNameOf(string name) => string.Concat(name.Select(c => System.IO.Path.GetInvalidFileNameChars().Contains(c) ? '-' : c));

    public void WriteMetric<T>(T metric) => _metrics.WriteLine(JsonSerializer.Serialize(metric, typeof(T), JsonForms.Line));

    public void WriteRun(RunJson run) => File.WriteAllText(System.IO.Path.Combine(Path, RunName), JsonSerializer.Serialize(run, JsonForms.Indented.RunJson) + "\n");

    public void SaveModel(Network network) => ModelFile.Save(network, System.IO.Path.Combine(Path, ModelArgument.FileName));

    public void Dispose() => _metrics.Dispose();

    // Two runs may begin within a second.
    private static string FreeName(string wanted)
    {
        string name = wanted;
        for (int i = 2; IsTaken(name); i++)
            name = $"{wanted}-{i}";
        return name;

        static bool IsTaken(string path) => Directory.Exists(path) || File.Exists(path);
    }
}
