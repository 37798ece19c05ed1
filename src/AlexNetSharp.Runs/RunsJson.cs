using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AlexNetSharp.Runs;

/// <summary>Compiled JSON contracts: snake_case keys, no reflection at start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(MinibatchMetric))]
[JsonSerializable(typeof(EpochMetric))]
[JsonSerializable(typeof(TestMetric))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(RunHolder))]
internal sealed partial class RunsJson : JsonSerializerContext;

/// <summary>The contracts in the two forms that are written; neither escapes what JSON does not ask to be escaped.</summary>
internal static class RunsJsonForms
{
    /// <summary>One object on one line.</summary>
    public static RunsJson Line { get; } = new(new JsonSerializerOptions(RunsJson.Default.RunRecord.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>For people to read too.</summary>
    public static RunsJson Indented { get; } = new(new JsonSerializerOptions(RunsJson.Default.RunRecord.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true });
}
