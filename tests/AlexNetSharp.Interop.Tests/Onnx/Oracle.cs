using AlexNetSharp.Interop.Onnx;
using AlexNetSharp.Interop.Onnx.Messages;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>Builds models and computes them with ONNX Runtime, without its optimisations.</summary>
internal static class Oracle
{
    /// <summary>Computes a model's outputs.</summary>
    public static IReadOnlyList<OnnxTensor> Run(byte[] model, IReadOnlyDictionary<string, OnnxTensor> inputs)
    {
        using SessionOptions options = new()
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        using InferenceSession session = new(model, options);
        using RunOptions run = new();
        Dictionary<string, OrtValue> values = inputs.ToDictionary(i => i.Key, i => ToOrt(i.Value));
        try
        {
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, values, session.OutputNames);
            return [.. results.Select(FromOrt)];
        }
        finally
        {
            foreach (OrtValue value in values.Values)
                value.Dispose();
        }
    }

    /// <summary>A model of one node, its outputs without types (ONNX Runtime finds them), and what its inputs are given.</summary>
    public static (ModelProto Model, Dictionary<string, OnnxTensor> Inputs) Build(OperatorCase oneCase)
    {
        NodeProto node = new() { OpType = oneCase.OpType, Name = "node" };
        GraphProto graph = new() { Name = "graph", Node = { node } };
        Dictionary<string, OnnxTensor> inputs = [];
        for (int i = 0; i < oneCase.Inputs.Count; i++)
        {
            string name = oneCase.Inputs[i] is null ? "" : $"in{i}";
            node.Input.Add(name);
            if (oneCase.Inputs[i] is not { } tensor)
                continue;
            if (oneCase.Constants.Contains(i))
            {
                graph.Initializer.Add(Proto(tensor, name));
                continue;
            }
            graph.Input.Add(Value(name, tensor.ElementType, tensor.Dims));
            inputs.Add(name, tensor);
        }
        foreach ((string name, object value) in oneCase.Attributes)
            node.Attribute.Add(Attribute(name, value));
        for (int i = 0; i < oneCase.Outputs; i++)
        {
            node.Output.Add($"out{i}");
            graph.Output.Add(new ValueInfoProto { Name = $"out{i}" });
        }
        return (Model(graph, oneCase.Opset), inputs);
    }

    /// <summary>A model around a graph.</summary>
    public static ModelProto Model(GraphProto graph, int opset) => new()
    {
        IrVersion = 8,
        Graph = graph,
        OpsetImport = { new OperatorSetIdProto { Version = opset } },
    };

    /// <summary>An input or output.</summary>
    public static ValueInfoProto Value(string name, OnnxElementType type, int[] dims)
    {
        TensorShapeProto shape = new();
        shape.Dim.AddRange(dims.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }

    /// <summary>A tensor with its data in raw_data.</summary>
    public static TensorProto Proto(OnnxTensor tensor, string name = "")
    {
        TensorProto proto = new() { Name = name, DataType = (int)tensor.ElementType, RawData = ByteString.CopyFrom(tensor.Data.Span) };
        proto.Dims.AddRange(tensor.Dims.Select(d => (long)d));
        return proto;
    }

    /// <summary>An attribute.</summary>
    public static AttributeProto Attribute(string name, object value)
    {
        AttributeProto attribute = new() { Name = name };
        switch (value)
        {
            case long number:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, number);
                break;
            case float number:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, number);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case long[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers);
                break;
            case float[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                attribute.Floats.AddRange(numbers);
                break;
            case OnnxTensor tensor:
                (attribute.Type, attribute.T) = (AttributeProto.Types.AttributeType.Tensor, Proto(tensor));
                break;
            default:
                throw new ArgumentException($"{value} is no attribute.");
        }
        return attribute;
    }

    private static OrtValue ToOrt(OnnxTensor tensor)
    {
        OrtValue value = OrtValue.CreateAllocatedTensorValue(
            OrtAllocator.DefaultInstance, (TensorElementType)(int)tensor.ElementType, [.. tensor.Dims.Select(d => (long)d)]);
        if (tensor.Count > 0)
            tensor.Data.Span.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static OnnxTensor FromOrt(OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        return new(
            (OnnxElementType)(int)info.ElementDataType,
            [.. info.Shape.Select(d => (int)d)],
            info.ElementCount == 0 ? Array.Empty<byte>() : value.GetTensorMutableRawData().ToArray());
    }
}
