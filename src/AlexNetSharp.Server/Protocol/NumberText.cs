using System.Buffers.Text;

namespace AlexNetSharp.Server;

/// <summary>Reads the numbers of JSON as float32, correctly rounded.</summary>
internal static class NumberText
{
    // Both sides of the quotient are then whole numbers that float32 holds exactly, so that the quotient is the nearest float32.
    private const int LargestExact = 1 << 24;
    private static ReadOnlySpan<float> Powers => [1f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f];

    /// <summary>Reads a number that JSON allows; false where it is none that is finite in float32.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out float value) =>
        TryParseShort(text, out value) || (Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length && float.IsFinite(value));

    // Few digits and no exponent, as most are.
    private static bool TryParseShort(ReadOnlySpan<byte> text, out float value)
    {
        value = 0;
        int i = 0, decimals = -1, number = 0;
        bool negative = text.Length > 0 && text[0] == '-';
        if (negative)
            i++;
        for (; i < text.Length; i++)
        {
            int digit = text[i] - '0';
            if ((uint)digit <= 9)
            {
                number = (number * 10) + digit;
                if (number > LargestExact)
                    return false;
                if (decimals >= 0)
                    decimals++;
            }
            else if (text[i] == '.' && decimals < 0)
            {
                decimals = 0;
            }
            else
            {
                return false;
            }
        }
        if (decimals >= Powers.Length)
            return false;
        value = decimals > 0 ? number / Powers[decimals] : number;
        value = negative ? -value : value;
        return true;
    }
}
