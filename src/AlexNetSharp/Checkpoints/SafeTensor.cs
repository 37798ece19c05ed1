using System.Collections.Immutable;

namespace AlexNetSharp.Checkpoints;

/// <summary>A named float32 tensor of a safetensors file.</summary>
/// <param name="Name">The name.</param>
/// <param name="Shape">Sizes, outermost first; values are row-major.</param>
/// <param name="Values">The values.</param>
public sealed record SafeTensor(string Name, ImmutableArray<int> Shape, float[] Values);
