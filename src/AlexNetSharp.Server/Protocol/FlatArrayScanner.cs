namespace AlexNetSharp.Server;

/// <summary>Reads a flat JSON array of numbers at a stretch, without a token for each: most of a request is such an array.</summary>
internal static class FlatArrayScanner
{
    /// <summary>Reads the numbers behind an opening bracket.</summary>
    /// <param name="json">The text.</param>
    /// <param name="at">Behind the bracket; moved to the closing one where all went well.</param>
    /// <param name="values">Where the numbers are added.</param>
    /// <returns>Whether it is an array of at least one number, each finite; else somebody else is to look at it from the start.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, ref int at, NumberBuffer values)
    {
        for (int i = at; ; i++)
        {
            i = SkipSpace(json, i);
            int start = i;
            if (!TrySkipNumber(json, ref i) || !NumberText.TryParse(json[start..i], out float value))
                return false;
            values.Add(value);
            i = SkipSpace(json, i);
            if (i == json.Length)
                return false;
            if (json[i] == ']')
            {
                at = i;
                return true;
            }
            if (json[i] != ',')
                return false;
        }
    }

    private static int SkipSpace(ReadOnlySpan<byte> json, int i)
    {
        while (i < json.Length && (json[i] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            i++;
        return i;
    }

    // -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
    private static bool TrySkipNumber(ReadOnlySpan<byte> json, ref int i)
    {
        if (i < json.Length && json[i] == '-')
            i++;
        if (i < json.Length && json[i] == '0')
            i++;
        else if (!TrySkipDigits(json, ref i))
            return false;
        if (i < json.Length && json[i] == '.')
        {
            i++;
            if (!TrySkipDigits(json, ref i))
                return false;
        }
        if (i < json.Length && (json[i] | 0x20) == 'e')
        {
            i++;
            if (i < json.Length && (json[i] is (byte)'+' or (byte)'-'))
                i++;
            return TrySkipDigits(json, ref i);
        }
        return true;
    }

    private static bool TrySkipDigits(ReadOnlySpan<byte> json, ref int i)
    {
        int start = i;
        while (i < json.Length && (uint)(json[i] - '0') <= 9)
            i++;
        return i > start;
    }
}
