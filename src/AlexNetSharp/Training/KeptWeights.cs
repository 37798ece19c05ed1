using System.Text.Json.Serialization;

namespace AlexNetSharp.Training;

/// <summary>Which weights a run ends with.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KeptWeights>))]
public enum KeptWeights
{
    /// <summary>Those of the last step.</summary>
    [JsonStringEnumMemberName("last")]
    Last,

    /// <summary>Those of the epoch with the highest validation accuracy; of equals, the one with the lower loss.</summary>
    [JsonStringEnumMemberName("best")]
    Best,
}
