using System.Text.Json.Serialization;

namespace AlexNetSharp.Models;

/// <summary>The shape of one picture's values between two layers, without the batch.</summary>
/// <param name="Height">Rows; 1 once flattened.</param>
/// <param name="Width">Columns; 1 once flattened.</param>
/// <param name="Channels">Values at a position, contiguous in memory.</param>
public readonly record struct FeatureShape(int Height, int Width, int Channels)
{
    /// <summary>Values in all.</summary>
    [JsonIgnore]
    public int Length => checked(Height * Width * Channels);

    /// <summary>Whether this is a plain list of values, as dense layers take and give.</summary>
    [JsonIgnore]
    public bool IsVector => Height == 1 && Width == 1;

    /// <summary><c>[N,28,28,1]</c>, or <c>[N,1024]</c> once flattened.</summary>
    public override string ToString() => IsVector ? $"[N,{Channels}]" : $"[N,{Height},{Width},{Channels}]";
}
