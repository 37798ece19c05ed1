using System.Text.Json.Serialization;

namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>What a step is.</summary>
internal enum WorkloadMode
{
    /// <summary>Forward with dropout, backward, update.</summary>
    [JsonStringEnumMemberName("train")]
    Train,

    /// <summary>The forward pass.</summary>
    [JsonStringEnumMemberName("infer")]
    Infer,
}
