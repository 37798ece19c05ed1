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

    /// <summary>Loads a data set.</summary>
    /// <param name="nameOrPath">
    /// A known name, or a directory of IDX files as <see cref="IdxDirectory"/> reads them. A name goes before a directory of the
    /// current directory that is called the same: write <c>./mnist</c> for that.
    /// </param>
    /// <param name="progress">Told how a download gets on, where there is one.</param>
    /// <param name="cancellationToken">Stops a download; what has arrived is kept for the next time.</param>
    /// <exception cref="DirectoryNotFoundException">It is neither a known name nor a directory.</exception>
    /// <exception cref="InvalidDataException">The files are damaged or do not belong together.</exception>
    /// <exception cref="IOException">A file is missing, or could not be downloaded or read.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public DataSplits Load(string nameOrPath, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (_sources.FirstOrDefault(source => source.Name.Equals(nameOrPath, StringComparison.OrdinalIgnoreCase)) is { } known)
            return IdxDirectory.Load(Find(known.Name) ?? Download(known, progress, cancellationToken));
        if (IdxDirectory.Exists(nameOrPath))
            return IdxDirectory.Load(nameOrPath);
        throw new DirectoryNotFoundException(
            $"'{nameOrPath}' is neither a known data set nor a directory. "
            + $"Known: {string.Join(", ", _sources.Select(source => source.Name))}; anything else is the path of a directory with IDX files.");
    }

    /// <summary>The first place that holds all files of the set; a half-filled one is passed over.</summary>
    private string? Find(string name) => _locations.SearchPath
        .Append(_locations.CacheDirectory)
        .Select(place => Path.Combine(place, name))
        .FirstOrDefault(IdxDirectory.IsComplete);

    private string Download(DatasetSource source, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        string directory = Path.Combine(_locations.CacheDirectory, source.Name);
        // Loading is otherwise reading files and computing, which nobody waits for asynchronously; the downloader never comes
        // back to the caller's synchronization context, so waiting here cannot lock up.
        _downloader.DownloadAsync(source, directory, progress, cancellationToken).GetAwaiter().GetResult();
        return directory;
    }
}
