using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.Onnx.Messages;
using AlexNetSharp.Tests.Support;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>A graph as other software writes it, put together node by node; each reads what the one before gives, unless told otherwise.</summary>
internal sealed class ForeignGraph
{
    private readonly ModelProto _model;
    private readonly Random _random = new(5);
    private string _value = "x";

    /// <param name="opset">The operator set.</param>
    /// <param name="dims">The input's dimensions after a free batch.</param>
    public ForeignGraph(int opset, params int[] dims)
        : this(opset, OnnxElementType.Float, -1, dims)
    {
    }

    /// <param name="opset">The operator set.</param>
    /// <param name="type">What the input's elements are.</param>
    /// <param name="batch">The batch; -1 where it is free.</param>
    /// <param name="dims">The input's dimensions after the batch.</param>
    public ForeignGraph(int opset, OnnxElementType type, int batch, params int[] dims)
    {
        _model = Oracle.Model(new GraphProto { Name = "graph", Input = { Oracle.Value("x", type, [batch, .. dims]) } }, opset);
        if (batch < 0)
            _model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension { DimParam = "batch" };
    }

    /// <summary>What the last node gives.</summary>
    public string Value => _value;

    /// <summary>A node of the current value and constants. A constant is a tensor, or the name of another value.</summary>
    public ForeignGraph Add(string type, object[]? constants = null, params (string Name, object Value)[] attributes) =>
        Add(type, $"{type}_{_model.Graph.Node.Count}", [_value, .. constants ?? []], attributes);

    /// <summary>A node that is called <paramref name="name"/>, of these inputs: tensors, names of values, or "" for none.</summary>
    public ForeignGraph Add(string type, string name, object[] inputs, params (string Name, object Value)[] attributes)
    {
        NodeProto node = new() { OpType = type, Name = name, Output = { $"v{_model.Graph.Node.Count}" } };
        foreach (object input in inputs)
        {
            if (input is OnnxTensor tensor)
            {
                string constant = $"c{_model.Graph.Initializer.Count}";
                _model.Graph.Initializer.Add(Oracle.Proto(tensor, constant));
                node.Input.Add(constant);
            }
            else
            {
                node.Input.Add((string)input);
            }
        }
        foreach ((string key, object value) in attributes)
            node.Attribute.Add(Oracle.Attribute(key, value));
        _model.Graph.Node.Add(node);
        _value = node.Output[0];
        return this;
    }

    /// <summary>Goes on with another value.</summary>
    public ForeignGraph From(string value)
    {
        _value = value;
        return this;
    }

    /// <summary>A line of metadata.</summary>
    public ForeignGraph Says(string key, string value)
    {
        _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return this;
    }

    /// <summary>A constant of random values about 0, small enough that sums stay about 1.</summary>
    public OnnxTensor Random(params int[] dims)
    {
        double scale = 1.5 / Math.Sqrt(dims.Length < 2 ? 4 : Math.Max(4, OnnxShape.Count(dims) / Math.Max(1, dims.Max())));
        return OnnxTensor.Of(dims, (float[])[.. Enumerable.Range(0, OnnxShape.Count(dims)).Select(_ => (float)(scale * ((2 * _random.NextDouble()) - 1)))]);
    }

    /// <summary>A constant of random values between two numbers.</summary>
    public OnnxTensor Between(float least, float most, params int[] dims) =>
        OnnxTensor.Of(dims, (float[])[.. Enumerable.Range(0, OnnxShape.Count(dims)).Select(_ => least + ((most - least) * _random.NextSingle()))]);

    /// <summary>The file; the last value is its output.</summary>
    public byte[] Bytes()
    {
        _model.Graph.Output.Clear();
        _model.Graph.Output.Add(new ValueInfoProto { Name = _value, Type = new() { TensorType = new() { ElemType = (int)OnnxElementType.Float } } });
        return _model.ToByteArray();
    }

    /// <summary>Reads the graph as a network, and checks that it gives what ONNX Runtime gives, for values in the graph's own order.</summary>
    public Network Import()
    {
        byte[] bytes = Bytes();
        Network network = Exported.Read(bytes);
        using InferenceSession session = Exported.Session(bytes);
        int[] dims = session.InputMetadata["x"].Dimensions;
        int count = dims[0] < 0 ? 3 : dims[0];
        float[] pictures = TestModels.Noise(count * network.Spec.Input.Length);
        bool isNchw = dims.Length == 4 && dims[1] == network.Spec.Input.Channels && dims[2] == network.Spec.Input.Height;
        float[] expected = Exported.Run(session, isNchw ? Exported.ChannelsFirst(pictures, network.Spec.Input) : pictures, [count, .. dims.Skip(1).Select(dim => (long)dim)]);
        Exported.AssertClose(expected, Exported.Logits(network, pictures, count));
        return network;
    }
}
