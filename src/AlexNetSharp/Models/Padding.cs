using System.Text.Json;
using System.Text.Json.Serialization;

namespace AlexNetSharp.Models;

/// <summary>How a convolution or pooling treats the rim of its input.</summary>
/// <remarks>In JSON <c>"same"</c>, <c>"valid"</c>, or <c>[top, left, bottom, right]</c>.</remarks>
[JsonConverter(typeof(PaddingJsonConverter))]
public sealed record Padding
{
    /// <summary>TensorFlow's SAME: as much as makes the output ceil(input / stride) long; an odd rest goes to the bottom and right.</summary>
    public static Padding Same { get; } = new() { IsSame = true };

    /// <summary>None.</summary>
    public static Padding Valid { get; } = new();

    /// <summary>Whether the amounts follow from the input (SAME).</summary>
    public bool IsSame { get; private init; }

    /// <summary>Rows above.</summary>
    public int Top { get; private init; }

    /// <summary>Columns on the left.</summary>
    public int Left { get; private init; }

    /// <summary>Rows below.</summary>
    public int Bottom { get; private init; }

    /// <summary>Columns on the right.</summary>
    public int Right { get; private init; }

    /// <summary>The same amount on all sides.</summary>
    public static Padding All(int amount) => Explicit(amount, amount, amount, amount);

    /// <summary>An amount for each side.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An amount is negative.</exception>
    public static Padding Explicit(int top, int left, int bottom, int right)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(bottom);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        return new Padding { Top = top, Left = left, Bottom = bottom, Right = right };
    }

    /// <summary>The amounts for an input of this size.</summary>
    /// <param name="height">Input rows.</param>
    /// <param name="width">Input columns.</param>
    /// <param name="spanHeight">Rows that a window spans, dilation included.</param>
    /// <param name="spanWidth">Columns that a window spans.</param>
    /// <param name="stride">Steps from one window to the next.</param>
    /// <exception cref="OverflowException">The padded input is longer than an integer counts.</exception>
    public (int Top, int Left, int Bottom, int Right) Resolve(int height, int width, int spanHeight, int spanWidth, Size2D stride)
    {
        (int top, int bottom) = IsSame ? SameAmounts(height, spanHeight, stride.Height) : (Top, Bottom);
        (int left, int right) = IsSame ? SameAmounts(width, spanWidth, stride.Width) : (Left, Right);
        // The kernels add these up unchecked, and trust the sums.
        _ = checked(height + top + bottom);
        _ = checked(width + left + right);
        return (top, left, bottom, right);
    }

    private static (int Before, int After) SameAmounts(int size, int span, int stride)
    {
        int outputs = ((size - 1) / stride) + 1;
        int total = checked((int)Math.Max(((outputs - 1L) * stride) + span - size, 0));
        return (total / 2, total - (total / 2));
    }
}

/// <summary>Reads and writes <see cref="Padding"/>.</summary>
internal sealed class PaddingJsonConverter : JsonConverter<Padding>
{
    public override Padding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            string? text = reader.GetString();
            return text switch
            {
                "same" => Padding.Same,
                "valid" => Padding.Valid,
                _ => throw new JsonException($"padding is \"{text}\"; expected \"same\", \"valid\" or [top, left, bottom, right]."),
            };
        }
        List<int> sides = [];
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int side))
                sides.Add(side);
        }
        if (sides.Count != 4 || reader.TokenType != JsonTokenType.EndArray || sides.Exists(side => side < 0))
            throw new JsonException("padding must be \"same\", \"valid\" or four numbers from 0 up: [top, left, bottom, right].");
        return Padding.Explicit(sides[0], sides[1], sides[2], sides[3]);
    }

    public override void Write(Utf8JsonWriter writer, Padding value, JsonSerializerOptions options)
    {
        if (value.IsSame)
        {
            writer.WriteStringValue("same");
        }
        else if (value == Padding.Valid)
        {
            writer.WriteStringValue("valid");
        }
        else
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.Top);
            writer.WriteNumberValue(value.Left);
            writer.WriteNumberValue(value.Bottom);
            writer.WriteNumberValue(value.Right);
            writer.WriteEndArray();
        }
    }
}
