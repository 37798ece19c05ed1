using AlexNetSharp.Kernels.Randomness;

namespace AlexNetSharp.Training;

/// <summary>The order in which an epoch visits the training pictures: a shuffle that seed and epoch decide, whatever came before.</summary>
internal static class EpochOrder
{
    // Streams of a run's seed from 2^41 on are epochs, from 2^40 on parameters; dropout counts by layer and step.
    private const ulong FirstStream = 1UL << 41;

    /// <summary>Fills <paramref name="order"/> with 0 to its length − 1, shuffled (Fisher and Yates).</summary>
    public static void Shuffle(Span<int> order, ulong seed, int epoch)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        PhiloxSequence random = new(seed, FirstStream + (ulong)epoch);
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
