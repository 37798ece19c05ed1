using System.Text.Json.Serialization;

namespace AlexNetSharp.Runs;

/// <summary>What two runs' curves are drawn over, and of which pictures they tell.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CurveAxis>))]
public enum CurveAxis
{
    /// <summary>Ends of epochs: figures of the validation pictures.</summary>
    [JsonStringEnumMemberName("epoch")]
    Epoch,

    /// <summary>Evenly spaced steps: means of the minibatches looked at since the step before.</summary>
    [JsonStringEnumMemberName("step")]
    Step,
}
