using System.Collections.Immutable;

namespace AlexNetSharp.Checkpoints;

/// <summary>A float32 tensor to be written whose values come in parts, so that a model's weights are never there twice.</summary>
/// <param name="Name">The name.</param>
/// <param name="Shape">Sizes, outermost first; values are row-major.</param>
/// <param name="Length">Values in all parts.</param>
/// <param name="Parts">The values in their order; each time it is asked, from the start. A part may be overwritten when the next one is asked for.</param>
internal sealed record SafeTensorParts(string Name, ImmutableArray<int> Shape, int Length, IEnumerable<ReadOnlyMemory<float>> Parts)
{
    /// <summary>A tensor whose values are there, as one part.</summary>
    public static SafeTensorParts Of(SafeTensor tensor) => new(tensor.Name, tensor.Shape, tensor.Values.Length, [tensor.Values]);
}
