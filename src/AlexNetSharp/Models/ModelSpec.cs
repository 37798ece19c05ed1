using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace AlexNetSharp.Models;

/// <summary>A network without its weights: name, input and layers. Immutable; round-trips through JSON.</summary>
public sealed record ModelSpec
{
    // One buffer holds them all, with gaps that align each: half of what an array holds leaves room for the gaps.
    private const long MaximalParameters = 1L << 30;

    // No file of a few bytes is to ask for gigabytes of names.
    private const int MaximalNumberedClasses = 1 << 20;

    /// <summary>The name, such as <c>alexnet-mnist</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The pictures it takes, after <see cref="Preprocessing"/>.</summary>
    public required FeatureShape Input { get; init; }

    /// <summary>How pictures become its input.</summary>
    // Reading JSON hands over null where a file says nothing.
    public Preprocessing Preprocessing { get; init => field = value ?? Preprocessing.None; } = Preprocessing.None;

    /// <summary>What its outputs stand for, in order.</summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>The layers, first to last. The last gives the logits.</summary>
    public required ImmutableArray<Layer> Layers { get; init; }

    /// <summary>Every layer with its shapes, checked from first to last.</summary>
    /// <exception cref="InvalidModelException">The layers do not fit together; the message names the one at fault.</exception>
    public ImmutableArray<LayerShape> InferShapes()
    {
        if (string.IsNullOrWhiteSpace(Name))
            throw new InvalidModelException("The model has no name.");
        if (Classes.IsDefaultOrEmpty)
            throw new InvalidModelException($"Model '{Name}' names no classes.");
        if (Classes.Any(name => name is null))
            throw new InvalidModelException($"Model '{Name}': a class or a layer is null; write each of them out, or leave it away.");
        ImmutableArray<LayerShape> shapes = InferLayers();
        FeatureShape logits = shapes[^1].Output;
        if (!logits.IsVector || logits.Channels != Classes.Length)
            throw new InvalidModelException($"Model '{Name}': the last layer '{Layers[^1].Name}' gives {logits}, but there are {Classes.Length} classes. End with a dense layer of {Classes.Length} units.");
        return shapes;
    }

    /// <summary>This model for other classes: the outputs of the last layer that has weights become as many.</summary>
    /// <param name="classes">What the outputs are to stand for, in order.</param>
    /// <exception cref="InvalidModelException">No layer has weights, or that layer's outputs are not what the model gives.</exception>
    public ModelSpec WithClasses(ImmutableArray<string> classes)
    {
        ModelSpec renamed = this with { Classes = classes };
        if (classes.IsDefaultOrEmpty || Layers.IsDefaultOrEmpty)
            _ = renamed.InferShapes();
        if (InferLayers()[^1].Output is { IsVector: true, Channels: int outputs } && outputs == classes.Length)
            return renamed.Checked();
        for (int i = Layers.Length - 1; i >= 0; i--)
        {
            Layer? layer = Layers[i] switch
            {
                Dense dense => dense with { Units = classes.Length },
                Convolution2D convolution => convolution with { Filters = classes.Length },
                _ => null,
            };
            if (layer is not null)
                return (renamed with { Layers = Layers.SetItem(i, layer) }).Checked();
        }
        throw new InvalidModelException($"Model '{Name}' has no dense or convolution layer, so its outputs cannot follow the {classes.Length} classes. End with a dense layer.");
    }

    // The layers with their shapes, whatever the classes.
    private ImmutableArray<LayerShape> InferLayers()
    {
        if (Layers.IsDefaultOrEmpty)
            throw new InvalidModelException($"Model '{Name}' has no layers.");
        if (Layers.Any(layer => layer is null))
            throw new InvalidModelException($"Model '{Name}': a class or a layer is null; write each of them out, or leave it away.");
        if (Input.Height < 1 || Input.Width < 1 || Input.Channels < 1)
            throw new InvalidModelException($"Model '{Name}': input {Input.Height}x{Input.Width}x{Input.Channels}; height, width and channels must be at least 1.");
        if ((Int128)Input.Height * Input.Width * Input.Channels > Array.MaxLength)
            throw new InvalidModelException($"Model '{Name}': input {Input.Height}x{Input.Width}x{Input.Channels} has more values than can be counted. Use smaller pictures.");
        Preprocessing.Validate(Name, Input);
        ImmutableArray<LayerShape>.Builder shapes = ImmutableArray.CreateBuilder<LayerShape>(Layers.Length);
        HashSet<string> names = [];
        FeatureShape shape = Input;
        FeatureShape? flattenedFrom = null;
        long parameters = 0;
        foreach (Layer layer in Layers)
        {
            if (string.IsNullOrWhiteSpace(layer.Name) || !names.Add(layer.Name))
                throw new InvalidModelException($"Model '{Name}': the layer name '{layer.Name}' is empty or used twice; every layer needs a name of its own.");
            LayerShape inferred = Infer(layer, shape, flattenedFrom);
            shapes.Add(inferred);
            parameters += inferred.ParameterCount;
            if (parameters > MaximalParameters)
                throw new InvalidModelException($"Model '{Name}': with layer '{layer.Name}' it has {parameters} parameters; at most {MaximalParameters} are supported. Use fewer units or filters.");
            flattenedFrom = layer switch
            {
                Flatten => shape.IsVector ? flattenedFrom : shape,
                ElementwiseLayer => flattenedFrom,
                _ => null,
            };
            shape = inferred.Output;
        }
        return shapes.MoveToImmutable();
    }

    /// <summary>This model as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ModelJson.Contract);

    /// <summary>Reads a model: what <see cref="ToJson"/> wrote, or one that somebody wrote by hand. It is checked.</summary>
    /// <remarks>A model without <c>classes</c> gets as many as it has outputs, called 0, 1, 2, …; <see cref="WithClasses"/> gives it those of the data.</remarks>
    /// <param name="json">The text.</param>
    /// <param name="source">What the message calls it, such as a file's path.</param>
    /// <exception cref="InvalidModelException">The text is no model, or its layers do not fit together; the message names the layer.</exception>
    public static ModelSpec FromJson(string json, string source)
    {
        ModelSpec? spec;
        try
        {
            spec = JsonSerializer.Deserialize(json, ModelJson.Contract);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            throw new InvalidModelException($"'{source}' describes no model: {ModelJson.Fault(json, e)}", e);
        }
        if (spec is null)
            throw new InvalidModelException($"'{source}' describes no model: found null.");
        return (spec.Classes.IsDefault ? spec with { Classes = spec.NumberedOutputs() } : spec).Checked();
    }

    /// <summary>0, 1, 2, … as names.</summary>
    internal static ImmutableArray<string> Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    private ImmutableArray<string> NumberedOutputs()
    {
        FeatureShape logits = InferLayers()[^1].Output;
        return logits.IsVector && logits.Channels <= MaximalNumberedClasses
            ? Numbers(logits.Channels)
            : throw new InvalidModelException($"Model '{Name}' names no classes, and its last layer '{Layers[^1].Name}' gives {logits}. End with a dense layer of as many units as there are classes.");
    }

    private ModelSpec Checked()
    {
        _ = InferShapes();
        return this;
    }

    private static LayerShape Infer(Layer layer, FeatureShape input, FeatureShape? flattenedFrom)
    {
        try
        {
            FeatureShape output = layer.OutputShape(input);
            LayerShape shape = new(layer, input, output, flattenedFrom, layer.Parameters(input));
            // Asked for once here, so that nobody meets an overflow later.
            _ = output.Length;
            _ = shape.ParameterCount;
            return shape;
        }
        catch (OverflowException e)
        {
            throw new InvalidModelException($"{layer.Kind} '{layer.Name}': from input {input} on there are more values or parameters than can be counted. Use smaller numbers.", e);
        }
    }
}
