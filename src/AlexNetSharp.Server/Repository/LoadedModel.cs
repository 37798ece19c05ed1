using AlexNetSharp.Execution;
using AlexNetSharp.Interop;
using AlexNetSharp.Models;
using AlexNetSharp.Runs;

namespace AlexNetSharp.Server;

/// <summary>A model's file as it was read once, ready to compute. Whoever uses it holds a reference; with the last one gone it is freed.</summary>
internal sealed class LoadedModel
{
    private int _references = 1;

    private LoadedModel(Network network, string name, string version, string file, FileStamp stamp, string? accuracy, ServerServices services)
    {
        (Network, Name, Version, File, Stamp, Accuracy) = (network, name, version, file, stamp, accuracy);
        Batcher = new Batcher(network, name, version, services);
        Pictures = new PicturePreparer(network.Spec, services.Options);
        Pixels = new PixelTable(network.Spec);
    }

    /// <summary>The weights, only to be read.</summary>
    public Network Network { get; }

    public ModelSpec Spec => Network.Spec;

    public string Name { get; }

    public string Version { get; }

    public string File { get; }

    public FileStamp Stamp { get; }

    /// <summary>How well it does, for people; null where nobody says.</summary>
    public string? Accuracy { get; }

    public Batcher Batcher { get; }

    public PicturePreparer Pictures { get; }

    public PixelTable Pixels { get; }

    /// <summary>Reads the file and gets ready to compute.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    /// <exception cref="InvalidModelException">What it describes does not fit together.</exception>
    public static LoadedModel Load(string name, string version, string file, ServerServices services)
    {
        // Taken before the file is read: what is written meanwhile is looked at again.
        FileStamp stamp = FileStamp.Of(file) ?? throw new FileNotFoundException($"There is no model at '{file}'.");
        Network network = ModelLoader.Load(file);
        LoadedModel? model = null;
        try
        {
            model = new LoadedModel(network, name, version, file, stamp, AccuracyOf(file), services);
            model.Batcher.WarmUp();
            return model;
        }
        catch
        {
            if (model is not null)
                model.Free();
            else
                network.Dispose();
            throw;
        }
    }

    /// <summary>Takes a reference; false where the last one is gone already.</summary>
    public bool TryAcquire()
    {
        for (int references = Volatile.Read(ref _references); references > 0;)
        {
            int found = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (found == references)
                return true;
            references = found;
        }
        return false;
    }

    /// <summary>Gives a reference back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            // Waits for the worker's thread, which may be the one that lets go.
            ThreadPool.UnsafeQueueUserWorkItem(static model => model.Free(), this, preferLocal: false);
        }
    }

    /// <summary>Frees everything at once, when what waits is answered; nobody else may hold a reference.</summary>
    public void Free()
    {
        Batcher.Dispose();
        Pictures.Dispose();
        Network.Dispose();
    }

    // A run says it in its record; beside any other file a text of the same name may.
    private static string? AccuracyOf(string file)
    {
        try
        {
            string text = Path.ChangeExtension(file, ".txt");
            if (System.IO.File.Exists(text))
                return System.IO.File.ReadLines(text).FirstOrDefault()?.Trim();
            return Path.GetDirectoryName(file) is string folder && RunRecord.Read(folder)?.TestAccuracy is double accuracy
                ? $"{accuracy:P2} of the test pictures"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }
}
