using System.Collections.Immutable;
using AlexNetSharp.Models;
using AlexNetSharp.Tensors;

namespace AlexNetSharp.Execution;

/// <summary>A model with its weights.</summary>
/// <remarks>
/// All parameters lie in one buffer, each from the start of a cache line on, so that an optimiser updates them in one pass. The gaps stay zero.
/// Dense weights lie in panels, so values are copied in and out.
/// Plans compiled from a network read its weights where they lie. A network serves one plan at a time.
/// </remarks>
public sealed class Network : IDisposable
{
    private const int FloatsPerCacheLine = 16;

    private readonly NativeBuffer<float> _values;

    /// <summary>Creates a network whose weights are all zero.</summary>
    /// <exception cref="InvalidModelException">The model's layers do not fit together.</exception>
    public Network(ModelSpec spec)
        : this(spec, allocates: true)
    {
    }

    private Network(ModelSpec spec, bool allocates)
    {
        Spec = spec;
        Shapes = spec.InferShapes();
        ImmutableArray<Parameter>.Builder parameters = ImmutableArray.CreateBuilder<Parameter>();
        int offset = 0;
        foreach (ParameterSpec parameter in Shapes.SelectMany(shape => shape.Parameters))
        {
            parameters.Add(new Parameter(parameter, offset));
            offset = checked(offset + ((parameters[^1].StorageLength + FloatsPerCacheLine - 1) / FloatsPerCacheLine * FloatsPerCacheLine));
        }
        Parameters = parameters.ToImmutable();
        ValuesLength = offset;
        _values = new NativeBuffer<float>(allocates ? offset : 0);
    }

    /// <summary>The model.</summary>
    public ModelSpec Spec { get; }

    /// <summary>The model's layers with their shapes.</summary>
    public ImmutableArray<LayerShape> Shapes { get; }

    /// <summary>All parameters, in layer order.</summary>
    public ImmutableArray<Parameter> Parameters { get; }

    /// <summary>Learnt values in all.</summary>
    public long ParameterCount => Parameters.Sum(parameter => (long)parameter.Length);

    /// <summary>Bytes of all values, gaps between parameters included.</summary>
    public long Bytes => (long)ValuesLength * sizeof(float);

    /// <summary>Floats of all values, gaps between parameters included.</summary>
    internal int ValuesLength { get; }

    /// <summary>All values, gaps between parameters included.</summary>
    internal Span<float> Values => _values.Span;

    /// <summary>The values of one parameter where and as they lie in memory.</summary>
    internal Span<float> Storage(Parameter parameter) => parameter.In(_values.Span);

    /// <summary>Rises whenever weights may have changed, so that plans know when to prepare them anew.</summary>
    internal long Version { get; private set; }

    /// <summary>A network without room for its weights, to plan with.</summary>
    internal static Network WithoutMemory(ModelSpec spec) => new(spec, allocates: false);

    /// <summary>Takes over all values of a network of the same model.</summary>
    internal void CopyFrom(Network other)
    {
        other.Values.CopyTo(Values);
        Touch();
    }

    /// <summary>Says that weights have changed.</summary>
    internal void Touch() => Version++;

    /// <summary>The parameter called <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Parameter Find(string name) =>
        Parameters.FirstOrDefault(parameter => parameter.Name == name) ?? throw new KeyNotFoundException($"Model '{Spec.Name}' has no parameter '{name}'.");

    /// <summary>The values of one parameter, in the layout that <see cref="ParameterSpec.Shape"/> states.</summary>
    public float[] Read(Parameter parameter)
    {
        float[] values = new float[parameter.Length];
        Read(parameter, values);
        return values;
    }

    /// <summary>Copies the values of one parameter, in the layout that <see cref="ParameterSpec.Shape"/> states.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="destination">As long as the parameter.</param>
    /// <exception cref="ArgumentException">It is longer or shorter.</exception>
    public void Read(Parameter parameter, Span<float> destination) => parameter.Read(_values.Span, destination);

    /// <summary>Replaces the values of one parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="source">As long as the parameter, in the layout that <see cref="ParameterSpec.Shape"/> states.</param>
    /// <exception cref="ArgumentException">It is longer or shorter.</exception>
    public void Write(Parameter parameter, ReadOnlySpan<float> source)
    {
        parameter.Write(_values.Span, source);
        Touch();
    }

    /// <inheritdoc cref="Parameter.ReadOutputs"/>
    internal void ReadOutputs(Parameter parameter, int first, int outputs, Span<float> values) => parameter.ReadOutputs(_values.Span, first, outputs, values);

    /// <inheritdoc cref="Parameter.WriteOutputs"/>
    internal void WriteOutputs(Parameter parameter, int first, int outputs, ReadOnlySpan<float> values)
    {
        parameter.WriteOutputs(_values.Span, first, outputs, values);
        Touch();
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => _values.Dispose();
}
