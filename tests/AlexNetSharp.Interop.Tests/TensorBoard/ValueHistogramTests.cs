using AlexNetSharp.Interop.TensorBoard;
using AlexNetSharp.Interop.TensorBoard.Messages;

namespace AlexNetSharp.Interop.Tests.TensorBoard;

public sealed class ValueHistogramTests
{
    [Fact]
    public void Of_Values_CountsThemBetweenTheLimits()
    {
        // In the middle of buckets of width 1, but for the ends: -32 and 32.
        float[] values = [-32, -31.5f, -0.5f, 0.5f, 0.5f, 0.25f, 30.5f, 32];

        HistogramProto histogram = ValueHistogram.Of(values);

        Assert.Equal((-32, 32, 8), (histogram.Min, histogram.Max, histogram.Num));
        Assert.Equal(values.Sum(value => (double)value), histogram.Sum);
        Assert.Equal(values.Sum(value => (double)value * value), histogram.SumSquares);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i - 31.0), histogram.BucketLimit);
        Assert.Equal([(0, 2), (31, 1), (32, 3), (62, 1), (63, 1)], histogram.Bucket.Index().Where(bucket => bucket.Item > 0).Select(bucket => (bucket.Index, bucket.Item)));
    }

    [Fact]
    public void Of_WidestRange_CountsAll()
    {
        HistogramProto histogram = ValueHistogram.Of([float.MinValue, 0, float.Epsilon, float.MaxValue]);

        Assert.Equal((1, 2, 1), (histogram.Bucket[0], histogram.Bucket[32], histogram.Bucket[63]));
        Assert.Equal(float.MaxValue, histogram.BucketLimit[63]);
    }

    [Fact]
    public void Of_OneValueManyTimes_IsOneBucket()
    {
        HistogramProto histogram = ValueHistogram.Of([0.5f, 0.5f, 0.5f]);

        Assert.Equal([0.5], histogram.BucketLimit);
        Assert.Equal([3.0], histogram.Bucket);
    }

    [Fact]
    public void Of_NoFiniteNumbers_AreLeftOut()
    {
        HistogramProto some = ValueHistogram.Of([float.NaN, 1, float.PositiveInfinity, 2, float.NegativeInfinity]);
        HistogramProto none = ValueHistogram.Of([float.NaN]);

        Assert.Equal((1, 2, 2, 2), (some.Min, some.Max, some.Num, some.Bucket.Sum()));
        Assert.Equal((0, 0), (none.Num, none.Bucket.Count));
    }
}
