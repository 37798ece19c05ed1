using System.Text.Json;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Runs;

/// <summary>A run's folder: <c>run.json</c>, <c>metrics.jsonl</c> (written line by line as the run goes) and <c>model.safetensors</c>.</summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>The name of the file of the trained model.</summary>
    public const string ModelName = "model.safetensors";

    private readonly StreamWriter _metrics;

    private RunFolder(string path)
    {
        Path = path;
        _metrics = new StreamWriter(System.IO.Path.Combine(path, RunMetrics.FileName)) { AutoFlush = true };
    }

    /// <summary>Its path.</summary>
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

    /// <summary>Adds a line to the run's metrics.</summary>
    public void WriteMetric<T>(T metric) => _metrics.WriteLine(JsonSerializer.Serialize(metric, typeof(T), RunsJsonForms.Line));

    /// <summary>Writes the run's record.</summary>
    public void WriteRecord(RunRecord record) => File.WriteAllText(System.IO.Path.Combine(Path, RunRecord.FileName), record.ToJson());

    /// <summary>Writes the trained model.</summary>
    public void SaveModel(Network network) => ModelFile.Save(network, System.IO.Path.Combine(Path, ModelName));

    /// <summary>Closes the metrics.</summary>
    public void Dispose() => _metrics.Dispose();

    // Models of people's own may be called anything.
    private static string FileNameOf(string model) => string.Concat(model.Select(c => System.IO.Path.GetInvalidFileNameChars().Contains(c) ? '-' : c));

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
