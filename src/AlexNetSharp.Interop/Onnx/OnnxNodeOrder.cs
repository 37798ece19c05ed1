namespace AlexNetSharp.Interop.Onnx;

/// <summary>Brings nodes into an order in which each comes after those whose values it reads.</summary>
internal static class OnnxNodeOrder
{
    /// <summary>The nodes in order; those that are in order already stay as they stand.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="inputs">The graph's inputs.</param>
    /// <param name="initializers">The graph's constants.</param>
    /// <param name="outputs">The graph's outputs.</param>
    /// <param name="source">The model's name, for messages.</param>
    /// <exception cref="InvalidDataException">A value is defined twice or not at all, or nodes wait for one another.</exception>
    public static IReadOnlyList<OnnxNode> Sort(
        IReadOnlyList<OnnxNode> nodes, IEnumerable<string> inputs, IEnumerable<string> initializers, IEnumerable<string> outputs, string source)
    {
        HashSet<string> known = new(initializers, StringComparer.Ordinal);
        Dictionary<string, int> makers = new(StringComparer.Ordinal);
        foreach (string input in inputs)
        {
            if (input.Length == 0 || !known.Add(input))
                throw OnnxError.Of($"'{source}': the input '{input}' has no name or stands there twice.");
        }
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string output in nodes[i].Outputs.Where(o => o.Length > 0))
            {
                if (known.Contains(output) || !makers.TryAdd(output, i))
                    throw OnnxError.Of($"'{source}': {nodes[i]}: the value '{output}' is defined a second time; each value has one origin.");
            }
        }
        foreach (string output in outputs)
        {
            if (!known.Contains(output) && !makers.ContainsKey(output))
                throw OnnxError.Of($"'{source}': the output '{output}' is made by no node.");
        }

        // Kahn 1962, always taking the earliest node that is ready.
        int[] waiting = new int[nodes.Count];
        List<int>[] readers = [.. nodes.Select(_ => new List<int>())];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string input in nodes[i].Inputs.Where(n => n.Length > 0 && !known.Contains(n)))
            {
                if (!makers.TryGetValue(input, out int maker))
                    throw OnnxError.Of($"'{source}': {nodes[i]}: its input '{input}' is defined nowhere.");
                waiting[i]++;
                readers[maker].Add(i);
            }
        }
        PriorityQueue<int, int> ready = new();
        for (int i = 0; i < nodes.Count; i++)
        {
            if (waiting[i] == 0)
                ready.Enqueue(i, i);
        }
        List<OnnxNode> sorted = new(nodes.Count);
        while (ready.TryDequeue(out int node, out _))
        {
            sorted.Add(nodes[node]);
            foreach (int reader in readers[node])
            {
                if (--waiting[reader] == 0)
                    ready.Enqueue(reader, reader);
            }
        }
        return sorted.Count == nodes.Count ? sorted : throw OnnxError.Of(
            $"'{source}': {nodes[Array.FindIndex(waiting, w => w > 0)]} waits, directly or through others, for a value that is made in a circle.");
    }
}
