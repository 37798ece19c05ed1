namespace AlexNetSharp.Interop.Onnx;

/// <summary>
/// Computes a graph node by node in plain loops, sums in double precision: slow, and to be believed by reading. It folds constants, and is
/// compared with ONNX Runtime operator by operator.
/// </summary>
/// <param name="graph">The graph; every operator must be a supported one.</param>
internal sealed class OnnxEvaluator(OnnxGraph graph)
{
    private const long MostBytes = 1L << 33;
    private const long MostSteps = 1L << 36;

    /// <summary>Computes the graph's outputs.</summary>
    /// <param name="inputs">A tensor for each of <see cref="OnnxGraph.Inputs"/>, of its type and shape; what is called alike is equally large.</param>
    /// <param name="budget">What it may cost; null for as much as the largest models that are read need.</param>
    /// <returns>The outputs by name.</returns>
    /// <exception cref="InvalidDataException">An input does not fit, an operator is not supported, one refuses its inputs or attributes, or the budget does not suffice.</exception>
    public IReadOnlyDictionary<string, OnnxTensor> Run(IReadOnlyDictionary<string, OnnxTensor> inputs, OnnxBudget? budget = null)
    {
        Dictionary<string, OnnxTensor> values = new(graph.Initializers, StringComparer.Ordinal);
        Dictionary<string, int> sizes = new(StringComparer.Ordinal);
        foreach (OnnxValueInfo input in graph.Inputs)
        {
            if (!inputs.TryGetValue(input.Name, out OnnxTensor? tensor))
                throw OnnxError.Of($"'{graph.Source}': the input {input} is missing.");
            if (!Fits(input, tensor, sizes))
                throw OnnxError.Of($"'{graph.Source}': the input {input} was given {tensor}.");
            values.Add(input.Name, tensor);
        }
        budget ??= new(MostBytes, MostSteps);
        foreach (OnnxNode node in graph.Nodes)
            Evaluate(node, graph.Opset, values, budget, shapesOnly: false);
        return graph.Outputs.ToDictionary(o => o.Name, o => values[o.Name], StringComparer.Ordinal);
    }

    /// <summary>Computes one node from the values that are there, and adds its outputs to them.</summary>
    /// <param name="node">The node.</param>
    /// <param name="opset">The version of the operator set.</param>
    /// <param name="values">The values of all its inputs; those of its outputs are added.</param>
    /// <param name="budget">What it may cost.</param>
    /// <param name="shapesOnly">Whether only small values are computed, and of the others type and shape.</param>
    public static void Evaluate(OnnxNode node, int opset, Dictionary<string, OnnxTensor> values, OnnxBudget budget, bool shapesOnly)
    {
        OnnxTensor?[] inputs = [.. node.Inputs.Select(name => name.Length == 0 ? null : values[name])];
        OnnxCall call = new(node, opset, inputs, budget, shapesOnly);
        OnnxOperators.Find(node, opset).Run(call);
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            if (node.Outputs[i].Length > 0)
                values.Add(node.Outputs[i], call.Output(i));
        }
    }

    private static bool Fits(OnnxValueInfo input, OnnxTensor tensor, Dictionary<string, int> sizes)
    {
        if (tensor.ElementType != input.ElementType || (input.Dims is not null && input.Dims.Count != tensor.Rank))
            return false;
        for (int i = 0; i < (input.Dims?.Count ?? 0); i++)
        {
            OnnxDimension dim = input.Dims![i];
            if ((dim.Value ?? tensor.Dims[i]) != tensor.Dims[i])
                return false;
            if (dim.Name is not null && !sizes.TryAdd(dim.Name, tensor.Dims[i]) && sizes[dim.Name] != tensor.Dims[i])
                return false;
        }
        return true;
    }
}
