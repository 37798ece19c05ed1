using System.Text.Json.Serialization;

namespace AlexNetSharp.Training;

/// <summary>How much the pictures of each class count in the loss.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClassWeighting>))]
public enum ClassWeighting
{
    /// <summary>All the same.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>In inverse proportion to the class's share of the training pictures, so that every class counts the same in sum.</summary>
    [JsonStringEnumMemberName("balanced")]
    Balanced,
}
