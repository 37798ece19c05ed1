using System.Collections.Immutable;

namespace AlexNetSharp.Execution;

/// <summary>What <see cref="WeightTransfer"/> did.</summary>
/// <param name="Loaded">Names of the target's parameters that were copied, in layer order; never empty.</param>
/// <param name="Left">The target's other parameters, in layer order.</param>
public sealed record WeightTransferReport(ImmutableArray<string> Loaded, ImmutableArray<LeftParameter> Left);
