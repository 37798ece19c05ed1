using System.Text.Json;
using System.Text.Json.Serialization;

namespace AlexNetSharp.Models;

/// <summary>Rows and columns of a filter, a window or a step; a plain number stands for as many of both.</summary>
/// <remarks>In JSON a number where both are equal, else <c>[height, width]</c>.</remarks>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
[JsonConverter(typeof(Size2DJsonConverter))]
public readonly record struct Size2D(int Height, int Width)
{
    /// <summary>As many rows as columns.</summary>
    /// <param name="size">Rows, and columns.</param>
    public static implicit operator Size2D(int size) => new(size, size);

    /// <summary><c>3</c> where rows and columns are equal, else <c>3x5</c>.</summary>
    public override string ToString() => Height == Width ? $"{Height}" : $"{Height}x{Width}";

    /// <summary>Whether both are at least 1.</summary>
    internal bool IsPositive => Height >= 1 && Width >= 1;
}

/// <summary>Reads and writes <see cref="Size2D"/>.</summary>
internal sealed class Size2DJsonConverter : JsonConverter<Size2D>
{
    public override Size2D Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int size))
            return size;
        List<int> sides = [];
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int side))
                sides.Add(side);
        }
        return sides.Count == 2 && reader.TokenType == JsonTokenType.EndArray
            ? new Size2D(sides[0], sides[1])
            : throw new JsonException("expected a whole number, or two of them: [height, width].");
    }

    public override void Write(Utf8JsonWriter writer, Size2D value, JsonSerializerOptions options)
    {
        if (value.Height == value.Width)
        {
            writer.WriteNumberValue(value.Height);
            return;
        }
        writer.WriteStartArray();
        writer.WriteNumberValue(value.Height);
        writer.WriteNumberValue(value.Width);
        writer.WriteEndArray();
    }
}
