using System.Globalization;
using System.Text;
using CsCheck;

namespace AlexNetSharp.Server.Tests;

public sealed class NumberTextTests
{
    private static readonly string[] Formats = ["R", "F3", "F7", "E4", "G9", "F0"];

    [Fact]
    public void TryParse_TextsOfFloats_GivesTheirBits() =>
        Gen.Select(Gen.Float.Where(float.IsFinite), Gen.Int[0, Formats.Length - 1]).Sample((value, format) =>
        {
            string text = value.ToString(Formats[format], CultureInfo.InvariantCulture);
            float expected = float.Parse(text, CultureInfo.InvariantCulture);
            bool parsed = NumberText.TryParse(Encoding.ASCII.GetBytes(text), out float found);
            return parsed == float.IsFinite(expected) && (!parsed || BitConverter.SingleToInt32Bits(found) == BitConverter.SingleToInt32Bits(expected));
        });

    [Fact]
    public void TryParse_ShortDecimals_AreRoundedAsTheRuntimeRounds() =>
        Gen.Select(Gen.Int[0, 20_000_000], Gen.Int[0, 12]).Sample((digits, decimals) =>
        {
            string text = digits.ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
            text = decimals == 0 ? text : text[..^decimals] + "." + text[^decimals..];
            return NumberText.TryParse(Encoding.ASCII.GetBytes(text), out float found)
                && BitConverter.SingleToInt32Bits(found) == BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture));
        });
}
