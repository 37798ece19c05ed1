using AlexNetSharp.Kernels.Randomness;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Randomness;

public sealed class StreamNumberTests
{
    [Fact]
    public void AllPurposes_SmallestAndLargestArguments_BoundRangesThatAreApart()
    {
        // Each purpose's streams rise with its arguments (the next test), so the ends bound all between them: every step, layer, parameter and epoch.
        Assert.True(StreamNumber.OfDropout(1u << 30, uint.MaxValue) < StreamNumber.OfParameter(0));
        Assert.True(StreamNumber.OfDropout(StreamNumber.EndOfSteps - 1, uint.MaxValue) < StreamNumber.OfParameter(0));
        Assert.True(StreamNumber.OfParameter(int.MaxValue) < StreamNumber.OfAugmentation(0, 0));
        Assert.True(StreamNumber.OfAugmentation(int.MaxValue - 2, int.MaxValue) < StreamNumber.OfEpoch(0));
        Assert.True(StreamNumber.OfEpoch(int.MaxValue) < StreamNumber.OfMixing(0, 0));
        Assert.True(StreamNumber.OfMixing(int.MaxValue - 2, int.MaxValue) < StreamNumber.OfSample(0));
    }

    [Fact]
    public void AllPurposes_LargerArguments_GiveLargerStreams() =>
        Gen.Select(Gen.UInt[0, StreamNumber.EndOfSteps - 2], Gen.UInt, Gen.UInt, Gen.Int[0, int.MaxValue - 1]).Sample(
            (step, layer, other, index) =>
            {
                Assert.True(StreamNumber.OfDropout(step, layer) < StreamNumber.OfDropout(step + 1, other));
                Assert.Equal(layer.CompareTo(other), StreamNumber.OfDropout(step, layer).CompareTo(StreamNumber.OfDropout(step, other)));
                Assert.True(StreamNumber.OfParameter(index) < StreamNumber.OfParameter(index + 1));
                Assert.True(StreamNumber.OfEpoch(index) < StreamNumber.OfEpoch(index + 1));
                int epoch = (int)(other % (int.MaxValue - 2));
                Assert.True(StreamNumber.OfAugmentation(epoch, index) < StreamNumber.OfAugmentation(epoch, index + 1));
                Assert.True(StreamNumber.OfAugmentation(Math.Max(0, epoch - 1), int.MaxValue) < StreamNumber.OfAugmentation(Math.Max(1, epoch), 0));
                Assert.True(StreamNumber.OfMixing(epoch, index) < StreamNumber.OfMixing(epoch, index + 1));
            },
            iter: 2000,
            threads: 1);

    [Fact]
    public void AllPurposes_ArgumentOutOfRange_IsNamed()
    {
        Assert.Equal(StreamNumber.EndOfSteps, Assert.Throws<ArgumentOutOfRangeException>(() => StreamNumber.OfDropout(StreamNumber.EndOfSteps, 0)).ActualValue);
        Assert.Equal(-1, Assert.Throws<ArgumentOutOfRangeException>(() => StreamNumber.OfParameter(-1)).ActualValue);
        Assert.Equal(-1, Assert.Throws<ArgumentOutOfRangeException>(() => StreamNumber.OfEpoch(-1)).ActualValue);
        Assert.Equal(int.MaxValue - 1, Assert.Throws<ArgumentOutOfRangeException>(() => StreamNumber.OfAugmentation(int.MaxValue - 1, 0)).ActualValue);
        Assert.Equal(-1, Assert.Throws<ArgumentOutOfRangeException>(() => StreamNumber.OfMixing(0, -1)).ActualValue);
        Assert.Equal(-1, Assert.Throws<ArgumentOutOfRangeException>(() => StreamNumber.OfSample(-1)).ActualValue);
    }
}
