namespace AlexNetSharp.Benchmarks.Measurement;

/// <summary>What several rounds of one measurement gave.</summary>
/// <param name="Median">The middle one; of an even number the mean of the middle two.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
internal readonly record struct Spread(double Median, double Min, double Max)
{
    /// <summary>The spread of <paramref name="values"/>, in any order.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
            throw new ArgumentException("No values: a median needs at least one.", nameof(values));
        int middle = sorted.Length / 2;
        double median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[^1]);
    }

    /// <summary>The spread of <paramref name="numerators"/> over <paramref name="denominators"/>, round by round: what a round's conditions do to both cancels.</summary>
    public static Spread OfRatios(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators)
    {
        if (numerators.Count != denominators.Count)
            throw new ArgumentException($"{numerators.Count} rounds over {denominators.Count}; both must have the same.", nameof(denominators));
        return Of(numerators.Zip(denominators, (numerator, denominator) => numerator / denominator));
    }

    /// <summary>This spread with its numbers rounded to <paramref name="digits"/> places.</summary>
    public Spread Rounded(int digits) => new(Math.Round(Median, digits), Math.Round(Min, digits), Math.Round(Max, digits));
}
