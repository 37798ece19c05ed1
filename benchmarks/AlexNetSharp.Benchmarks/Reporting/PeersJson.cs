using System.Text.Json.Serialization;

namespace AlexNetSharp.Benchmarks.Reporting;

/// <summary>Compiled JSON contracts: snake_case keys.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(PeersResult))]
internal sealed partial class PeersJson : JsonSerializerContext;
