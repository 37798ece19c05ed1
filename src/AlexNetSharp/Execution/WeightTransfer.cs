using System.Collections.Immutable;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>Begins a network with the weights of another, as far as they fit: fine-tuning.</summary>
public static class WeightTransfer
{
    /// <summary>
    /// Copies every parameter that both networks have under the same name and in the same shape. The last layer's, whose outputs are the
    /// classes, only where the classes are the same ones in the same order; a dense layer's weights only where its inputs are the values of a
    /// picture of the same shape.
    /// </summary>
    /// <param name="source">Where the weights come from; its input and its other layers may differ.</param>
    /// <param name="target">What receives them; what does not fit keeps its values.</param>
    /// <returns>What was copied, and why the rest was not.</returns>
    /// <exception cref="InvalidModelException">Nothing fits.</exception>
    public static WeightTransferReport Copy(Network source, Network target)
    {
        Dictionary<string, (LayerShape Layer, ParameterSpec Spec)> offered = source.Shapes
            .SelectMany(layer => layer.Parameters.Select(parameter => (layer, parameter)))
            .ToDictionary(entry => entry.parameter.Name);
        LayerShape? last = target.Shapes.LastOrDefault(layer => !layer.Parameters.IsEmpty);
        ImmutableArray<string>.Builder loaded = ImmutableArray.CreateBuilder<string>();
        ImmutableArray<LeftParameter>.Builder left = ImmutableArray.CreateBuilder<LeftParameter>();
        foreach (LayerShape layer in target.Shapes)
        {
            foreach (ParameterSpec wanted in layer.Parameters)
            {
                string? reason = offered.TryGetValue(wanted.Name, out (LayerShape Layer, ParameterSpec Spec) found)
                    ? Misfit(found.Layer, found.Spec, layer, wanted)
                    : $"'{source.Spec.Name}' has no parameter of that name";
                if (reason is null && ReferenceEquals(layer, last))
                    reason = OtherClasses(source.Spec.Classes, target.Spec.Classes);
                if (reason is not null)
                {
                    left.Add(new LeftParameter(wanted.Name, reason));
                    continue;
                }
                target.Write(target.Find(wanted.Name), source.Read(source.Find(wanted.Name)));
                loaded.Add(wanted.Name);
            }
        }
        if (loaded.Count == 0)
            throw new InvalidModelException($"No weights of '{source.Spec.Name}' fit '{target.Spec.Name}': {Example(left)}. Begin from a model whose layers have the same names and sizes.");
        return new WeightTransferReport(loaded.ToImmutable(), left.ToImmutable());
    }

    private static string? Misfit(LayerShape offeredLayer, ParameterSpec offered, LayerShape layer, ParameterSpec wanted)
    {
        if (offered.Role != wanted.Role || !offered.Shape.SequenceEqual(wanted.Shape))
            return $"its shape is [{string.Join(',', offered.Shape)}] there and [{string.Join(',', wanted.Shape)}] here";
        // The same number of inputs, but of a picture of another shape: each weight would meet another value.
        return wanted.Role == ParameterRole.Weight && offeredLayer.FlattenedFrom != layer.FlattenedFrom
            ? $"its inputs are a flattened {Describe(offeredLayer)} there and a flattened {Describe(layer)} here"
            : null;
    }

    private static string Describe(LayerShape layer) => (layer.FlattenedFrom ?? layer.Input).ToString();

    private static string? OtherClasses(ImmutableArray<string> there, ImmutableArray<string> here)
    {
        if (there.Length != here.Length)
            return $"there are {there.Length} classes there and {here.Length} here";
        for (int i = 0; i < here.Length; i++)
        {
            if (there[i] != here[i])
                return $"class {i} is '{there[i]}' there and '{here[i]}' here";
        }
        return null;
    }

    private static string Example(ImmutableArray<LeftParameter>.Builder left) => left.Count == 0 ? "it has no parameters" : $"of '{left[0].Name}', {left[0].Reason}";
}
