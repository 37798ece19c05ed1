using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AlexNetSharp.Runs;

/// <summary>The file <c>run.json</c> of a run's folder: what the run was asked for, on what it ran, and how it ended.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Model">The name of the model, or the file that describes it.</param>
/// <param name="Data">Name or path of the data.</param>
/// <param name="Recipe">The recipe that the options began as.</param>
/// <param name="InitFrom">The model whose weights it began with; null for random ones.</param>
/// <param name="TestTimeAugmentation">The views that test pictures are judged by.</param>
/// <param name="Checkpoints">Epochs whose models are kept beside the best.</param>
/// <param name="CheckpointEvery">Steps between two states of the run that it can be resumed from; null for one an epoch.</param>
/// <param name="Options">All training options.</param>
/// <param name="Threads">Threads computed with.</param>
/// <param name="VectorBits">Width of the vectors computed with: the last bits of a result depend on it.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Runtime">The .NET version.</param>
/// <param name="System">The operating system.</param>
/// <param name="Version">The software's version.</param>
/// <param name="Started">When it began.</param>
/// <param name="TensorBoard">Whether event files for TensorBoard are written.</param>
/// <param name="Resumed">When it went on after it had stopped; null where it never did.</param>
/// <param name="Steps">Steps made; null while it runs.</param>
/// <param name="Images">Pictures trained on, repeats counted.</param>
/// <param name="Seconds">Time that it took, without that between stops and resumptions.</param>
/// <param name="ImagesPerSecond">Rate of training.</param>
/// <param name="BestEpoch">The epoch with the best validation accuracy, counted from 1.</param>
/// <param name="StoppedEarly">Whether it ended because nothing got better.</param>
/// <param name="SkippedPictures">Pictures that could not be read.</param>
/// <param name="TestLoss">Mean cross-entropy of the test pictures, in nats.</param>
/// <param name="TestAccuracy">Share of the test pictures classified rightly.</param>
/// <param name="Error">Why it failed.</param>
public sealed record RunRecord(
    RunState State, string Model, string Data, string Recipe, string? InitFrom, string TestTimeAugmentation, int Checkpoints, int? CheckpointEvery,
    JsonNode Options, int Threads, int VectorBits, string Processor, string Runtime, string System, string Version, DateTimeOffset Started,
    [property: JsonPropertyName("tensorboard")] bool TensorBoard = true, IReadOnlyList<DateTimeOffset>? Resumed = null,
    int? Steps = null, long? Images = null, double? Seconds = null, [property: JsonPropertyName("images_per_s")] double? ImagesPerSecond = null,
    int? BestEpoch = null, bool? StoppedEarly = null, int? SkippedPictures = null, double? TestLoss = null, double? TestAccuracy = null, string? Error = null)
{
    /// <summary>The file's name in a run's folder.</summary>
    public const string FileName = "run.json";

    /// <summary>Reads the record of the run in <paramref name="folder"/>; null where it has none.</summary>
    /// <exception cref="InvalidDataException">The file is no such JSON.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RunRecord? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            RunRecord? record = JsonSerializer.Deserialize(File.ReadAllText(path), RunsJsonForms.Indented.RunRecord);
            // The reader leaves null what the file leaves out.
            return record is { Model: not null, Data: not null, Recipe: not null, Options: JsonObject }
                ? record
                : throw new InvalidDataException($"'{path}' is no record of a run: expected an object with model, data, recipe and options.");
        }
        // The latter where options have a key twice.
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"'{path}' is no record of a run: {e.Message}", e);
        }
    }

    /// <summary>The record as the file holds it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunsJsonForms.Indented.RunRecord) + "\n";
}
