using System.Collections.Immutable;
using System.Globalization;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Weights;

/// <summary>Which tensor of a file is which parameter of a model.</summary>
internal sealed class WeightMapping
{
    private const int MaximalClasses = 1 << 20;
    private const int Shown = 8;

    // What wrappers put before every name: DataParallel, torch.compile, training scripts.
    private static readonly string[] _prefixes = ["module.", "_orig_mod.", "model.", "net.", "network.", "backbone.", "alexnet."];

    private readonly ModelSpec _spec;
    private readonly ImmutableArray<NamedTensor> _tensors;

    private WeightMapping(ModelSpec spec, ImmutableArray<NamedTensor> tensors) => (_spec, _tensors) = (spec, tensors);

    /// <summary>Finds a tensor for each parameter of <paramref name="model"/>; the number of classes is the file's.</summary>
    /// <param name="model">The model.</param>
    /// <param name="file">The file.</param>
    /// <param name="misfit">Why they do not fit; null where they do.</param>
    public static WeightMapping? Find(ModelSpec model, WeightFile file, out string? misfit)
    {
        Dictionary<string, NamedTensor> tensors = WithoutPrefixes(file.Tensors);
        ImmutableArray<LayerShape> layers = [.. model.InferShapes().Where(layer => !layer.Parameters.IsEmpty)];
        if (layers.IsEmpty || NamingScheme.Find(layers, tensors) is not ImmutableArray<string> names)
        {
            misfit = $"its layers need {List(layers.SelectMany(layer => layer.Parameters).Select(Describe))}, and no names that are known or order of shapes tells which is which in {List(tensors.Values.Select(tensor => tensor.ToString()))}";
            return null;
        }
        ModelSpec spec = tensors[$"{names[^1]}.weight"].Shape is [int classes, ..] && classes != model.Classes.Length && classes is > 0 and <= MaximalClasses
            ? model.WithClasses([.. Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture))])
            : model;
        layers = [.. spec.InferShapes().Where(layer => !layer.Parameters.IsEmpty)];
        List<string> missing = [], other = [];
        ImmutableArray<NamedTensor>.Builder found = ImmutableArray.CreateBuilder<NamedTensor>();
        for (int i = 0; i < layers.Length; i++)
        {
            foreach (ParameterSpec parameter in layers[i].Parameters)
            {
                string name = $"{names[i]}.{(parameter.Role == ParameterRole.Weight ? "weight" : "bias")}";
                if (!tensors.Remove(name, out NamedTensor? tensor))
                    missing.Add($"{name} [{string.Join(',', PyTorchLayout.Shape(parameter))}]");
                else if (!tensor.Shape.SequenceEqual(PyTorchLayout.Shape(parameter)))
                    other.Add($"{tensor} where {Describe(parameter)} is needed");
                else if (tensor.Stored < parameter.Length)
                    other.Add($"{tensor}, of which the file holds {tensor.Stored} values (save it again after tensor.contiguous())");
                else
                    found.Add(tensor);
            }
        }
        string[] faults =
        [
            .. missing.Count > 0 ? [$"missing {List(missing)}"] : Array.Empty<string>(),
            .. other.Count > 0 ? [$"of another shape {List(other)}"] : Array.Empty<string>(),
            .. tensors.Count > 0 ? [$"left over {List(tensors.Values.Select(tensor => tensor.ToString()))}"] : Array.Empty<string>(),
        ];
        misfit = faults.Length > 0 ? string.Join("; ", faults) : null;
        return misfit is null ? new WeightMapping(spec, found.ToImmutable()) : null;
    }

    /// <summary>The model with the file's weights.</summary>
    /// <exception cref="InvalidDataException">A tensor is of a type that cannot be read, or is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Network Load()
    {
        Network network = new(_spec);
        try
        {
            int next = 0;
            // One for all: the largest tensor is most of a file.
            float[] values = new float[network.Parameters.Max(parameter => parameter.Length)];
            foreach (LayerShape layer in network.Shapes)
            {
                foreach (ParameterSpec parameter in layer.Parameters)
                {
                    Span<float> part = values.AsSpan(0, parameter.Length);
                    _tensors[next++].ReadInto(part);
                    PyTorchLayout.Load(network, layer, parameter, part);
                }
            }
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static Dictionary<string, NamedTensor> WithoutPrefixes(ImmutableArray<NamedTensor> tensors)
    {
        int skipped = 0;
        while (!tensors.IsEmpty && _prefixes.FirstOrDefault(prefix => tensors.All(tensor => tensor.Name.AsSpan(skipped).StartsWith(prefix, StringComparison.Ordinal))) is string prefix)
            skipped += prefix.Length;
        return tensors.ToDictionary(tensor => tensor.Name[skipped..], StringComparer.Ordinal);
    }

    private static string Describe(ParameterSpec parameter) => $"{parameter.Name} [{string.Join(',', PyTorchLayout.Shape(parameter))}]";

    private static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length == 0 ? "nothing" : $"{string.Join(", ", all.Take(Shown))}{(all.Length > Shown ? $" and {all.Length - Shown} more" : "")}";
    }
}
