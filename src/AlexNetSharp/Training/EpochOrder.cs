using AlexNetSharp.Kernels.Randomness;

namespace AlexNetSharp.Training;

/// <summary>The order in which an epoch visits the training pictures: a shuffle that seed and epoch decide, whatever came before.</summary>
internal static class EpochOrder
{
    /// <summary>Fills <paramref name="order"/> with 0 to its length − 1, shuffled (Fisher and Yates).</summary>
    public static void Shuffle(Span<int> order, ulong seed, int epoch)
    {
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        PhiloxSequence random = new(seed, StreamNumber.OfEpoch(epoch));
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }
}
