using System.Collections.Immutable;

namespace AlexNetSharp.Checkpoints;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">In the order of their data.</param>
/// <param name="Metadata">The header's <c>__metadata__</c>: text by key.</param>
public sealed record SafeTensorsContent(ImmutableArray<SafeTensor> Tensors, ImmutableSortedDictionary<string, string> Metadata);
