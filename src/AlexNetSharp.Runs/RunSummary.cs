using System.Text.Json.Nodes;

namespace AlexNetSharp.Runs;

/// <summary>A run as a list shows it. What is not known, or not yet, is null.</summary>
/// <param name="Name">What it is called: its folder's path below that of the list.</param>
/// <param name="Folder">The path of its folder.</param>
/// <param name="State">How far it is: <see cref="RunState.Running"/> only where a living process holds the folder.</param>
/// <param name="Model">The name of the model, or the file that describes it.</param>
/// <param name="Data">Name or path of the data.</param>
/// <param name="Recipe">The recipe that the options began as.</param>
/// <param name="Seed">The seed of all that is drawn.</param>
/// <param name="Epochs">Epochs ended.</param>
/// <param name="EpochsPlanned">Epochs asked for; null where the run's length is a number of pictures.</param>
/// <param name="Steps">Steps made, as far as its files tell.</param>
/// <param name="BestValidationAccuracy">The highest of all epochs.</param>
/// <param name="TestAccuracy">Share of the test pictures classified rightly.</param>
/// <param name="Seconds">Time that it took, without that between stops and resumptions.</param>
/// <param name="Started">When it began.</param>
/// <param name="Problem">Why one of its files, or both, could not be read.</param>
public sealed record RunSummary(
    string Name, string Folder, RunState? State = null, string? Model = null, string? Data = null, string? Recipe = null, ulong? Seed = null, int? Epochs = null,
    int? EpochsPlanned = null, int? Steps = null, double? BestValidationAccuracy = null, double? TestAccuracy = null, double? Seconds = null,
    DateTimeOffset? Started = null, string? Problem = null)
{
    /// <summary>Reads what <c>run.json</c> and <c>metrics.jsonl</c> say; a damaged file becomes the summary's <see cref="Problem"/>.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="name">What to call it; null for the folder's own name.</param>
    public static RunSummary Read(string folder, string? name = null)
    {
        RunSummary summary = new(name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), folder);
        try
        {
            summary = summary.With(RunRecord.Read(folder) ?? throw new InvalidDataException($"'{folder}' has no {RunRecord.FileName}."));
            return summary.With(RunMetrics.Read(folder));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return summary with { Problem = e.Message };
        }
    }

    private RunSummary With(RunRecord record)
    {
        RunState state = record.State;
        if (state == RunState.Running && !RunLock.IsHeld(Folder))
        {
            // It may have ended since the record was read; the folder is given back only after the last is written.
            record = RunRecord.Read(Folder) ?? record;
            state = record.State == RunState.Running ? RunState.Interrupted : record.State;
        }
        JsonObject? options = record.Options as JsonObject;
        return this with
        {
            State = state,
            Model = record.Model,
            Data = record.Data,
            Recipe = record.Recipe,
            Seed = Number<ulong>(options?["seed"]),
            EpochsPlanned = options?["images"] is null ? Number<int>(options?["epochs"]) : null,
            Steps = record.Steps,
            TestAccuracy = record.TestAccuracy,
            Seconds = record.Seconds,
            Started = record.Started,
        };
    }

    private RunSummary With(RunMetrics metrics)
    {
        MinibatchMetric? minibatch = metrics.Minibatches.LastOrDefault();
        EpochMetric? epoch = metrics.Epochs.LastOrDefault();
        bool isAny = minibatch is not null || epoch is not null;
        return this with
        {
            Epochs = epoch?.Epoch,
            Steps = Steps ?? (isAny ? Math.Max(minibatch?.Step ?? 0, epoch?.Step ?? 0) : null),
            BestValidationAccuracy = metrics.BestValidationAccuracy,
            TestAccuracy = TestAccuracy ?? metrics.Test?.TestAccuracy,
            Seconds = Seconds ?? (isAny ? metrics.LastSeconds : null),
        };
    }

    private static T? Number<T>(JsonNode? node)
        where T : struct => node is JsonValue value && value.TryGetValue(out T number) ? number : null;
}
