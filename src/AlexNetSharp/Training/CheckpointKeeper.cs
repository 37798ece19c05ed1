using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Training;

/// <summary>Writes a run's best model and those of its last epochs into a folder: <c>best.safetensors</c>, <c>epoch-0007.safetensors</c>.</summary>
/// <remarks>
/// It follows a run as an observer, alone or called by another. Each file appears whole or not at all. Of older epochs it deletes those files
/// that it wrote itself; what else lies in the folder is left alone, unless it bears the very name that is to be written.
/// </remarks>
public sealed class CheckpointKeeper : ITrainingObserver
{
    /// <summary>The name of the best epoch's file.</summary>
    public const string BestName = "best.safetensors";

    private readonly string _folder;
    private readonly int _last;
    private readonly bool _keepsBest;
    private readonly Queue<string> _written = [];

    /// <summary>A keeper that has written nothing yet.</summary>
    /// <param name="folder">The folder; made when the first file is written.</param>
    /// <param name="last">How many of the last epochs are kept, from 0 up.</param>
    /// <param name="keepsBest">Whether the epoch with the best validation accuracy is kept; without validation pictures there is none.</param>
    /// <param name="adopts">Whether the epochs' files that lie there already are those of the same run, which is resumed, and may be deleted in their turn.</param>
    /// <exception cref="ArgumentException">The folder's name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="last"/> is negative.</exception>
    public CheckpointKeeper(string folder, int last, bool keepsBest = true, bool adopts = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfNegative(last);
        (_folder, _last, _keepsBest) = (folder, last, keepsBest);
        if (adopts && Directory.Exists(folder))
            _written = new Queue<string>(Directory.GetFiles(folder, "epoch-*.safetensors").Order(StringComparer.Ordinal));
    }

    /// <summary>The name of an epoch's file.</summary>
    /// <param name="epoch">Counted from 1.</param>
    public static string NameOf(int epoch) => $"epoch-{epoch:0000}.safetensors";

    /// <summary>Writes an epoch's model, and deletes what is thereby out of date.</summary>
    /// <param name="network">The weights that were evaluated.</param>
    /// <param name="report">What came of it.</param>
    /// <exception cref="IOException">A file cannot be written or deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public void WeightsReady(Network network, in EpochReport report)
    {
        bool isBest = _keepsBest && report.IsBest;
        if (_last == 0 && !isBest)
            return;
        Directory.CreateDirectory(_folder);
        if (isBest)
            ModelFile.Save(network, Path.Combine(_folder, BestName));
        if (_last == 0)
            return;
        string path = Path.Combine(_folder, NameOf(report.Epoch));
        ModelFile.Save(network, path);
        // A run that was stopped between an epoch's model and its state writes the model again.
        if (!_written.Contains(path))
            _written.Enqueue(path);
        // After the new one is safe.
        while (_written.Count > _last)
            File.Delete(_written.Dequeue());
    }
}
