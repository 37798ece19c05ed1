using System.Text.Json;

namespace AlexNetSharp.Server;

/// <summary>Reads a tensor's data, flat or nested, in row-major order.</summary>
internal static class TensorDataReader
{
    private const int MostDimensions = 8;
    private const int Unknown = -1;

    /// <summary>Reads from the first bracket to its end.</summary>
    /// <param name="reader">At the first bracket.</param>
    /// <param name="rest">What <paramref name="reader"/> reads.</param>
    /// <param name="values">Where the numbers are added.</param>
    /// <returns>The arrays' lengths, outermost first.</returns>
    /// <exception cref="RequestException">It is no array of numbers, or of arrays of one length.</exception>
    public static int[] Read(ref Utf8JsonReader reader, ref ReadOnlySpan<byte> rest, NumberBuffer values)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw RequestException.Invalid("A tensor's 'data' must be an array of numbers, flat or nested.");
        int at = (int)reader.BytesConsumed;
        if (FlatArrayScanner.TryRead(rest, ref at, values))
        {
            // The reader goes on at the closing bracket, as if the array were empty.
            rest = rest[at..];
            reader = new Utf8JsonReader(rest, isFinalBlock: true, reader.CurrentState);
            reader.Read();
            return [values.Count];
        }
        values.Clear();
        Span<int> lengths = stackalloc int[MostDimensions], counts = stackalloc int[MostDimensions];
        lengths.Fill(Unknown);
        (int depth, int leaf) = (0, Unknown);
        counts[0] = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Number:
                    if (leaf == Unknown)
                        leaf = depth;
                    if (leaf != depth)
                        throw Ragged();
                    if (!NumberText.TryParse(reader.ValueSpan, out float value))
                        throw RequestException.Invalid($"A tensor's data holds a number that is not finite as FP32, its {values.Count + 1}th.");
                    values.Add(value);
                    counts[depth]++;
                    break;
                case JsonTokenType.StartArray:
                    counts[depth]++;
                    if (++depth == MostDimensions || (leaf != Unknown && depth > leaf))
                        throw Ragged();
                    counts[depth] = 0;
                    break;
                case JsonTokenType.EndArray:
                    if (lengths[depth] != Unknown && lengths[depth] != counts[depth])
                        throw Ragged();
                    lengths[depth] = counts[depth];
                    if (depth-- == 0)
                        return lengths[..(Math.Max(leaf, 0) + 1)].ToArray();
                    break;
                default:
                    throw RequestException.Invalid($"A tensor's data holds a {reader.TokenType}; only finite numbers are expected.");
            }
        }
        // The reader throws where the text ends before its arrays do.
        throw Ragged();
    }

    private static RequestException Ragged() =>
        RequestException.Invalid($"A tensor's data must be flat, or nested as its shape says: arrays of one length, at most {MostDimensions - 1} deep.");
}
