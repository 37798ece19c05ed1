using System.Text;
using System.Text.Json;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Training;

namespace AlexNetSharp.Runs;

/// <summary>A run's folder: <c>run.json</c>, <c>metrics.jsonl</c> (written line by line as the run goes), <c>checkpoints</c>, <c>tensorboard</c> and <c>model.safetensors</c>.</summary>
public sealed class RunFolder : IDisposable
{
    /// <summary>The name of the file of the trained model.</summary>
    public const string ModelName = "model.safetensors";

    private const string CheckpointsName = "checkpoints";
    private const string EventsName = "tensorboard";

    private readonly RunLock _lock;
    private FileStream? _metrics;

    private RunFolder(string path, RunLock runLock)
    {
        Path = path;
        _lock = runLock;
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Where the models of single epochs and the run's state go.</summary>
    public string CheckpointFolder => System.IO.Path.Combine(Path, CheckpointsName);

    /// <summary>Where event files for TensorBoard go.</summary>
    public string EventFolder => System.IO.Path.Combine(Path, EventsName);

    private string MetricsPath => System.IO.Path.Combine(Path, RunMetrics.FileName);

    /// <summary>Creates the folder and shows that it can be written to, before any time is spent on training.</summary>
    /// <param name="path">The folder; null for <c>runs/(date)-(model)</c>.</param>
    /// <param name="model">The model's name.</param>
    /// <exception cref="IOException">The folder holds something already, or cannot be made.</exception>
    public static RunFolder Create(string? path, string model) =>
        Make(path ?? FreeName(System.IO.Path.Combine("runs", $"{DateTime.Now:yyyy-MM-dd-HHmmss}-{FileNameOf(model)}")));

    /// <summary>Opens the folder of a run that is to go on.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="FileNotFoundException">It is none of a run.</exception>
    /// <exception cref="IOException">A process that lives writes into it, or it cannot be written to.</exception>
    public static RunFolder Open(string path)
    {
        _ = RecordPath(path);
        RunFolder folder = new(path, RunLock.Acquire(path));
        // Of the process that was killed.
        DurableFile.DeleteTemporary(folder.Path);
        DurableFile.DeleteTemporary(folder.CheckpointFolder);
        return folder;
    }

    /// <summary>Copies the folder of a run that is to go on elsewhere, where the old place is full or read only. The old folder stays as it is.</summary>
    /// <param name="from">The folder.</param>
    /// <param name="to">The new one; must be new or empty.</param>
    /// <exception cref="FileNotFoundException"><paramref name="from"/> is none of a run.</exception>
    /// <exception cref="IOException">A process that lives writes into <paramref name="from"/>, <paramref name="to"/> holds something already, or a file cannot be copied.</exception>
    public static RunFolder Copy(string from, string to)
    {
        _ = RecordPath(from);
        if (RunLock.IsHeld(from))
            throw new IOException($"'{from}' is still being written to; stop that run first.");
        RunFolder folder = Make(to);
        string checkpoints = System.IO.Path.Combine(from, CheckpointsName), events = System.IO.Path.Combine(from, EventsName);
        string[] files =
        [
            .. new[] { RunRecord.FileName, RunMetrics.FileName }.Select(name => System.IO.Path.Combine(from, name)).Where(File.Exists),
            .. Directory.Exists(checkpoints) ? Directory.GetFiles(checkpoints, "*.safetensors") : [],
            .. Directory.Exists(events) ? Directory.GetFiles(events) : [],
        ];
        Directory.CreateDirectory(folder.CheckpointFolder);
        foreach (string file in files)
        {
            string copy = System.IO.Path.Combine(folder.Path, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            using FileStream source = File.OpenRead(file);
            DurableFile.Write(copy, source.Length, source.CopyTo);
        }
        return folder;
    }

    /// <summary>The path of a run's record.</summary>
    /// <param name="path">The run's folder.</param>
    /// <exception cref="FileNotFoundException">It is none of a run.</exception>
    public static string RecordPath(string path)
    {
        string record = System.IO.Path.Combine(path, RunRecord.FileName);
        return File.Exists(record)
            ? record
            : throw new FileNotFoundException($"'{path}' is not the folder of a run: there is no {RunRecord.FileName} in it. Name the folder that 'alexnet train' wrote to.");
    }

    /// <summary>Adds a line to the run's metrics.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteMetric<T>(T metric)
    {
        if (_metrics is null)
            throw new InvalidOperationException("Say first after which step metrics begin, by RewindMetrics.");
        DurableFile.Append(_metrics, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(metric, typeof(T), RunsJsonForms.Line) + "\n"));
    }

    /// <summary>Makes sure that all lines of the metrics are on the disk, which matters when the machine's power fails.</summary>
    public void FlushMetrics() => _metrics?.Flush(flushToDisk: true);

    /// <summary>Takes the metrics back to a step, after which the run writes them anew: no step is there twice, and none is missing.</summary>
    /// <param name="step">The last step that counts.</param>
    /// <param name="evaluatedEpochs">The last epoch whose end counts: it may come after the step was kept.</param>
    /// <returns>The metrics until then.</returns>
    /// <exception cref="InvalidDataException">A line is no metric.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public RunMetrics RewindMetrics(int step, int evaluatedEpochs)
    {
        RunMetrics metrics = RunMetrics.Read(Path).Until(step, evaluatedEpochs);
        StringBuilder lines = new();
        foreach (object metric in metrics.InOrder())
            lines.Append(JsonSerializer.Serialize(metric, metric.GetType(), RunsJsonForms.Line)).Append('\n');
        DurableFile.Write(MetricsPath, Encoding.UTF8.GetBytes(lines.ToString()));
        _metrics = new FileStream(MetricsPath, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
        return metrics;
    }

    /// <summary>Writes the run's record.</summary>
    /// <exception cref="IOException">It cannot be written; the one before is untouched.</exception>
    public void WriteRecord(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        DurableFile.Write(System.IO.Path.Combine(Path, RunRecord.FileName), Encoding.UTF8.GetBytes(record.ToJson()));
    }

    /// <summary>Writes the trained model.</summary>
    /// <exception cref="IOException">It cannot be written; the one before is untouched.</exception>
    public void SaveModel(Network network) => ModelFile.Save(network, System.IO.Path.Combine(Path, ModelName));

    /// <summary>The newest whole state that the run left; null where there is none.</summary>
    /// <param name="damaged">Told of newer ones that are damaged.</param>
    public TrainingState? FindState(Action<string>? damaged) => TrainingStateKeeper.FindNewest(CheckpointFolder, damaged);

    /// <summary>A name that a file or folder can have: models of people's own may be called anything.</summary>
    public static string FileNameOf(string model) => string.Concat(model.Select(c => System.IO.Path.GetInvalidFileNameChars().Contains(c) ? '-' : c));

    /// <summary>Closes the metrics and lets others write into the folder.</summary>
    public void Dispose()
    {
        _metrics?.Dispose();
        _lock.Dispose();
    }

    private static RunFolder Make(string path)
    {
        try
        {
            if (File.Exists(path))
                throw new IOException($"'{path}' is a file; name a folder.");
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
                throw new IOException($"'{path}' is not empty, and nothing in it shall be lost; name a new folder.");
            Directory.CreateDirectory(path);
            return new RunFolder(path, RunLock.Acquire(path));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or DirectoryNotFoundException or FileNotFoundException)
        {
            throw new IOException($"'{path}' cannot be written to ({e.Message.TrimEnd('.')}). Name a folder that you may write to.", e);
        }
    }

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
