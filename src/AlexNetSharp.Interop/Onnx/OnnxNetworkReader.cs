using AlexNetSharp.Execution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>Walks a graph from its input to its output and makes of it the layers that compute the same.</summary>
/// <remarks>
/// What a graph's value holds is known at every node: which dimension is which (<see cref="OnnxForm"/>). Nodes that only move values change that and become
/// no layer; after every node the form is compared with the inferred shape.
/// </remarks>
internal sealed partial class OnnxNetworkReader
{
    // Of graphs with a free batch, shapes are worked out for this one, which no other dimension is likely to be mistaken for.
    private const int AnyBatch = 2;

    // Values of a picture, so that a small file cannot ask for much memory: 4096x4096 grey pixels.
    private const int MostInputs = 1 << 24;

    private readonly OnnxGraph _graph;
    private readonly IReadOnlyDictionary<string, OnnxTensor> _shapes;
    private readonly ILookup<string, OnnxNode> _readers;
    private readonly List<OnnxLayerDraft> _layers = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly OnnxForm _inputForm;

    private string _value;
    private OnnxForm _form;

    // Open until the first layer.
    private readonly OnnxInputScaling _scaling;
    private Preprocessing? _preprocessing;

    // What reaches the next layer, as this engine counts it.
    private FeatureShape _shape;

    // The value before the Softmax that ends the graph.
    private string? _logits;

    private OnnxNetworkReader(OnnxGraph graph)
    {
        _graph = ConstantFolding.Fold(graph);
        OnnxValueInfo input = Only(_graph.Inputs, "inputs");
        _ = Only(_graph.Outputs, "outputs");
        Batch = input.Dims is [{ Value: int batch }, ..] ? batch : AnyBatch;
        _inputForm = _form = InputForm(input);
        _shapes = OnnxShapes.Infer(_graph, Batch);
        _readers = _graph.Nodes.SelectMany(node => node.Inputs.Where(name => name.Length > 0).Distinct(), (node, name) => (node, name)).ToLookup(read => read.name, read => read.node);
        _value = input.Name;
        _shape = _form.Picture;
        _scaling = new OnnxInputScaling(_form.Picture.Channels, input.ElementType == OnnxElementType.UInt8);
    }

    private int Batch { get; }

    /// <summary>Makes a network of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">What the model is called where the file does not say it.</param>
    /// <exception cref="InvalidDataException">It is no chain of layers that this engine has; the message names operator and node.</exception>
    /// <exception cref="InvalidModelException">A layer cannot do what is asked of it.</exception>
    public static OnnxConversion Read(OnnxGraph graph, string name)
    {
        try
        {
            OnnxNetworkReader reader = new(graph);
            while (reader._value != reader._graph.Outputs[0].Name)
                reader.Step();
            return reader.Finish(name);
        }
        catch (OverflowException e)
        {
            throw OnnxError.Of($"'{graph.Source}': a layer has more values than can be counted. Use smaller pictures, filters or padding.", e);
        }
    }

    private T Only<T>(IReadOnlyList<T> values, string what) => values.Count == 1
        ? values[0]
        : throw OnnxError.Of($"'{_graph.Source}' has {values.Count} {what} ({string.Join("; ", values)}); models with one picture as input and one list of values as output are read.");

    private void Step()
    {
        OnnxNode node = Reader();
        switch (_logits is not null, node.OpType)
        {
            case (true, not ("Flatten" or "Reshape" or "Squeeze" or "Unsqueeze" or "Identity")):
                throw node.Error("it follows a Softmax; that is read only at the end, where it makes probabilities of logits.");
            case (_, "Add" or "Sub" or "Mul" or "Div"):
                ReadArithmetic(node);
                break;
            case (_, "BatchNormalization"):
                ReadBatchNormalization(node);
                break;
            case (_, "Cast"):
                ReadCast(node);
                break;
            case (_, "Concat") when node.Inputs.Count == 1:
            case (_, "Identity"):
                break;
            case (_, "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze"):
                ReadReshape(node);
                break;
            case (_, "Transpose"):
                ReadTranspose(node);
                break;
            case (_, "Pad"):
                ReadPad(node);
                break;
            case (_, "Gemm"):
                ReadGemm(node);
                break;
            case (_, "MatMul"):
                node = ReadMatMul(node);
                break;
            case (_, "Softmax"):
                ReadSoftmax(node);
                break;
            default:
                ReadLayer(node);
                break;
        }
        _value = node.Outputs[0].Length > 0 ? node.Outputs[0] : throw node.Error("its first output is left out; that is what the next layer must read.");
        RequirePadUsed(node);
        int[] dims = _shapes[_value].Dims;
        if (dims.Length < 1 || dims[0] != Batch || !dims.AsSpan(1).SequenceEqual(Padded(_form)))
            throw node.Error($"its result {OnnxShape.Text(dims)} is not what was expected here, {OnnxShape.Text([Batch, .. Padded(_form)])}.");
    }

    // The one node that reads the current value.
    private OnnxNode Reader()
    {
        OnnxNode[] readers = [.. _readers[_value].Take(2)];
        if (readers.Length == 0)
            throw OnnxError.Of($"'{_graph.Source}': its output '{_graph.Outputs[0].Name}' does not depend on its input '{_graph.Inputs[0].Name}'.");
        if (readers.Length > 1)
            throw readers[1].Error($"it reads '{_value}', as {readers[0]} does; graphs with branches are not read, only chains of layers.");
        OnnxNode node = readers[0];
        if (node.Inputs.Count(name => name == _value) > 1)
            throw node.Error($"it reads '{_value}' twice; only chains of layers are read.");
        if (node.Inputs.FirstOrDefault(name => name.Length > 0 && name != _value && !_graph.Initializers.ContainsKey(name)) is string other)
            throw node.Error($"it joins '{_value}' and '{other}', which are both computed; graphs with branches are not read, only chains of layers.");
        return node;
    }

    private OnnxForm InputForm(OnnxValueInfo input)
    {
        if (input.ElementType != OnnxElementType.UInt8 && !input.ElementType.IsFloatingPoint())
            throw OnnxError.Of($"'{_graph.Source}': the input {input} is {input.ElementType.Name()}; uint8 or a floating-point type is expected of a picture.");
        if (!OnnxShapes.HasKnownShape(input) || input.Dims!.Count is not (2 or 4) || input.Dims.Any(dim => dim.Value < 1))
            throw OnnxError.Of($"'{_graph.Source}': the input {input} is no batch of pictures of a known size, [N,C,H,W], [N,H,W,C] or [N,values]. Set its dimensions when exporting.");
        if (input.Dims.Skip(1).Aggregate(1.0, (values, dim) => values * dim.Value!.Value) > MostInputs)
            throw OnnxError.Of($"'{_graph.Source}': the input {input} has more than {MostInputs} values a picture. Use smaller pictures.");
        int[] sizes = [.. input.Dims.Skip(1).Select(dim => dim.Value!.Value)];
        if (sizes is [int values])
            return OnnxForm.Vector(values);
        return OnnxInputLayout.Find(_graph, sizes) == OnnxPictureLayout.Nchw
            ? new OnnxForm(new FeatureShape(sizes[1], sizes[2], sizes[0]), OnnxForm.Chw, IsFlat: false)
            : new OnnxForm(new FeatureShape(sizes[0], sizes[1], sizes[2]), OnnxForm.Hwc, IsFlat: false);
    }

    private OnnxTensor Constant(OnnxNode node, int index, string what) =>
        index < node.Inputs.Count && _graph.Initializers.TryGetValue(node.Inputs[index], out OnnxTensor? tensor)
            ? tensor
            : throw node.Error($"its {what} must be a constant.");

    private OnnxTensor? Optional(OnnxNode node, int index, string what) =>
        index < node.Inputs.Count && node.Inputs[index].Length > 0 ? Constant(node, index, what) : null;

    /// <summary>Adds a layer that is called like a node.</summary>
    private void Add(Layer layer, float[]? weight = null, float[]? bias = null, FeatureShape? flattenedFrom = null)
    {
        CloseInput();
        _shape = layer.OutputShape(_shape);
        _layers.Add(new OnnxLayerDraft { Layer = layer, Weight = weight, Bias = bias, FlattenedFrom = flattenedFrom });
    }

    // The node's name, which another may have too.
    private string NameOf(OnnxNode node)
    {
        string name = string.Concat(node.Name.Select(letter => char.IsControl(letter) ? '_' : letter));
        string unique = name;
        for (int i = 1; !_names.Add(unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }

    private OnnxConversion Finish(string name)
    {
        CloseInput();
        OnnxValueInfo output = _graph.Outputs[0];
        if (!_shape.IsVector || !_form.IsOrdered(OnnxForm.Hwc))
            throw OnnxError.Of($"'{_graph.Source}': the output {output} is a picture of {_form.Picture.Height}x{_form.Picture.Width}, not one value a class. Flatten it, in H, W, C order.");
        if (_layers.Count == 0)
            throw OnnxError.Of($"'{_graph.Source}': there is no layer between its input and its output.");
        Preprocessing preprocessing = OnnxMetadata.PreprocessingOf(_graph) ?? Preprocessing.None;
        if (_scaling.IsNeeded)
            preprocessing = _preprocessing! with { Fit = preprocessing.Fit, ResizeTo = preprocessing.ResizeTo, FindsGlyph = preprocessing.FindsGlyph };
        ModelSpec spec = new()
        {
            Name = _graph.Metadata.TryGetValue(OnnxMetadata.NameKey, out string? given) && !string.IsNullOrWhiteSpace(given) ? given : name,
            Input = _inputForm.Picture,
            Preprocessing = preprocessing,
            Classes = OnnxMetadata.Classes(_graph, _shape.Channels) ?? [.. Enumerable.Range(0, _shape.Channels).Select(i => $"{i}")],
            Layers = [.. _layers.Select(draft => draft.Layer)],
        };
        Network network = new(spec);
        for (int i = 0; i < _layers.Count; i++)
            _layers[i].WriteTo(network, network.Shapes[i]);
        return new OnnxConversion(network, _inputForm, Batch, _scaling, _logits ?? output.Name);
    }
}
