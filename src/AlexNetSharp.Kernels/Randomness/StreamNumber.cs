namespace AlexNetSharp.Kernels.Randomness;

/// <summary>The number of each stream that a seed is spent on, in ranges that never meet.</summary>
/// <remarks>
/// A stream is the high half of Philox's counter; two purposes that share one would draw the same numbers. The topmost bits tell the purposes
/// apart: 0 dropout, 10 parameters and augmentation, 11 epochs, mixing and samples. Steps are counted in 31 bits, so dropout never reaches the
/// topmost. Parameters and epochs take 31 bits as well; the streams that have two numbers write their epoch + 1 above these, where theirs is 0.
/// </remarks>
public static class StreamNumber
{
    /// <summary>The first step that has no dropout stream of its own: 2^31.</summary>
    public const uint EndOfSteps = 1u << 31;

    // What lies below the two topmost bits: 31 bits above, 31 bits below.
    private const int LowerBits = 31;
    private const ulong Samples = Epochs | ((ulong)int.MaxValue << LowerBits);

    private const ulong Parameters = 1UL << 63;
    private const ulong Epochs = (1UL << 63) | (1UL << 62);

    /// <summary>The stream of a dropout mask.</summary>
    /// <param name="step">The training step, below <see cref="EndOfSteps"/>.</param>
    /// <param name="layer">The layer's number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is <see cref="EndOfSteps"/> or above.</exception>
    public static ulong OfDropout(uint step, uint layer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, EndOfSteps);
        return ((ulong)step << 32) | layer;
    }

    /// <summary>The stream that a parameter's first values are drawn from.</summary>
    /// <param name="index">The parameter's place in the network, from 0 up.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    public static ulong OfParameter(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Parameters | (uint)index;
    }

    /// <summary>The stream that an epoch's order is drawn from.</summary>
    /// <param name="epoch">The epoch, from 0 up.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epoch"/> is negative.</exception>
    public static ulong OfEpoch(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        return Epochs | (uint)epoch;
    }

    /// <summary>The stream that decides what is done to a training picture.</summary>
    /// <param name="epoch">The epoch, from 0 up, below 2^31 − 2.</param>
    /// <param name="position">The picture's place in the epoch's order, from 0 up.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ulong OfAugmentation(int epoch, int position) => Parameters | Pair(epoch, position);

    /// <summary>The stream that decides how the pictures of a batch are mixed.</summary>
    /// <param name="epoch">The epoch, from 0 up, below 2^31 − 2.</param>
    /// <param name="step">The step within the epoch, from 0 up.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ulong OfMixing(int epoch, int step) => Epochs | Pair(epoch, step);

    /// <summary>The stream that a sample of a set is drawn from.</summary>
    /// <param name="index">Which sample, from 0 up.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is negative.</exception>
    public static ulong OfSample(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return Samples | (uint)index;
    }

    private static ulong Pair(int epoch, int second)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(epoch, int.MaxValue - 1);
        ArgumentOutOfRangeException.ThrowIfNegative(second);
        return ((ulong)(epoch + 1) << LowerBits) | (uint)second;
    }
}
