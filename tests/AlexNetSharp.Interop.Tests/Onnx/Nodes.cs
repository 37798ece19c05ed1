using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.Onnx.Messages;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>Makes small graphs and reads them back.</summary>
internal static class Nodes
{
    /// <summary>A node; its name is that of its first output.</summary>
    public static NodeProto Node(string opType, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        NodeProto node = new() { OpType = opType, Name = output, Output = { output } };
        node.Input.AddRange(inputs);
        node.Attribute.AddRange(attributes.Select(a => Oracle.Attribute(a.Name, a.Value)));
        return node;
    }

    /// <summary>A model with one input "x" of float and one output, each dimension that is −1 free and called "N".</summary>
    public static ModelProto Model(int[] xDims, string output, IEnumerable<NodeProto> nodes, params (string Name, OnnxTensor Value)[] initializers)
    {
        GraphProto graph = new() { Name = "graph", Input = { Oracle.Value("x", OnnxElementType.Float, xDims) }, Output = { Oracle.Value(output, OnnxElementType.Float, []) } };
        foreach (TensorShapeProto.Types.Dimension free in graph.Input[0].Type.TensorType.Shape.Dim.Where(d => d.DimValue < 0))
            free.DimParam = "N";
        graph.Output[0].Type.TensorType.Shape = null;
        graph.Node.AddRange(nodes);
        graph.Initializer.AddRange(initializers.Select(i => Oracle.Proto(i.Value, i.Name)));
        return Oracle.Model(graph, 13);
    }

    /// <summary>The model, read from its bytes under the name "model.onnx".</summary>
    public static OnnxGraph Read(ModelProto model, string? folder = null) => OnnxGraph.Parse(model.ToByteArray(), "model.onnx", folder);

    /// <summary>What reading, folding and shapes say against a model.</summary>
    public static string Refusal(ModelProto model) => Assert.Throws<InvalidDataException>(() => ConstantFolding.Fold(Read(model))).Message;

    /// <summary>What one node gives.</summary>
    public static OnnxTensor Evaluate(string opType, int opset, OnnxTensor?[] inputs, params (string Name, object Value)[] attributes) =>
        Call(opType, opset, inputs, attributes).Output(0);

    /// <summary>What one node is refused with.</summary>
    public static string Refusal(string opType, int opset, OnnxTensor?[] inputs, params (string Name, object Value)[] attributes) =>
        Assert.Throws<InvalidDataException>(() => Evaluate(opType, opset, inputs, attributes)).Message;

    /// <summary>What ONNX Runtime gives for one node.</summary>
    public static OnnxTensor Ask(string opType, int opset, OnnxTensor?[] inputs, params (string Name, object Value)[] attributes)
    {
        OperatorCase oneCase = new(opType, opset) { Inputs = [.. inputs], Constants = [1, 2, 3], Attributes = attributes.ToDictionary(a => a.Name, a => a.Value) };
        (ModelProto model, Dictionary<string, OnnxTensor> given) = Oracle.Build(oneCase);
        return Oracle.Run(model.ToByteArray(), given)[0];
    }

    /// <summary>Asserts that ONNX Runtime refuses a node, with a message that contains <paramref name="reason"/>.</summary>
    public static void AskRefused(string reason, string opType, int opset, OnnxTensor?[] inputs, params (string Name, object Value)[] attributes) =>
        Assert.Contains(reason, Assert.Throws<OnnxRuntimeException>(() => Ask(opType, opset, inputs, attributes)).Message, StringComparison.Ordinal);

    private static OnnxCall Call(string opType, int opset, OnnxTensor?[] inputs, (string Name, object Value)[] attributes)
    {
        OnnxAttributes read = new(opType, attributes.Select(a => KeyValuePair.Create(a.Name, a.Value)));
        OnnxNode node = new("node", opType, [.. inputs.Select((_, i) => $"in{i}")], ["out", "mask"], read);
        OnnxCall call = new(node, opset, inputs, new(1 << 20, 1 << 20), shapesOnly: false);
        OnnxOperators.Find(node, opset).Run(call);
        return call;
    }
}
