namespace AlexNetSharp.Server;

/// <summary>One version of a model under its name, whatever its file holds at the moment.</summary>
internal sealed class ServedModel(LoadedModel loaded)
{
    private LoadedModel _current = loaded;

    public string Name { get; } = loaded.Name;

    public string Version { get; } = loaded.Version;

    public string File { get; } = loaded.File;

    /// <summary>The stamp that its file had when it was looked at last.</summary>
    public FileStamp? Seen { get; set; } = loaded.Stamp;

    /// <summary>The stamp of the file that was tried last and could not be loaded.</summary>
    public FileStamp? Refused { get; set; }

    /// <summary>What is served now; for those who only look. It may be freed any moment.</summary>
    public LoadedModel Current => Volatile.Read(ref _current);

    /// <summary>What is served now, held until it is released; null once the server has let go of this version.</summary>
    public LoadedModel? Acquire()
    {
        while (true)
        {
            LoadedModel current = Current;
            if (current.TryAcquire())
                return current;
            // Replaced in between, or retired for good.
            if (ReferenceEquals(current, Current))
                return null;
        }
    }

    /// <summary>Serves another file's content from now on; what runs on the old one goes on.</summary>
    public void Replace(LoadedModel next) => Interlocked.Exchange(ref _current, next).Release();

    /// <summary>Lets go of it; those who hold it finish.</summary>
    public void Retire() => Current.Release();
}
