using AlexNetSharp.Interop.Onnx;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>One node with its inputs, to be computed by ONNX Runtime and by our evaluator.</summary>
internal sealed record OperatorCase(string OpType, int Opset)
{
    /// <summary>The inputs; null for those left out.</summary>
    public List<OnnxTensor?> Inputs { get; init; } = [];

    /// <summary>Which inputs are initializers; the others are the graph's inputs.</summary>
    public HashSet<int> Constants { get; init; } = [];

    /// <summary>The attributes: long, float, string, long[], float[] or <see cref="OnnxTensor"/>.</summary>
    public Dictionary<string, object> Attributes { get; init; } = [];

    /// <summary>How many outputs are asked for.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>How many outputs have a defined content.</summary>
    public int Compared { get; init; } = int.MaxValue;

    /// <summary>What distinguishes this combination: operator set, attributes, and the inputs' types and shapes.</summary>
    public string Combination => $"{OpType} opset {Opset} ({string.Join(", ", Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={Text(a.Value)}"))})"
        + $" of {string.Join(" ", Inputs.Select(i => i is null ? "-" : i.Rank <= 1 && i.ElementType == OnnxElementType.Int64 ? Text(i.ToIntegers()) : i.ToString()))}";

    /// <inheritdoc/>
    public override string ToString() => $"{Combination}, constants {Text(Constants.Select(c => (long)c).ToArray())}";

    private static string Text(object value) => value switch
    {
        long[] list => OnnxShape.Text(list),
        float[] list => OnnxShape.Text(list),
        OnnxTensor tensor => $"{tensor}:{string.Join(';', tensor.ToDoubles().Take(4))}",
        _ => $"{value}",
    };
}
