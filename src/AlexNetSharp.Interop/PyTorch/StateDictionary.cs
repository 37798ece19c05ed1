namespace AlexNetSharp.Interop.PyTorch;

/// <summary>Finds a model's tensors in what a file of PyTorch holds.</summary>
internal static class StateDictionary
{
    private const int MaximalDepth = 4;

    // What training scripts put a state_dict under, the likeliest first.
    private static readonly string[] _keys = ["state_dict", "model_state_dict", "model_state", "model", "net", "network", "weights"];

    /// <summary>Tensors by name, in their order.</summary>
    /// <exception cref="InvalidDataException">There are none, or one name twice.</exception>
    public static List<(string Name, PickledTensor Tensor)> Find(object? root, string path)
    {
        // What lies innermost: beside a state_dict there may be other tensors.
        PickleDictionary? dictionary = root as PickleDictionary;
        for (int depth = 1; depth < MaximalDepth && _keys.Select(key => dictionary?.Find(key)).OfType<PickleDictionary>().FirstOrDefault() is PickleDictionary inner; depth++)
            dictionary = inner;
        List<(string Name, PickledTensor Tensor)> tensors = [];
        foreach ((object? key, object? item) in dictionary?.Items ?? [])
        {
            if (key is string name && item is PickledTensor tensor)
                tensors.Add((name, tensor));
        }
        if (tensors.GroupBy(tensor => tensor.Name).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw BrokenFile.Because($"'{path}' holds the tensor '{twice.Key}' twice; expected once.");
        if (tensors.Count > 0)
            return tensors;
        string held = root is PickleDictionary top
            ? $"a dictionary of {string.Join(", ", top.Items.Take(8).Select(item => PickleGlobals.Describe(item.Key)))}"
            : PickleGlobals.Describe(root);
        throw BrokenFile.Because($"'{path}' holds {held} and no tensors by name; expected a state_dict, or one under {string.Join(", ", _keys.Select(key => $"'{key}'"))}.");
    }
}
