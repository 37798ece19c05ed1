using System.Collections.Immutable;
using System.Globalization;
using AlexNetSharp.Models;
using Microsoft.Extensions.Logging;

namespace AlexNetSharp.Server;

/// <summary>All models by name and version. Files that were replaced are read again; broken ones leave what was served before.</summary>
internal sealed partial class ModelRepository : IDisposable
{
    private readonly ServerServices _services;
    private readonly ILogger<ModelRepository> _logger;
    private readonly Lock _changes = new();
    private readonly Dictionary<string, (FileStamp Stamp, bool Tried)> _newFiles = [];
    private ImmutableList<ModelSource> _sources;
    private volatile ImmutableSortedDictionary<string, ImmutableArray<ServedModel>> _models = ImmutableSortedDictionary.Create<string, ImmutableArray<ServedModel>>(StringComparer.Ordinal);
    private volatile bool _loaded, _disposed;

    public ModelRepository(ServerServices services, ILogger<ModelRepository> logger)
    {
        (_services, _logger) = (services, logger);
        ImmutableArray<ModelSource> models = services.Options.Models;
        _sources = models.IsDefaultOrEmpty ? [new ModelSource(PretrainedModel.Name, PretrainedModel.Path)] : [.. models];
    }

    /// <summary>Whether all models that were asked for at the start have been loaded.</summary>
    public bool IsLoaded => _loaded;

    /// <summary>The names, in order, each with its versions, in rising order.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<ServedModel>> Models => _models;

    /// <summary>The model of a name: a version, or the highest; null where there is none.</summary>
    public ServedModel? Find(string name, string? version = null)
    {
        if (!_models.TryGetValue(name, out ImmutableArray<ServedModel> versions))
            return null;
        return version is null ? versions[^1] : versions.FirstOrDefault(served => served.Version == version);
    }

    /// <summary>A model to compute with.</summary>
    /// <param name="name">Its name; null for the first that was asked for.</param>
    /// <param name="version">Its version; null for the highest.</param>
    /// <exception cref="RequestException">There is none (404), or not yet (503).</exception>
    public ModelLease Require(string? name, string? version)
    {
        // A version may be retired, and the next one be the highest, while it is looked for.
        for (ServedModel? served = Find(name ?? _sources[0].Name, version); served is not null; served = Find(name ?? _sources[0].Name, version))
        {
            if (served.Acquire() is LoadedModel model)
                return new ModelLease(model);
            if (_disposed)
                break;
        }
        if (!_loaded)
            throw RequestException.Loading("Models are being loaded; try again later.");
        throw RequestException.NotFound(version is null
            ? $"There is no model '{name}'. Served are: {string.Join(", ", _models.Keys)}."
            : $"There is no version '{version}' of a model '{name}'. Served are: {string.Join(", ", _models.SelectMany(model => model.Value).Select(served => $"{served.Name}/{served.Version}"))}.");
    }

    /// <summary>The model that answers where none is named: the first that was asked for.</summary>
    public ServedModel? Default => Find(_sources[0].Name);

    /// <summary>Loads what was asked for.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is broken.</exception>
    /// <exception cref="InvalidModelException">A model does not fit together.</exception>
    public void LoadAll(CancellationToken cancellationToken)
    {
        foreach (ModelSource source in _sources)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Load(source);
        }
        _loaded = true;
    }

    /// <summary>Serves a further model, or other files under a name that is served.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    /// <exception cref="InvalidModelException">The model does not fit together.</exception>
    public void Add(ModelSource source)
    {
        Load(source);
        lock (_changes)
            _sources = _sources.RemoveAll(other => other.Name == source.Name).Add(source);
    }

    /// <summary>Looks at every file and reads those that have changed since they were read, but not since the last look.</summary>
    public void Refresh()
    {
        lock (_changes)
        {
            if (_disposed)
                return;
            foreach (ModelSource source in _sources)
                Refresh(source);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_changes)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (ServedModel served in _models.Values.SelectMany(versions => versions))
                served.Retire();
            _models = _models.Clear();
        }
    }

    private void Load(ModelSource source)
    {
        List<ServedModel> versions = [];
        try
        {
            foreach ((string version, string file) in ModelVersions.Find(source))
            {
                versions.Add(new ServedModel(LoadedModel.Load(source.Name, version, file, _services)));
                LogLoaded(source.Name, version, file);
            }
        }
        catch
        {
            versions.ForEach(served => served.Retire());
            throw;
        }
        lock (_changes)
        {
            if (_disposed)
            {
                versions.ForEach(served => served.Retire());
                return;
            }
            if (_models.TryGetValue(source.Name, out ImmutableArray<ServedModel> replaced))
            {
                foreach (ServedModel served in replaced)
                    served.Retire();
            }
            _models = _models.SetItem(source.Name, [.. versions]);
        }
    }

    private void Refresh(ModelSource source)
    {
        IReadOnlyList<(string Version, string File)> found;
        try
        {
            found = ModelVersions.Find(source);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone, as it may be while it is being replaced: what was read goes on.
            return;
        }
        ImmutableArray<ServedModel> versions = _models[source.Name];
        foreach (ServedModel served in versions)
            Reload(served);
        foreach ((string version, string file) in found.Where(each => versions.All(served => served.Version != each.Version)))
            AddVersion(source.Name, version, file);
        foreach (ServedModel gone in versions.Where(served => found.All(each => each.Version != served.Version) && _models[source.Name].Length > 1))
        {
            _models = _models.SetItem(source.Name, _models[source.Name].Remove(gone));
            gone.Retire();
            LogRetired(gone.Name, gone.Version);
        }
    }

    private void Reload(ServedModel served)
    {
        FileStamp? stamp = FileStamp.Of(served.File), seen = served.Seen;
        served.Seen = stamp;
        // Looked at twice and found the same: nobody is in the middle of writing it.
        if (stamp is null || stamp == served.Current.Stamp || stamp == served.Refused || stamp != seen)
            return;
        try
        {
            served.Replace(LoadedModel.Load(served.Name, served.Version, served.File, _services));
            served.Refused = null;
            _services.Metrics.Reloaded(served.Name, succeeded: true);
            LogReloaded(served.Name, served.Version, served.File);
        }
        catch (Exception e)
        {
            // Whatever is wrong with a new file, the server goes on with what it has.
            served.Refused = stamp;
            _services.Metrics.Reloaded(served.Name, succeeded: false);
            LogRefused(served.Name, served.Version, e.Message);
        }
    }

    private void AddVersion(string name, string version, string file)
    {
        if (FileStamp.Of(file) is not FileStamp stamp)
            return;
        // As with files that are replaced: not before two looks found the same, and not again what could not be loaded.
        if (!_newFiles.TryGetValue(file, out (FileStamp Stamp, bool Tried) known) || known.Stamp != stamp)
        {
            _newFiles[file] = (stamp, false);
            return;
        }
        if (known.Tried)
            return;
        _newFiles[file] = (stamp, true);
        try
        {
            ServedModel added = new(LoadedModel.Load(name, version, file, _services));
            _models = _models.SetItem(name, [.. _models[name].Add(added).OrderBy(served => int.Parse(served.Version, CultureInfo.InvariantCulture))]);
            _services.Metrics.Reloaded(name, succeeded: true);
            _newFiles.Remove(file);
            LogLoaded(name, version, file);
        }
        catch (Exception e)
        {
            _services.Metrics.Reloaded(name, succeeded: false);
            LogRefused(name, version, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Model {Model} version {Version} loaded from {File}")]
    private partial void LogLoaded(string model, string version, string file);

    [LoggerMessage(LogLevel.Information, "Model {Model} version {Version} reloaded from {File}")]
    private partial void LogReloaded(string model, string version, string file);

    [LoggerMessage(LogLevel.Information, "Model {Model} version {Version} is gone and no longer served")]
    private partial void LogRetired(string model, string version);

    [LoggerMessage(LogLevel.Error, "Model {Model} version {Version} was not reloaded, what was served before goes on: {Problem}")]
    private partial void LogRefused(string model, string version, string problem);
}
