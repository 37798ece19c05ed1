using AlexNetSharp.Interop.Onnx.Messages;
using Google.Protobuf;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>Makes a checked <see cref="OnnxGraph"/> of a file's bytes.</summary>
internal static class OnnxGraphReader
{
    /// <summary>How deep messages may lie in one another; a graph without control flow needs 6.</summary>
    private const int DeepestMessage = 32;

    private static readonly MessageParser<ModelProto> Parser = ModelProto.Parser.WithDiscardUnknownFields(true);

    /// <summary>Reads a model.</summary>
    /// <param name="stream">The file's content; must be able to seek.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="folder">The folder of external data, or null.</param>
    public static OnnxGraph Read(Stream stream, string source, string? folder)
    {
        ModelProto model = ParseModel(stream, source);
        GraphProto graph = model.Graph ?? throw Broken(source, "it holds no graph. Is it an ONNX model?");
        if (model.Functions.Count > 0)
            throw Broken(source, $"it defines the function '{model.Functions[0].Name}'; functions are not read. Export the model with its functions inlined");
        if (graph.SparseInitializer.Count > 0)
            throw Broken(source, "it holds sparse initializers; they are not read. Store them as plain tensors");
        int opset = Opset(model, source);

        OnnxTensorReader tensors = new(source, new(folder));
        Dictionary<string, OnnxTensor> initializers = new(StringComparer.Ordinal);
        foreach (TensorProto proto in graph.Initializer)
        {
            if (proto.Name.Length == 0 || !initializers.TryAdd(proto.Name, tensors.Read(proto, $"initializer '{proto.Name}'")))
                throw Broken(source, proto.Name.Length == 0 ? "an initializer has no name" : $"the initializer '{proto.Name}' stands there twice");
        }

        List<OnnxValueInfo> inputs = [];
        foreach (ValueInfoProto proto in graph.Input.Where(i => !initializers.ContainsKey(i.Name)))
            inputs.Add(ReadValue(proto, "input", source));
        List<OnnxNode> nodes = [];
        foreach (NodeProto proto in graph.Node)
            nodes.Add(ReadNode(proto, nodes.Count, tensors, source));
        return new()
        {
            Source = source,
            Opset = opset,
            Initializers = initializers,
            Inputs = inputs,
            Outputs = [.. graph.Output.Select(o => ReadValue(o, "output", source))],
            Nodes = OnnxNodeOrder.Sort(nodes, inputs.Select(i => i.Name), initializers.Keys, graph.Output.Select(o => o.Name), source),
            Metadata = ReadMetadata(model, source),
            Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim(),
        };
    }

    private static ModelProto ParseModel(Stream stream, string source)
    {
        try
        {
            OnnxFileCensus.Check(stream, source);
            stream.Position = 0;
            using CodedInputStream coded = CodedInputStream.CreateWithLimits(stream, int.MaxValue, DeepestMessage);
            return Parser.ParseFrom(coded);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw OnnxError.Of($"'{source}' is no ONNX model: {e.Message}", e);
        }
    }

    private static int Opset(ModelProto model, string source)
    {
        long? opset = null;
        foreach (OperatorSetIdProto import in model.OpsetImport.Where(i => i.Domain is "" or "ai.onnx"))
        {
            if (opset is not null && opset != import.Version)
                throw Broken(source, $"it names the operator sets {opset} and {import.Version} of the default domain; one was expected");
            opset = import.Version;
        }
        if (opset is < OnnxGraph.OldestOpset or > OnnxGraph.NewestOpset or null)
        {
            throw Broken(
                source,
                $"it uses operator set {opset?.ToString() ?? "(none)"} of the default domain; {OnnxGraph.OldestOpset} to {OnnxGraph.NewestOpset} are read. " +
                "Export or convert the model to one of those");
        }
        return (int)opset;
    }

    private static OnnxNode ReadNode(NodeProto proto, int index, OnnxTensorReader tensors, string source)
    {
        string name = proto.Name.Length > 0 ? proto.Name : $"{proto.OpType} #{index}";
        if (proto.Domain is not ("" or "ai.onnx"))
        {
            throw Broken(
                source,
                $"node '{name}' is the operator '{proto.OpType}' of the domain '{proto.Domain}'; only the default domain is read. {OnnxOperators.Supported.TrimEnd('.')}");
        }
        if (proto.OpType.Length == 0)
            throw Broken(source, $"node '{name}' names no operator");
        return new(name, proto.OpType, [.. proto.Input], [.. proto.Output], OnnxAttributes.Read($"{proto.OpType} '{name}'", source, proto.Attribute, tensors))
        {
            Source = source,
        };
    }

    private static OnnxValueInfo ReadValue(ValueInfoProto proto, string what, string source)
    {
        TypeProto.Types.Tensor tensor = proto.Type?.TensorType ?? throw Broken(source, $"{what} '{proto.Name}' is no tensor; only tensors are read");
        if (!OnnxElementTypes.IsKnown(tensor.ElemType))
            throw Broken(source, $"{what} '{proto.Name}' has element type {tensor.ElemType}; known are {OnnxElementTypes.Names}");
        List<OnnxDimension> dims = [];
        foreach (TensorShapeProto.Types.Dimension dim in tensor.Shape?.Dim ?? [])
        {
            bool isNumber = dim.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue;
            if (isNumber && dim.DimValue is < 0 or > int.MaxValue)
                throw Broken(source, $"{what} '{proto.Name}' has the dimension {dim.DimValue}; 0 to {int.MaxValue} was expected");
            dims.Add(isNumber ? new((int)dim.DimValue, null) : new(null, dim.DimParam.Length > 0 ? dim.DimParam : null));
        }
        if (dims.Count > OnnxShape.LargestRank)
            throw Broken(source, $"{what} '{proto.Name}' has {dims.Count} dimensions; at most {OnnxShape.LargestRank} are read");
        return new(proto.Name, (OnnxElementType)tensor.ElemType, tensor.Shape is null ? null : dims);
    }

    private static Dictionary<string, string> ReadMetadata(ModelProto model, string source)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in model.MetadataProps)
        {
            if (!metadata.TryAdd(entry.Key, entry.Value))
                throw Broken(source, $"the metadata '{entry.Key}' stand there twice");
        }
        return metadata;
    }

    private static InvalidDataException Broken(string source, string problem) => OnnxError.Of($"'{source}': {problem}.");
}
