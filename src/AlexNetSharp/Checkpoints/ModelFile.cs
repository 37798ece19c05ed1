using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Checkpoints;

/// <summary>A trained model as one file: weights as safetensors under PyTorch's names and layouts, the model's JSON in the metadata.</summary>
public static class ModelFile
{
    /// <summary>The key of the metadata that hold the model's JSON.</summary>
    public const string ModelKey = "alexnet.model";

    /// <summary>Writes <paramref name="network"/> to <paramref name="path"/>; the file appears whole or not at all (<see cref="DurableFile"/>).</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="precision">How weights are stored; float16 rounds them.</param>
    /// <exception cref="InvalidDataException">A weight is too large for <paramref name="precision"/>; the message names its tensor. No file is written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder does not allow it.</exception>
    public static void Save(Network network, string path, WeightPrecision precision = WeightPrecision.Full)
    {
        SafeTensorParts[] tensors = [.. network.Shapes.SelectMany(layer => layer.Parameters, (layer, parameter) =>
            new SafeTensorParts(parameter.Name, PyTorchLayout.Shape(parameter), parameter.Length, PyTorchLayout.Parts(network, layer, parameter)))];
        SafeTensorsWriter.Save(path, tensors, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create(ModelKey, network.Spec.ToJson())]), precision);
    }

    /// <summary>Reads a model with its weights.</summary>
    /// <exception cref="InvalidDataException">The file is broken, holds no model, or its tensors are not that model's.</exception>
    /// <exception cref="InvalidModelException">The model in the file does not fit together.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Network Load(string path)
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(ModelKey, out string? json))
            throw new InvalidDataException($"'{path}' is a safetensors file without the metadata '{ModelKey}' that describes the model. Say what it is of: 'alexnet import FILE --model NAME'.");
        ModelSpec spec = ModelSpec.FromJson(json, path);
        Dictionary<string, SafeTensorInfo> tensors = file.Tensors.ToDictionary(tensor => tensor.Name);
        // Before any memory is taken: a small file may describe a model of gigabytes.
        RequireMatch(spec, tensors, path);
        Network network = new(spec);
        foreach (LayerShape layer in network.Shapes)
        {
            foreach (ParameterSpec parameter in layer.Parameters)
                file.Use(tensors[parameter.Name], values => PyTorchLayout.Load(network, layer, parameter, values));
        }
        return network;
    }

    private static void RequireMatch(ModelSpec spec, Dictionary<string, SafeTensorInfo> tensors, string path)
    {
        HashSet<string> unused = [.. tensors.Keys];
        foreach (ParameterSpec parameter in spec.InferShapes().SelectMany(layer => layer.Parameters))
        {
            ImmutableArray<int> expected = PyTorchLayout.Shape(parameter);
            if (!unused.Remove(parameter.Name))
                throw new InvalidDataException($"'{path}' lacks the tensor '{SafeTensorsFile.Printable(parameter.Name)}' [{string.Join(',', expected)}] that its model '{SafeTensorsFile.Printable(spec.Name)}' needs.");
            ImmutableArray<int> shape = tensors[parameter.Name].Shape;
            if (!shape.SequenceEqual(expected))
                throw new InvalidDataException($"'{path}': tensor '{SafeTensorsFile.Printable(parameter.Name)}' has shape [{string.Join(',', shape)}]; model '{SafeTensorsFile.Printable(spec.Name)}' needs [{string.Join(',', expected)}].");
        }
        if (unused.Count > 0)
            throw new InvalidDataException($"'{path}' holds the tensor '{SafeTensorsFile.Printable(unused.Order(StringComparer.Ordinal).First())}', which its model '{SafeTensorsFile.Printable(spec.Name)}' does not have.");
    }
}
