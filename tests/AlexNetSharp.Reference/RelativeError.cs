namespace AlexNetSharp.Reference;

/// <summary>How far results lie from what is expected.</summary>
public static class RelativeError
{
    /// <summary>
    /// The largest |actual − expected| over the largest |expected|: rounding grows with a sum's terms, not with the sum, so that dividing
    /// each difference by its own value would blame a kernel for cancellation. Exactly 0 if both are all zero; infinite if only
    /// <paramref name="expected"/> is, or where a difference is not a number.
    /// </summary>
    public static double OfLargest(double[] expected, double[] actual)
    {
        Expect.Length(actual, expected.Length, nameof(actual));
        var difference = 0.0;
        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            var here = Math.Abs(actual[i] - expected[i]);
            if (double.IsNaN(here))
                return double.PositiveInfinity;

            difference = Math.Max(difference, here);
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }

        return difference == 0.0 ? 0.0 : difference / largest;
    }

    /// <summary>The same for a kernel's float32 results.</summary>
    public static double OfLargest(double[] expected, ReadOnlySpan<float> actual)
    {
        var widened = new double[actual.Length];
        for (var i = 0; i < actual.Length; i++)
            widened[i] = actual[i];
        return OfLargest(expected, widened);
    }
}
