namespace AlexNetSharp.Cli.Reporting;

/// <summary>Curves as one line of text each, whose characters' heights are the values.</summary>
internal static class Sparklines
{
    private const string Levels = "▁▂▃▄▅▆▇█";
    private const char Missing = ' ';

    // Of a few points more would look like bars.
    private const int MostCharactersAPoint = 4;

    /// <summary>Writes the curves of two runs on one scale, so that they can be compared by eye; nothing where there is nothing to compare.</summary>
    /// <param name="title">What the curves are of.</param>
    /// <param name="a">The first run's values; null where there is none.</param>
    /// <param name="b">The second run's.</param>
    /// <param name="width">Characters at most; of more values, evenly spaced ones are taken, the last among them.</param>
    public static void Write(string title, IReadOnlyList<double?> a, IReadOnlyList<double?> b, int width)
    {
        double[] values = [.. a.Concat(b).OfType<double>()];
        if (values.Length == 0)
            return;
        int repeat = Math.Clamp(width / Math.Max(a.Count, b.Count), 1, MostCharactersAPoint);
        double lowest = values.Min(), highest = values.Max();
        Console.WriteLine($"{title}, from {Levels[0]} {lowest:F4} to {Levels[^1]} {highest:F4}");
        Console.WriteLine($"  A {Line(a)}".TrimEnd());
        Console.WriteLine($"  B {Line(b)}".TrimEnd());

        string Line(IReadOnlyList<double?> curve) => string.Concat(EvenlySpaced(curve, width).Select(value => new string(value is double known ? LevelOf(known) : Missing, repeat)));

        char LevelOf(double value) => highest > lowest ? Levels[(int)Math.Min(Levels.Length - 1, (value - lowest) / (highest - lowest) * Levels.Length)] : Levels[0];
    }

    /// <summary>At most <paramref name="count"/> of the items, evenly spaced, the last among them.</summary>
    public static IEnumerable<T> EvenlySpaced<T>(IReadOnlyList<T> items, int count) =>
        items.Count <= count ? items : Enumerable.Range(1, count).Select(i => items[(int)((long)items.Count * i / count) - 1]);
}
