using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AlexNetSharp.Interop.Onnx.Messages;
using Google.Protobuf;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>Puts a graph together: a chain of nodes, each reading what the one before it gives, with names that are used once.</summary>
internal sealed class OnnxGraphBuilder
{
    // From this version of the format on, constants need not stand among the inputs.
    private const int IrOfConstantsApart = 4;

    private readonly GraphProto _graph = new();
    private readonly HashSet<string> _values;
    private readonly HashSet<string> _nodes;
    private readonly int _irVersion;

    /// <param name="name">The graph's name.</param>
    /// <param name="opset">The version of the operator set.</param>
    /// <param name="ends">The names of the graph's input and output.</param>
    /// <param name="layers">The names of nodes that are to keep them; others make way.</param>
    public OnnxGraphBuilder(string name, int opset, IEnumerable<string> ends, IEnumerable<string> layers)
    {
        _graph.Name = name;
        Opset = opset;
        _irVersion = IrVersion(opset);
        _values = new(ends, StringComparer.Ordinal);
        _nodes = new(layers, StringComparer.Ordinal);
    }

    /// <summary>The version of the operator set.</summary>
    public int Opset { get; }

    /// <summary>The value that the last node gives.</summary>
    public string Current { get; private set; } = "";

    /// <summary>Names the graph's input.</summary>
    public void Input(string name, TensorProto.Types.DataType type, int? batch, params ReadOnlySpan<int> sizes)
    {
        _graph.Input.Insert(0, Value(name, type, batch, sizes));
        Current = name;
    }

    /// <summary>Makes the last node's value the graph's output.</summary>
    public void Output(string name, int? batch, params ReadOnlySpan<int> sizes)
    {
        if (_graph.Node.Count == 0)
            Append("identity", "Identity", []);
        _graph.Node[^1].Output[0] = name;
        _graph.Output.Add(Value(name, TensorProto.Types.DataType.Float, batch, sizes));
    }

    /// <summary>A node that is called like a layer, reading the current value and then <paramref name="constants"/>.</summary>
    public void AppendLayer(string layer, string type, ReadOnlySpan<string> constants, params ReadOnlySpan<AttributeProto> attributes)
    {
        NodeProto node = new() { Name = layer, OpType = type, Input = { Current }, Output = { Unique(layer, _values) } };
        foreach (string constant in constants)
            node.Input.Add(constant);
        foreach (AttributeProto attribute in attributes)
            node.Attribute.Add(attribute);
        _graph.Node.Add(node);
        Current = node.Output[0];
    }

    /// <summary>A node that stands for no layer: called <paramref name="name"/>, or like it.</summary>
    public void Append(string name, string type, ReadOnlySpan<string> constants, params ReadOnlySpan<AttributeProto> attributes) =>
        AppendLayer(Unique(name, _nodes), type, constants, attributes);

    /// <summary>Lets the last node read <paramref name="constant"/> first and the value before it second.</summary>
    public void PutFirst(string constant) => _graph.Node[^1].Input.Insert(0, constant);

    /// <summary>A constant, called <paramref name="name"/> or like it.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<int> sizes)
    {
        byte[] bytes = new byte[checked(values.Length * sizeof(float))];
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(bytes);
        }
        else
        {
            for (int i = 0; i < values.Length; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }
        return Constant(name, TensorProto.Types.DataType.Float, bytes, sizes);
    }

    /// <summary>A constant list of whole numbers.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string name, params ReadOnlySpan<long> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        return Constant(name, TensorProto.Types.DataType.Int64, bytes, values.Length);
    }

    /// <summary>The model.</summary>
    /// <param name="metadata">Keys and values, in order.</param>
    public ModelProto Finish(params ReadOnlySpan<(string Key, string Value)> metadata)
    {
        ModelProto model = new()
        {
            IrVersion = _irVersion,
            ProducerName = nameof(AlexNetSharp),
            Graph = _graph,
            OpsetImport = { new OperatorSetIdProto { Version = Opset } },
        };
        foreach ((string key, string value) in metadata)
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }

    // The version of the format that came with each operator set: https://github.com/onnx/onnx/blob/main/docs/Versioning.md
    private static int IrVersion(int opset) => opset switch
    {
        <= 8 => 3,
        <= 11 => opset - 5,
        <= 14 => 7,
        <= 18 => 8,
        <= 20 => 9,
        <= 22 => 10,
        <= 24 => opset - 12,
        _ => 13,
    };

    private string Constant(string name, TensorProto.Types.DataType type, byte[] bytes, params ReadOnlySpan<int> sizes)
    {
        TensorProto constant = new() { Name = Unique(name, _values), DataType = (int)type, RawData = UnsafeByteOperations.UnsafeWrap(bytes) };
        foreach (int size in sizes)
            constant.Dims.Add(size);
        _graph.Initializer.Add(constant);
        if (_irVersion < IrOfConstantsApart)
            _graph.Input.Add(Value(constant.Name, type, sizes));
        return constant.Name;
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        string unique = name;
        for (int i = 1; !taken.Add(unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, int? batch, ReadOnlySpan<int> sizes)
    {
        ValueInfoProto value = Value(name, type, sizes);
        value.Type.TensorType.Shape.Dim.Insert(0, batch is int n ? new() { DimValue = n } : new() { DimParam = "N" });
        return value;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, ReadOnlySpan<int> sizes)
    {
        TensorShapeProto shape = new();
        foreach (int size in sizes)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }
}
