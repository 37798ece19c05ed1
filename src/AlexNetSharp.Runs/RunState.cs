using System.Text.Json.Serialization;

namespace AlexNetSharp.Runs;

/// <summary>How far a run is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>It goes on, or the process that it ran in was killed.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It came to its end.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It was stopped before its end and can go on.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,

    /// <summary>It ended with an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
