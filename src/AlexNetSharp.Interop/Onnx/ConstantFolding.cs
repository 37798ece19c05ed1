namespace AlexNetSharp.Interop.Onnx;

/// <summary>Computes beforehand what does not depend on a graph's inputs, and drops what nobody reads.</summary>
internal static class ConstantFolding
{
    /// <summary>What results may take beyond twice the constants that are there already, which leaves room for casts and transposed weights.</summary>
    private const long SpareBytes = 1 << 24;

    /// <summary>Steps beyond eight for each byte of the constants: a fraction of a second.</summary>
    private const long SpareSteps = 1 << 25;

    /// <summary>Batch sizes that shapes are worked out for; what differs between them depends on the batch.</summary>
    private static readonly int[] Probes = [5, 11];

    /// <summary>
    /// The graph without the nodes whose inputs are all constants; their results are initializers. Shapes that are computed from an input's
    /// shape (PyTorch writes x.view(x.size(0), -1) so) become constants too, where only the batch is free: in a Reshape, 0 stands for it.
    /// </summary>
    /// <exception cref="InvalidDataException">An operator is not supported or refuses its inputs, or the results would take too much.</exception>
    public static OnnxGraph Fold(OnnxGraph graph)
    {
        OnnxOperators.RequireAll(graph);
        // One for all that is folded: results are no constants of the file that allow more of them.
        long bytes = graph.Initializers.Values.Sum(tensor => (long)tensor.Data.Length);
        OnnxBudget budget = new(SpareBytes + (2 * bytes), SpareSteps + (8 * bytes));
        graph = FoldConstants(graph, budget);
        if (graph.Nodes.Any(n => n.OpType == "Shape") && graph.Inputs.All(OnnxShapes.HasKnownShape))
            graph = FoldConstants(FoldShapes(graph), budget);
        return DropUnused(graph);
    }

    private static OnnxGraph FoldConstants(OnnxGraph graph, OnnxBudget budget)
    {
        Dictionary<string, OnnxTensor> constants = new(graph.Initializers, StringComparer.Ordinal);
        List<OnnxNode> left = [];
        foreach (OnnxNode node in graph.Nodes)
        {
            if (node.Inputs.All(name => name.Length == 0 || constants.ContainsKey(name)))
                OnnxEvaluator.Evaluate(node, graph.Opset, constants, budget, shapesOnly: false);
            else
                left.Add(node);
        }
        return graph with { Nodes = left, Initializers = constants };
    }

    /// <summary>Replaces computed shapes: those that are the same for all batch sizes, and those that reshape all but the batch.</summary>
    private static OnnxGraph FoldShapes(OnnxGraph graph)
    {
        IReadOnlyDictionary<string, OnnxTensor>[] probes = [.. Probes.Select(batch => OnnxShapes.Infer(graph, batch))];
        Dictionary<string, OnnxTensor> constants = new(graph.Initializers, StringComparer.Ordinal);
        List<OnnxNode> left = [];
        foreach (OnnxNode node in graph.Nodes)
        {
            if (node.Outputs.All(name => name.Length == 0 || IsConstant(name, probes)))
            {
                foreach (string name in node.Outputs.Where(name => name.Length > 0))
                    constants.Add(name, probes[0][name]);
            }
            else if (node.OpType == "Reshape" && !constants.ContainsKey(node.Inputs[1]) && ReshapeTarget(node, probes) is { } target)
            {
                // A name of its own, since other nodes may read the computed shape.
                string name = node.Outputs[0] + "/shape";
                while (!constants.TryAdd(name, target))
                    name += "_";
                left.Add(node with { Inputs = [node.Inputs[0], name] });
            }
            else
            {
                left.Add(node);
            }
        }
        return graph with { Nodes = left, Initializers = constants };
    }

    private static bool IsConstant(string name, IReadOnlyDictionary<string, OnnxTensor>[] probes)
    {
        OnnxTensor first = probes[0][name];
        return probes.All(values => values[name].HasData && first.Dims.AsSpan().SequenceEqual(values[name].Dims)
            && first.Data.Span.SequenceEqual(values[name].Data.Span));
    }

    /// <summary>A constant shape for a Reshape that gives the same at every batch size, or null.</summary>
    private static OnnxTensor? ReshapeTarget(OnnxNode node, IReadOnlyDictionary<string, OnnxTensor>[] probes)
    {
        if (!probes.All(values => values[node.Inputs[1]].HasData) || node.Attributes.Integer("allowzero", 0) != 0)
            return null;
        long[][] shapes = [.. probes.Select(values => values[node.Inputs[1]].ToIntegers())];
        long[] target = shapes[0];
        for (int i = 0; i < target.Length; i++)
        {
            if (shapes.All(shape => shape[i] == target[i]))
                continue;
            bool isCopied = probes.Zip(shapes).All(p => i < p.First[node.Inputs[0]].Rank && p.First[node.Inputs[0]].Dims[i] == p.Second[i]);
            if (!isCopied && target.Contains(-1))
                return null;
            target[i] = isCopied ? 0 : -1;
        }
        return OnnxTensor.Of([target.Length], target);
    }

    private static OnnxGraph DropUnused(OnnxGraph graph)
    {
        HashSet<string> wanted = new(graph.Outputs.Select(o => o.Name), StringComparer.Ordinal);
        List<OnnxNode> left = [];
        foreach (OnnxNode node in graph.Nodes.Reverse().Where(n => n.Outputs.Any(o => o.Length > 0 && wanted.Contains(o))))
        {
            left.Add(node);
            wanted.UnionWith(node.Inputs);
        }
        left.Reverse();
        return graph with
        {
            Nodes = left,
            Initializers = graph.Initializers.Where(i => wanted.Contains(i.Key)).ToDictionary(StringComparer.Ordinal),
        };
    }
}
