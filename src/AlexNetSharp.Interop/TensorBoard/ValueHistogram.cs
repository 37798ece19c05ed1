using AlexNetSharp.Interop.TensorBoard.Messages;

namespace AlexNetSharp.Interop.TensorBoard;

/// <summary>Counts values in buckets of one width between the smallest and the largest.</summary>
internal static class ValueHistogram
{
    /// <summary>Buckets, where the values are not all the same: as many as a screen shows apart.</summary>
    public const int Buckets = 64;

    /// <summary>Counts; values that are no finite numbers are left out.</summary>
    public static HistogramProto Of(ReadOnlySpan<float> values)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity, sum = 0, squares = 0;
        long count = 0;
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                continue;
            min = Math.Min(min, value);
            max = Math.Max(max, value);
            sum += value;
            squares += (double)value * value;
            count++;
        }
        HistogramProto histogram = new();
        if (count == 0)
            return histogram;
        (histogram.Min, histogram.Max, histogram.Num, histogram.Sum, histogram.SumSquares) = (min, max, count, sum, squares);
        if (min == max)
        {
            histogram.BucketLimit.Add(max);
            histogram.Bucket.Add(count);
            return histogram;
        }
        long[] counts = new long[Buckets];
        double width = (max - min) / Buckets;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
                counts[Math.Min((int)((value - min) / width), Buckets - 1)]++;
        }
        for (int i = 0; i < Buckets; i++)
        {
            histogram.BucketLimit.Add(i == Buckets - 1 ? max : min + ((i + 1) * width));
            histogram.Bucket.Add(counts[i]);
        }
        return histogram;
    }
}
