using System.Globalization;
using System.Text.RegularExpressions;

namespace AlexNetSharp.Interop.Weights;

/// <summary>Orders names with the numbers in them as numbers: <c>features.3</c> before <c>features.10</c>.</summary>
internal sealed partial class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        string[] left = Digits().Split(x!), right = Digits().Split(y!);
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            int order = Number(left[i]) is long a && Number(right[i]) is long b ? a.CompareTo(b) : string.CompareOrdinal(left[i], right[i]);
            if (order != 0)
                return order;
        }
        return left.Length.CompareTo(right.Length);
    }

    [GeneratedRegex("([0-9]+)")]
    private static partial Regex Digits();

    private static long? Number(string part) => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
