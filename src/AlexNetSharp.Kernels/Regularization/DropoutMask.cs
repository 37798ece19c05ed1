using AlexNetSharp.Kernels.Randomness;

namespace AlexNetSharp.Kernels.Regularization;

/// <summary>Names one dropout mask: the same values give the same mask, at any thread count and vector width.</summary>
/// <param name="Keep">The probability that an element survives, above 0 and at most 1; masks round it to a multiple of 2^−16.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Stream">The layer.</param>
/// <param name="Step">The training step, below <see cref="StreamNumber.EndOfSteps"/>.</param>
public readonly record struct DropoutMask(float Keep, ulong Seed, uint Stream, uint Step)
{
    /// <summary>The mask that everything survives.</summary>
    public static DropoutMask None { get; } = new(1, 0, 0, 0);

    /// <summary>Throws unless there is such a mask.</summary>
    /// <exception cref="ArgumentException">Names what is at fault.</exception>
    public void Validate()
    {
        if (!(Keep > 0 && Keep <= 1))
            throw new ArgumentException($"Dropout: keep probability {Keep}; it must lie above 0 and be at most 1.");
        if (Step >= StreamNumber.EndOfSteps)
            throw new ArgumentException($"Dropout: step {Step}; it must lie below {StreamNumber.EndOfSteps}, or its random numbers would be those of the weights.");
    }
}
