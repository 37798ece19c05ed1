using System.Globalization;

namespace AlexNetSharp.Training;

/// <summary>Writes a run's state into a folder from time to time, as <c>state-00001234.safetensors</c>, for <see cref="Trainer.Resume"/> to go on from.</summary>
/// <remarks>
/// Each file appears whole or not at all. The newest and the one before it are kept: should one be damaged later, the run goes on from the other.
/// The first is written before the first step, which also shows that there is room for it.
/// </remarks>
public sealed class TrainingStateKeeper
{
    private const string Prefix = "state-";
    private const string Extension = ".safetensors";
    private const int Kept = 2;

    private readonly string _folder;
    private readonly int? _everySteps;
    private readonly Action? _saving;

    /// <summary>A keeper that has written nothing yet.</summary>
    /// <param name="folder">The folder; made when the first file is written.</param>
    /// <param name="everySteps">Steps between two states, at least 1; null for one at the end of every epoch.</param>
    /// <param name="saving">Called before each is written: what belongs to the steps until then, such as lines of a log, can be made safe first.</param>
    /// <exception cref="ArgumentException">The folder's name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="everySteps"/> is below 1.</exception>
    public TrainingStateKeeper(string folder, int? everySteps = null, Action? saving = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (everySteps is int steps)
            ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1, nameof(everySteps));
        (_folder, _everySteps, _saving) = (folder, everySteps, saving);
    }

    /// <summary>The name of the file of the state after a step.</summary>
    /// <param name="step">Counted from 1; 0 for the state before the first.</param>
    public static string NameOf(int step) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:00000000}{Extension}");

    /// <summary>The newest state in <paramref name="folder"/> that is whole; null where there is none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="damaged">Told of newer ones that are damaged.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TrainingState? FindNewest(string folder, Action<string>? damaged = null)
    {
        foreach (string path in Files(folder))
        {
            try
            {
                return TrainingState.Load(path);
            }
            catch (InvalidDataException e)
            {
                damaged?.Invoke(e.Message);
            }
        }
        return null;
    }

    /// <summary>Deletes all states in <paramref name="folder"/>, and the folder where nothing else is in it: of a run that is done no state is needed.</summary>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    public static void DeleteAll(string folder)
    {
        foreach (string path in Files(folder))
            File.Delete(path);
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }

    /// <summary>Whether a state is to be written after a step.</summary>
    internal bool IsDue(int step, bool isEpochEnd) => _everySteps is int every ? step % every == 0 : isEpochEnd;

    /// <summary>Writes a state, and deletes those that are thereby out of date.</summary>
    internal void Save(TrainingState state)
    {
        _saving?.Invoke();
        Directory.CreateDirectory(_folder);
        state.Save(Path.Combine(_folder, NameOf(state.Step)));
        // After the new one is safe. Newer ones were damaged, or the run would have gone on from them.
        string[] older = [.. Files(_folder).Where(path => string.CompareOrdinal(Path.GetFileName(path), NameOf(state.Step)) <= 0)];
        foreach (string path in Files(_folder).Except(older.Take(Kept)))
            File.Delete(path);
    }

    // Newest first.
    private static IEnumerable<string> Files(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder, $"{Prefix}*{Extension}").OrderByDescending(Path.GetFileName, StringComparer.Ordinal)
        : [];
}
