using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AlexNetSharp.Models;

/// <summary>One step of a model: what is computed, not how. Layers are immutable and round-trip through JSON.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Convolution2D), "convolution2d")]
[JsonDerivedType(typeof(Relu), "relu")]
[JsonDerivedType(typeof(Tanh), "tanh")]
[JsonDerivedType(typeof(Sigmoid), "sigmoid")]
[JsonDerivedType(typeof(LeakyRelu), "leakyrelu")]
[JsonDerivedType(typeof(Clip), "clip")]
[JsonDerivedType(typeof(MaxPool2D), "maxpool2d")]
[JsonDerivedType(typeof(AveragePool2D), "averagepool2d")]
[JsonDerivedType(typeof(AdaptiveAveragePool2D), "adaptiveaveragepool2d")]
[JsonDerivedType(typeof(LocalResponseNorm), "lrn")]
[JsonDerivedType(typeof(Dropout), "dropout")]
[JsonDerivedType(typeof(Flatten), "flatten")]
[JsonDerivedType(typeof(Dense), "dense")]
public abstract record Layer
{
    /// <summary>Unique within its model; parameters are called after it (<c>conv1.weight</c>).</summary>
    public required string Name { get; init; }

    /// <summary>What kind of layer this is, for people.</summary>
    [JsonIgnore]
    public abstract string Kind { get; }

    /// <summary>The shape this layer makes of <paramref name="input"/>.</summary>
    /// <exception cref="InvalidModelException">The layer cannot take that input.</exception>
    public abstract FeatureShape OutputShape(FeatureShape input);

    /// <summary>What this layer learns, given its input's shape; empty for most.</summary>
    public virtual ImmutableArray<ParameterSpec> Parameters(FeatureShape input) => [];

    /// <summary>Multiply-accumulates for one picture, computed directly; 0 for layers without weights.</summary>
    public virtual long MultiplyAccumulates(FeatureShape input) => 0;

    /// <summary>An exception whose message begins with this layer.</summary>
    private protected InvalidModelException Invalid(string problem, Exception? inner = null) =>
        inner is null ? new($"{Kind} '{Name}': {problem}") : new($"{Kind} '{Name}': {problem}", inner);
}

/// <summary>A layer that leaves shapes as they are.</summary>
public abstract record ElementwiseLayer : Layer
{
    /// <inheritdoc/>
    public override FeatureShape OutputShape(FeatureShape input) => input;
}
