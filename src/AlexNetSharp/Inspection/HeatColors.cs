using System.Collections.Immutable;

namespace AlexNetSharp.Inspection;

/// <summary>Colours for numbers: black is zero, and the lighter a colour, the larger the number.</summary>
/// <remarks>
/// Positive numbers go from black over violet and orange to a light yellow, as matplotlib's "inferno" does (van der Walt and Smith 2015), negative ones over
/// blue to white. Lightness (CIE L*) rises in near-equal steps, and is the same for x and −x, so that both read in grey too.
/// </remarks>
public static class HeatColors
{
    private static readonly ImmutableArray<int> Positive = [0x000004, 0x1B0C42, 0x4B0C6B, 0x781C6D, 0xA52C60, 0xCF4446, 0xED6925, 0xFB9A06, 0xF7D03C, 0xFCFFA4];
    private static readonly ImmutableArray<int> Negative = [0x000004, 0x011830, 0x003152, 0x02496E, 0x0B6288, 0x0E7EA6, 0x139DC5, 0x3CBFE2, 0x95DEF1, 0xEEFCFE];

    /// <summary>The colour of a number.</summary>
    /// <param name="value">−1 to 1; what lies beyond is taken for the nearest, NaN for 0.</param>
    public static (byte Red, byte Green, byte Blue) At(float value)
    {
        ImmutableArray<int> colors = value < 0 ? Negative : Positive;
        float place = float.IsNaN(value) ? 0 : Math.Min(Math.Abs(value), 1) * (colors.Length - 1);
        int below = Math.Min((int)place, colors.Length - 2);
        float part = place - below;
        return (Between(16), Between(8), Between(0));

        byte Between(int shift) => (byte)MathF.Round(float.Lerp((colors[below] >> shift) & 0xFF, (colors[below + 1] >> shift) & 0xFF, part));
    }
}
