namespace AlexNetSharp.Interop.Onnx;

/// <summary>Works out the type and shape of every value of a graph, and the content of the small ones that shapes are made of.</summary>
internal static class OnnxShapes
{
    private const long MostBytes = 1 << 26;
    private const long MostSteps = 1 << 26;

    /// <summary>The values' types and shapes for one batch size.</summary>
    /// <param name="graph">The graph. Its inputs have known dimensions, but for the first.</param>
    /// <param name="batch">The first dimension of an input where that is free.</param>
    /// <returns>By name: all values, with data where these are known (constants) and small.</returns>
    /// <exception cref="InvalidDataException">
    /// Another dimension is free, an operator is not supported, or shapes do not fit together.
    /// </exception>
    public static IReadOnlyDictionary<string, OnnxTensor> Infer(OnnxGraph graph, int batch)
    {
        Dictionary<string, OnnxTensor> values = new(graph.Initializers, StringComparer.Ordinal);
        foreach (OnnxValueInfo input in graph.Inputs)
        {
            if (!HasKnownShape(input))
                throw OnnxError.Of($"'{graph.Source}': the input {input} must have known dimensions, but for the first. Set them when exporting.");
            long[] dims = [.. input.Dims!.Select(d => (long)(d.Value ?? batch))];
            int[] shape = OnnxShape.Checked(dims, input.ElementType.Size())
                ?? throw OnnxError.Of($"'{graph.Source}': the input {input} takes more than {OnnxShape.MostBytes} bytes.");
            values.Add(input.Name, OnnxTensor.OfShape(input.ElementType, shape));
        }
        OnnxBudget budget = new(MostBytes, MostSteps);
        foreach (OnnxNode node in graph.Nodes)
            OnnxEvaluator.Evaluate(node, graph.Opset, values, budget, shapesOnly: true);
        return values;
    }

    /// <summary>Whether all dimensions but the first are known.</summary>
    public static bool HasKnownShape(OnnxValueInfo input) => input.Dims is not null && input.Dims.Skip(1).All(d => d.Value is not null);
}
