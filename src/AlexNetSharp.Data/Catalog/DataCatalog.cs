using System.Collections.Immutable;
using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>Loads a data set by its name, from this machine or else from the network, or by its path.</summary>
public sealed class DataCatalog
{
    private readonly DataLocations _locations;
    private readonly DatasetDownloader _downloader;
    private readonly ImmutableArray<DatasetSource> _sources;

    /// <summary>A catalog of all known sets, looked for in the places of this machine.</summary>
    public DataCatalog()
        : this(DataLocations.FromEnvironment(), new DatasetDownloader(), DatasetSource.All)
    {
    }

    /// <summary>A catalog of <paramref name="sources"/>, looked for in <paramref name="locations"/>.</summary>
    /// <param name="locations">Where to look, and where to keep what is downloaded.</param>
    /// <param name="downloader">Fetches what is found nowhere.</param>
    /// <param name="sources">The sets known by name.</param>
    public DataCatalog(DataLocations locations, DatasetDownloader downloader, ImmutableArray<DatasetSource> sources)
    {
        ArgumentNullException.ThrowIfNull(locations);
        ArgumentNullException.ThrowIfNull(downloader);
        _locations = locations;
        _downloader = downloader;
        _sources = sources;
    }

    /// <summary>The names of the known sets that lie on this machine, and so are loaded without a download.</summary>
    public ImmutableArray<string> FindLocal() =>
    [
        .. _sources.Select(source => source.Name).Where(name => Find(name, IdxDirectory.IsComplete) is not null),
        .. CifarDirectory.Known.Select(source => source.Name).Where(name => Find(name, CifarDirectory.IsOne) is not null),
    ];

    /// <summary>Loads a data set.</summary>
    /// <param name="nameOrPath">
    /// A known name; a directory of IDX files (<see cref="IdxDirectory"/>) or of CIFAR's (<see cref="CifarDirectory"/>); a folder with a subfolder
    /// a class (<see cref="ImageFolder"/>); or a CSV file (<see cref="PictureTable"/>). A name goes before a directory of the current directory
    /// that is called the same: write <c>./mnist</c> for that.
    /// </param>
    /// <param name="progress">Told how a download gets on, where there is one.</param>
    /// <param name="cancellationToken">Stops a download; what has arrived is kept for the next time.</param>
    /// <exception cref="DirectoryNotFoundException">It is neither a known name nor a path, or a known set that lies nowhere and cannot be downloaded.</exception>
    /// <exception cref="InvalidDataException">The files are damaged or do not belong together.</exception>
    /// <exception cref="IOException">A file is missing, or could not be downloaded or read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public DataSplits Load(string nameOrPath, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Load(nameOrPath, null, progress, cancellationToken);

    /// <summary>Loads a data set, reads every picture and tells what is wrong.</summary>
    /// <param name="nameOrPath">As for <see cref="Load(string, IProgress{DownloadProgress}?, CancellationToken)"/>.</param>
    /// <param name="progress">Told after every hundred pictures.</param>
    /// <param name="downloadProgress">Told how a download gets on, where there is one.</param>
    /// <param name="cancellationToken">Stops the download or the check.</param>
    /// <exception cref="IOException">As for <see cref="Load(string, IProgress{DownloadProgress}?, CancellationToken)"/>: there is no data set to be checked.</exception>
    /// <exception cref="InvalidDataException">The data set's form keeps it from being loaded at all.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public DataReport Check(
        string nameOrPath, IProgress<PictureProgress>? progress = null, IProgress<DownloadProgress>? downloadProgress = null, CancellationToken cancellationToken = default)
    {
        List<DataProblem> problems = [];
        DataSplits data = Load(nameOrPath, problems, downloadProgress, cancellationToken);
        return DataCheck.Run(data, problems.OrderBy(problem => problem.Path, StringComparer.Ordinal), progress, cancellationToken);
    }

    private DataSplits Load(string nameOrPath, ICollection<DataProblem>? problems, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (_sources.FirstOrDefault(source => source.Name.Equals(nameOrPath, StringComparison.OrdinalIgnoreCase)) is { } known)
            return IdxDirectory.Load(Find(known.Name, IdxDirectory.IsComplete) ?? Download(known, progress, cancellationToken));
        if (CifarDirectory.Find(nameOrPath) is { } cifar)
            return LoadCifar(cifar);
        if (File.Exists(nameOrPath))
        {
            return Path.GetExtension(nameOrPath).Equals(".csv", StringComparison.OrdinalIgnoreCase)
                ? PictureTable.Load(nameOrPath, 0, null, problems)
                : throw new InvalidDataException($"'{nameOrPath}': expected a directory or a CSV file of path,label, found a file that is not called .csv. Name the directory that it lies in, or the list.");
        }
        if (IdxDirectory.HasFiles(nameOrPath))
            return IdxDirectory.Load(nameOrPath);
        if (CifarDirectory.IsOne(nameOrPath))
            return CifarDirectory.Load(nameOrPath);
        if (ImageFolder.IsOne(nameOrPath))
            return ImageFolder.Load(nameOrPath, 0, null, problems);
        throw Directory.Exists(nameOrPath) ? NotRecognised(nameOrPath) : new DirectoryNotFoundException(
            $"'{nameOrPath}' is neither a known data set nor a path. Known: {string.Join(", ", _sources.Select(source => source.Name).Concat(CifarDirectory.Known.Select(each => each.Name)))}; "
            + "anything else is the path of a folder with one subfolder a class, of a CSV file of path,label, or of a directory with IDX or CIFAR files.");
    }

    private DataSplits LoadCifar(CifarSource source) => CifarDirectory.Load(Find(source.Name, CifarDirectory.IsOne) ?? throw new DirectoryNotFoundException(
        $"'{source.Name}' is not on this machine, and is not downloaded. Fetch {source.Archive} and unpack it into '{Path.Combine(_locations.CacheDirectory, source.Name)}' "
        + $"or '{source.Name}' in ${DataLocations.EnvironmentVariable}."));

    /// <summary>What is in a directory that holds no data set.</summary>
    private static InvalidDataException NotRecognised(string directory)
    {
        const int Most = 3;
        string[] names = [.. new DirectoryInfo(directory).EnumerateFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal)];
        string found = names.Length == 0 ? "nothing" : string.Join(", ", names.Take(Most)) + (names.Length > Most ? $" and {names.Length - Most} more" : "");
        return new InvalidDataException(
            $"'{directory}': expected one subfolder a class with pictures, or the files {IdxFileName.Expected} (plain or .gz), or CIFAR's data_batch_1.bin or train.bin; found {found}. "
            + "Put the pictures of each class into a folder of its name, or check the path.");
    }

    private IEnumerable<string> Places(string name) => _locations.SearchPath.Append(_locations.CacheDirectory).Select(place => Path.Combine(place, name));

    /// <summary>The first place that holds all files of the set; a half-filled one is passed over.</summary>
    private string? Find(string name, Func<string, bool> isThere) => Places(name).FirstOrDefault(isThere);

    private string Download(DatasetSource source, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        string directory = Path.Combine(_locations.CacheDirectory, source.Name);
        // Loading is otherwise reading files and computing, which nobody waits for asynchronously; the downloader never comes
        // back to the caller's synchronization context, so waiting here cannot lock up.
        _downloader.DownloadAsync(source, directory, progress, cancellationToken).GetAwaiter().GetResult();
        return directory;
    }
}
