using System.Text.Json.Serialization;

namespace AlexNetSharp.Augmentation;

/// <summary>What an erased rectangle holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ErasingFill>))]
public enum ErasingFill
{
    /// <summary>The mean that the model's preprocessing takes off, which gives 0.</summary>
    [JsonStringEnumMemberName("mean")]
    Mean,

    /// <summary>Random bytes.</summary>
    [JsonStringEnumMemberName("noise")]
    Noise,
}
