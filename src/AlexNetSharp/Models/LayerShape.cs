using System.Collections.Immutable;

namespace AlexNetSharp.Models;

/// <summary>A layer in its place: with the shapes that its model gives it.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Input">What reaches it.</param>
/// <param name="Output">What it makes of that.</param>
/// <param name="FlattenedFrom">The picture whose values reach this layer as a list, until a dense layer mixes them; null elsewhere.</param>
/// <param name="Parameters">What it learns.</param>
public sealed record LayerShape(Layer Layer, FeatureShape Input, FeatureShape Output, FeatureShape? FlattenedFrom, ImmutableArray<ParameterSpec> Parameters)
{
    /// <summary>Learnt values.</summary>
    public long ParameterCount => Parameters.Sum(parameter => (long)parameter.Length);

    /// <summary>Multiply-accumulates for one picture, computed directly.</summary>
    public long MultiplyAccumulates => Layer.MultiplyAccumulates(Input);
}
