using System.Text.Json.Serialization;

namespace AlexNetSharp.Augmentation;

/// <summary>What a place outside of a picture holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PictureFill>))]
public enum PictureFill
{
    /// <summary>Byte 0, before normalisation: right for glyphs on black. The picture reaches to its pixels' outer edges, not only to their centres.</summary>
    [JsonStringEnumMemberName("black")]
    Black,

    /// <summary>The nearest pixel of the edge.</summary>
    [JsonStringEnumMemberName("edge")]
    Edge,

    /// <summary>The picture mirrored at the centre of its edge pixels.</summary>
    [JsonStringEnumMemberName("reflect")]
    Reflect,
}
