using System.Collections.Immutable;

namespace AlexNetSharp.Runs;

/// <summary>The runs below a folder: those folders that hold a <c>run.json</c>.</summary>
public static class RunList
{
    /// <summary>The folder that runs go to unless told otherwise.</summary>
    public const string DefaultRoot = "runs";

    /// <summary>How many levels below a folder runs are looked for.</summary>
    public const int Depth = 4;

    /// <summary>All runs in a folder and below, the newest first. Links are not followed, and what may not be read is passed over.</summary>
    /// <param name="root">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static ImmutableArray<RunSummary> Find(string root)
    {
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException($"There is no folder '{root}'. Name one that holds runs.");
        return
        [
            .. FoldersOfRuns(root, Depth)
                .Select(folder => RunSummary.Read(folder, NameOf(folder, root)))
                // A damaged record does not tell when its run began; when it was written comes close.
                .OrderByDescending(run => run.Started ?? File.GetLastWriteTime(Path.Combine(run.Folder, RunRecord.FileName)))
                .ThenBy(run => run.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The folder of the run that is called so: a path, or a name below <paramref name="root"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no such run.</exception>
    /// <exception cref="IOException">It is the name of one run and the path of another.</exception>
    public static string Resolve(string name, string root)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string below = Path.Combine(root, name);
        bool isPath = IsRun(name);
        // Not '../x', which is no name in the list.
        bool isName = IsRun(below) && Path.GetFullPath(below).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (isPath && isName && Path.GetFullPath(name) != Path.GetFullPath(below))
            throw new IOException($"'{name}' may mean '{Path.GetFullPath(name)}' or '{Path.GetFullPath(below)}', which are two runs; write the whole path.");
        if (isName)
            return below;
        if (isPath)
            return name;
        throw new FileNotFoundException(Directory.Exists(name) || Directory.Exists(below)
            ? $"'{name}' is not the folder of a run: there is no {RunRecord.FileName} in it."
            : $"There is no run '{name}', neither at that path nor below '{root}'; 'alexnet runs {root}' lists those that there are.");
    }

    /// <summary>The folders of runs below a folder, itself included.</summary>
    internal static IEnumerable<string> FoldersOfRuns(string root, int depth)
    {
        EnumerationOptions options = new() { RecurseSubdirectories = true, MaxRecursionDepth = depth, AttributesToSkip = FileAttributes.ReparsePoint };
        return Directory.EnumerateFiles(root, RunRecord.FileName, options).Select(path => Path.GetDirectoryName(path)!);
    }

    private static bool IsRun(string folder) => File.Exists(Path.Combine(folder, RunRecord.FileName));

    private static string? NameOf(string folder, string root) => Path.GetRelativePath(root, folder) is var name and not "." ? name : null;
}
