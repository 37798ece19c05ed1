using AlexNetSharp.Models;

namespace AlexNetSharp.Inspection;

/// <summary>What a layer made of one picture.</summary>
/// <param name="Layer">The layer in its place.</param>
/// <param name="Values">Its output, [height, width, channels] as <c>Layer.Output</c> says.</param>
public sealed record LayerActivation(LayerShape Layer, ReadOnlyMemory<float> Values)
{
    /// <summary>The part of the values that are exactly zero, 0 to 1: after a ReLU, the units that this picture leaves silent.</summary>
    public double ShareOfZeros
    {
        get
        {
            int zeros = 0;
            foreach (float value in Values.Span)
                zeros += value == 0 ? 1 : 0;
            return (double)zeros / Values.Length;
        }
    }
}
