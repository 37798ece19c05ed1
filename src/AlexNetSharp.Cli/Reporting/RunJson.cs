using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AlexNetSharp.Runs;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>A run in <c>runs delete --json</c>.</summary>
internal sealed record DeletedRunJson(string Folder, long Bytes);

/// <summary>Compiled JSON contracts of <c>runs</c>: snake_case keys, no reflection at start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<RunSummary>))]
[JsonSerializable(typeof(RunComparison))]
[JsonSerializable(typeof(IReadOnlyList<DeletedRunJson>))]
internal sealed partial class RunJson : JsonSerializerContext;

/// <summary>The contracts in the form that is printed: on one line, nothing escaped that JSON does not ask to be escaped.</summary>
internal static class RunJsonForms
{
    public static RunJson Line { get; } = new(new JsonSerializerOptions(RunJson.Default.RunComparison.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
