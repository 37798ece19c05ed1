using System.Collections.Immutable;

namespace AlexNetSharp.Checkpoints;

/// <summary>A tensor as a safetensors file's header describes it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The format's name of the type of its values, such as <c>F32</c>.</param>
/// <param name="Shape">Sizes, outermost first; values are row-major.</param>
/// <param name="Begin">Where its values begin in the file's data.</param>
/// <param name="End">Where they end.</param>
public sealed record SafeTensorInfo(string Name, string Type, ImmutableArray<int> Shape, long Begin, long End)
{
    /// <summary>Values in all.</summary>
    public long Length => SafeTensorsFormat.ElementCount(Shape);

    /// <summary>Whether its values can be read as float32, which every float32, float16 and bfloat16 is exactly.</summary>
    public bool IsReadable => Type is SafeTensorsFormat.Float32 or SafeTensorsFormat.Float16 or SafeTensorsFormat.BFloat16;
}
