using System.Text.Json.Nodes;

namespace AlexNetSharp.Runs;

/// <summary>A setting in which two runs differ.</summary>
/// <param name="Key">Its keys in <c>run.json</c>, joined by dots: <c>options.optimizer.beta1</c>.</param>
/// <param name="A">The first run's value; null where it has none.</param>
/// <param name="B">The second run's value; null where it has none.</param>
public sealed record SettingDifference(string Key, JsonNode? A, JsonNode? B);
