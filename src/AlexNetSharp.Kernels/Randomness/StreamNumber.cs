namespace AlexNetSharp.Kernels.Randomness;

/// <summary>The number of each stream that a seed is spent on, in ranges that never meet.</summary>
/// <remarks>
/// A stream is the high half of Philox's counter; two purposes that share one would draw the same numbers. The topmost bits tell the purposes
/// apart: 0 dropout, 10 parameters, 11 epochs. Steps are counted in 31 bits, so dropout never reaches the topmost.
/// </remarks>
public static class StreamNumber
{
    /// <summary>The first step that has no dropout stream of its own: 2^31.</summary>
    public const uint EndOfSteps = 1u << 31;

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
}
