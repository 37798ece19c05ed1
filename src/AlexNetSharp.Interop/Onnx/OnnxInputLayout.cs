namespace AlexNetSharp.Interop.Onnx;

/// <summary>Tells which dimension of a graph's input holds the channels; the file format does not say it.</summary>
internal static class OnnxInputLayout
{
    private static readonly long[] ToNchw = [0, 3, 1, 2];
    private static readonly long[] ToNhwc = [0, 2, 3, 1];

    /// <summary>
    /// What our own metadata say; else what the first operator to tell says (a Transpose to or from NCHW, an operator that is defined on NCHW); else NHWC
    /// where the last dimension looks like colours and the first does not.
    /// </summary>
    /// <param name="graph">The graph, folded.</param>
    /// <param name="sizes">The dimensions after the batch.</param>
    public static OnnxPictureLayout Find(OnnxGraph graph, int[] sizes)
    {
        if (OnnxMetadata.Layout(graph) is OnnxPictureLayout layout)
            return layout;
        string value = graph.Inputs[0].Name;
        while (graph.Nodes.FirstOrDefault(node => node.Inputs.Contains(value)) is OnnxNode node)
        {
            switch (node.OpType)
            {
                case "Transpose" when node.Attributes.Integers("perm") is long[] order && order.AsSpan().SequenceEqual(ToNchw):
                    return OnnxPictureLayout.Nhwc;
                case "Transpose" when node.Attributes.Integers("perm") is long[] order && order.AsSpan().SequenceEqual(ToNhwc):
                case "Conv" or "MaxPool" or "AveragePool" or "GlobalAveragePool" or "LRN" or "BatchNormalization":
                    return OnnxPictureLayout.Nchw;
                case "Add" or "Sub" or "Mul" or "Div" or "Cast" or "Identity" or "Pad" or "Clip" or "Relu" or "LeakyRelu" or "Sigmoid" or "Tanh" or "Dropout":
                    value = node.Outputs[0];
                    continue;
            }
            break;
        }
        return IsColours(sizes[^1]) && !IsColours(sizes[0]) ? OnnxPictureLayout.Nhwc : OnnxPictureLayout.Nchw;
    }

    private static bool IsColours(int size) => size is 1 or 3 or 4;
}
