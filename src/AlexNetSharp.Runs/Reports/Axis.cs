using System.Collections.Immutable;
using System.Globalization;

namespace AlexNetSharp.Runs.Reports;

/// <summary>One side of a chart.</summary>
/// <param name="Label">What it measures.</param>
/// <param name="Least">Where it begins.</param>
/// <param name="Greatest">Where it ends.</param>
/// <param name="IsLogarithmic">Whether equal lengths are equal ratios.</param>
/// <param name="Ticks">The values that are named.</param>
internal sealed record Axis(string Label, double Least, double Greatest, bool IsLogarithmic, ImmutableArray<Tick> Ticks)
{
    private const int WantedTicks = 5;

    // Losses that fall so far are a line along the bottom on a linear axis.
    private const double LogarithmicFrom = 20;

    // Wider ones name their decades only.
    private const double DecadesWithSteps = 2.2;

    /// <summary>From 0 to the last step, whatever that is.</summary>
    public static Axis Steps(int last) =>
        new("step", 0, last, false, [.. Multiples(0, last, NiceStep(last)).Select(value => new Tick(value, Figures.Count((long)value)))]);

    /// <summary>For values from 0 up that differ by orders of magnitude, or not.</summary>
    public static Axis Sizes(string label, IReadOnlyCollection<double> values)
    {
        double least = values.Where(value => value > 0).DefaultIfEmpty(0).Min(), greatest = values.Max();
        return least > 0 && greatest / least >= LogarithmicFrom ? Logarithmic(label, least, greatest) : FromZero(label, greatest);
    }

    /// <summary>From 0 to the next round number.</summary>
    public static Axis FromZero(string label, double greatest)
    {
        if (greatest <= 0)
            greatest = 1;
        double step = NiceStep(greatest);
        double end = step * Math.Ceiling((greatest / step) - 1e-9);
        return new Axis(label, 0, end, false, [.. Multiples(0, end, step).Select(value => new Tick(value, Figures.Short(value)))]);
    }

    /// <summary>From the round number below the least share to all.</summary>
    public static Axis Shares(string label, double least)
    {
        double step = NiceStep(Math.Max(1 - least, 0.01));
        double start = Math.Max(0, step * Math.Floor((least / step) + 1e-9));
        if (start >= 1)
            start = 1 - step;
        return new Axis(label, start, 1, false, [.. Multiples(start, 1, step).Select(value => new Tick(value, (100 * value).ToString("0.##", CultureInfo.InvariantCulture) + " %"))]);
    }

    /// <summary>How far along a value stands, 0 to 1; values that the axis does not reach stand at its end.</summary>
    public double Place(double value)
    {
        double place = IsLogarithmic ? Math.Log(Math.Max(value, Least) / Least) / Math.Log(Greatest / Least) : (value - Least) / (Greatest - Least);
        return Math.Clamp(place, 0, 1);
    }

    private static Axis Logarithmic(string label, double least, double greatest)
    {
        double[] steps = Math.Log10(greatest / least) <= DecadesWithSteps ? [1, 2, 5] : [1];
        List<double> marks = [];
        for (int power = (int)Math.Floor(Math.Log10(least)); power <= Math.Ceiling(Math.Log10(greatest)); power++)
            marks.AddRange(steps.Select(step => step * Math.Pow(10, power)));
        int first = marks.FindLastIndex(mark => mark <= least * (1 + 1e-9)), last = marks.FindIndex(mark => mark >= greatest * (1 - 1e-9));
        // Of many decades every second or third is named.
        int every = ((last - first) / (WantedTicks + 3)) + 1;
        return new Axis(
            label + ", logarithmic", marks[first], marks[last], true,
            [.. marks[first..(last + 1)].Where((_, i) => i % every == 0).Select(mark => new Tick(mark, Figures.Short(mark)))]);
    }

    // 1, 2, 2.5 or 5 times a power of ten.
    private static double NiceStep(double length)
    {
        double raw = length / WantedTicks, power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return power * new[] { 1, 2, 2.5, 5, 10 }.First(factor => factor * power >= raw * (1 - 1e-9));
    }

    private static IEnumerable<double> Multiples(double start, double end, double step)
    {
        for (int i = 0; start + (i * step) <= end + (1e-9 * step); i++)
            yield return start + (i * step);
    }
}
