namespace AlexNetSharp.Runs;

/// <summary>A run about to be deleted: nobody can go on with it meanwhile, until it is deleted or this is disposed of.</summary>
public sealed class RunDeletion : IDisposable
{
    private readonly string _path;
    private readonly RunLock _lock;

    private RunDeletion(string folder, string path, RunLock held)
    {
        (Folder, _path, _lock) = (folder, path, held);
        EnumerationOptions options = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        Bytes = new DirectoryInfo(path).EnumerateFiles("*", options).Where(file => file.Name != RunLock.FileName).Sum(file => file.Length);
    }

    /// <summary>The run's folder.</summary>
    public string Folder { get; }

    /// <summary>The sum of its files' lengths.</summary>
    public long Bytes { get; }

    /// <summary>Makes sure that a folder is a run's, and a run's alone, and takes it; nothing is deleted yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileNotFoundException">It holds no run.</exception>
    /// <exception cref="IOException">A living process writes there, it holds other runs as well, or it is a link.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public static RunDeletion Prepare(string folder)
    {
        _ = RunFolder.RecordPath(folder);
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (new DirectoryInfo(path).LinkTarget is string target)
            throw new IOException($"'{folder}' is a link to '{target}'; name the folder itself.");
        if (RunList.FoldersOfRuns(path, int.MaxValue).FirstOrDefault(run => run != path) is string other)
            throw new IOException($"'{folder}' holds other runs as well, such as '{other}'; delete those first, or move them.");
        RunLock held = RunLock.Acquire(folder);
        try
        {
            return new RunDeletion(folder, path, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Deletes the folder with all that is in it; links in it are deleted, and what they lead to is not touched.</summary>
    /// <exception cref="IOException">A file cannot be deleted; others may be gone.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be deleted; others may be gone.</exception>
    public void Execute() => Directory.Delete(_path, recursive: true);

    /// <summary>Gives the folder back, if it is still there.</summary>
    public void Dispose() => _lock.Dispose();
}
