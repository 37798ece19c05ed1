namespace AlexNetSharp.Kernels.Regularization;

/// <summary>Names one dropout mask: the same values give the same mask, at any thread count and vector width.</summary>
/// <param name="Keep">The probability that an element survives, above 0 and at most 1.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Stream">The layer.</param>
/// <param name="Step">The training step.</param>
public readonly record struct DropoutMask(float Keep, ulong Seed, uint Stream, uint Step);
