using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AlexNetSharp.Data;

namespace AlexNetSharp.Cli.Reporting;

/// <summary>What <c>data check --json</c> prints.</summary>
internal sealed record DataCheckJson(
    string Name, int Pictures, int Channels, IReadOnlyList<DataProblem> Problems, IReadOnlyList<ClassCount> Classes, IReadOnlyList<DuplicatePicture> Duplicates,
    IReadOnlyList<string> Notes);

/// <summary>What <c>data export --json</c> prints.</summary>
internal sealed record DataExportJson(string Name, string Folder, int Pictures, IReadOnlyList<DataProblem> Problems, IReadOnlyList<RenamedClass> Renamed);

/// <summary>Compiled JSON contracts: snake_case keys, no reflection at start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DataCheckJson))]
[JsonSerializable(typeof(DataExportJson))]
internal sealed partial class DataJson : JsonSerializerContext;

/// <summary>The contracts in the form that is printed: one object on one line, nothing escaped that JSON does not ask to be escaped.</summary>
internal static class DataJsonForms
{
    public static DataJson Line { get; } = new(new JsonSerializerOptions(DataJson.Default.DataCheckJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
