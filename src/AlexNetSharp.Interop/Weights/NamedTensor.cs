using System.Collections.Immutable;

namespace AlexNetSharp.Interop.Weights;

/// <summary>A tensor of a file of weights; its values are read when asked for.</summary>
/// <param name="Name">What the file calls it.</param>
/// <param name="Type">The type of its values, as safetensors name it.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Stored">Values that the file really holds of it: a shape may claim any number.</param>
/// <param name="ReadInto">Reads its values as float32, row-major, into a span of their number.</param>
internal sealed record NamedTensor(string Name, string Type, ImmutableArray<int> Shape, long Stored, Action<Span<float>> ReadInto)
{
    /// <summary>Name, shape, and the type where it is not float32, for messages.</summary>
    public override string ToString() => $"{Name} [{string.Join(',', Shape)}]{(Type is "F32" ? "" : $" {Type}")}";
}
