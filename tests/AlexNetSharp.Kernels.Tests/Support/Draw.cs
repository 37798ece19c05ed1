namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>Arrays of random numbers, the same at every run.</summary>
internal static class Draw
{
    /// <summary>Uniform in [low, high).</summary>
    public static float[] Uniform(int seed, long length, float low = -1, float high = 1)
    {
        Random random = new(seed);
        float[] values = new float[length];
        for (int i = 0; i < values.Length; i++)
            values[i] = low + ((high - low) * random.NextSingle());
        return values;
    }

    /// <summary>
    /// Whole numbers from −4 to 4: sums of fewer than a million products of them are exact in float32 in whatever order, so that a kernel must
    /// agree with its twin to the last bit and a single missing or doubled product shows.
    /// </summary>
    public static float[] Integers(int seed, long length)
    {
        Random random = new(seed);
        float[] values = new float[length];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.Next(-4, 5);
        return values;
    }

    /// <summary>Labels from 0 to classes − 1.</summary>
    public static int[] Labels(int seed, int rows, int classes)
    {
        Random random = new(seed);
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
            labels[i] = random.Next(classes);
        return labels;
    }

    public static double[] Widen(this float[] values) => Array.ConvertAll(values, value => (double)value);

    public static double[] Magnitudes(this double[] values) => Array.ConvertAll(values, Math.Abs);

    public static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
