using System.Collections.Concurrent;
using System.Globalization;

namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>Comparisons of a kernel's results with its twin's.</summary>
/// <remarks>With the environment variable <c>KERNEL_ERRORS</c> set to a file name, the largest errors seen are written there at the end.</remarks>
internal static class Close
{
    private static readonly ConcurrentDictionary<string, (double Error, double Tolerance)> Largest = [];

    static Close()
    {
        string? path = Environment.GetEnvironmentVariable("KERNEL_ERRORS");
        if (!string.IsNullOrEmpty(path))
            AppDomain.CurrentDomain.ProcessExit += (_, _) => WriteLargest(path);
    }

    /// <summary>|actual − expected| ≤ tolerance · magnitude, element by element.</summary>
    /// <param name="kernel">Named in failures and in the list of the largest errors.</param>
    /// <param name="expected">The twin's result.</param>
    /// <param name="actual">The kernel's.</param>
    /// <param name="tolerance">From <see cref="Tolerances"/>.</param>
    /// <param name="magnitudes">What the tolerance is relative to: for sums the sum of the magnitudes. Left out: the result itself.</param>
    public static void Within(string kernel, double[] expected, float[] actual, double tolerance, double[]? magnitudes = null)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(actual[i] - expected[i]);
            double magnitude = Math.Abs((magnitudes ?? expected)[i]);
            if (!(difference <= (tolerance * magnitude) + Tolerances.LeastNormal))
                Assert.Fail($"{kernel}: element {i} of {expected.Length} is {actual[i]:R}, expected {expected[i]:R}: off by {difference:E2}, allowed {tolerance:E2} of {magnitude:E2}.");
            if (difference > Tolerances.LeastNormal)
                worst = Math.Max(worst, difference / magnitude);
        }
        if (tolerance == 0)
            return;
        // Kept is what comes nearest to its tolerance.
        Largest.AddOrUpdate(kernel, (worst, tolerance), (_, old) => worst / tolerance > old.Error / old.Tolerance ? (worst, tolerance) : old);
    }

    /// <summary>|actual − expected| ≤ tolerance · the largest |expected|.</summary>
    public static void WithinLargest(string kernel, double[] expected, float[] actual, double tolerance) =>
        WithinScale(kernel, expected, actual, tolerance, expected.Length == 0 ? 0 : expected.Max(Math.Abs));

    /// <summary>|actual − expected| ≤ tolerance · scale.</summary>
    public static void WithinScale(string kernel, double[] expected, float[] actual, double tolerance, double scale)
    {
        double[] magnitudes = new double[expected.Length];
        Array.Fill(magnitudes, scale);
        Within(kernel, expected, actual, tolerance, magnitudes);
    }

    /// <summary>The twin's result is exact in float32, and the kernel's is it.</summary>
    public static void Exactly(string what, double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (actual[i] != expected[i])
                Assert.Fail($"{what}: element {i} of {expected.Length} is {actual[i]:R}, expected exactly {expected[i]:R}.");
        }
    }

    /// <summary>The same bits, NaN and the sign of zero included.</summary>
    public static void SameBits(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToUInt32Bits(actual[i]) != BitConverter.SingleToUInt32Bits(expected[i]))
                Assert.Fail($"{what}: element {i} of {expected.Length} is {actual[i]:R}, expected the bits of {expected[i]:R}.");
        }
    }

    private static void WriteLargest(string path)
    {
        List<string> lines = [];
        foreach ((string kernel, (double error, double tolerance)) in Largest.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{kernel,-40} {error:E2} of {tolerance:E2} allowed ({error / tolerance:P0})"));
        File.WriteAllLines(path, lines);
    }
}
