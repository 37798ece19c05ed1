using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Interop.Onnx.Messages;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>Walks a network's layers and writes each as the nodes that compute the same, in NCHW.</summary>
/// <remarks>
/// What makes the second export of an imported file equal to the first: every amount is written out (SAME and rounding up become the padding they stand
/// for), and nodes that stand for no layer follow from the layers alone.
/// </remarks>
internal sealed partial class OnnxNetworkWriter
{
    // Protocol buffers count in 32 bits; what is no weight takes far less than this.
    private const long MostBytes = int.MaxValue;
    private const long BytesBesideWeights = 1 << 24;

    // ONNX keeps a batch of unknown size where a new shape has 0.
    private const long SameAsBefore = 0;

    private readonly Network _network;
    private readonly OnnxExportOptions _options;
    private readonly OnnxGraphBuilder _graph;

    // Whether the current value is [N, C, H, W], not [N, values].
    private bool _isPicture = true;

    // Whether a flattened picture's values stand in this engine's order (H, W, C), not in C, H, W.
    private bool _isInOwnOrder = true;

    private OnnxNetworkWriter(Network network, OnnxExportOptions options)
    {
        _network = network;
        _options = options;
        _graph = new OnnxGraphBuilder(
            network.Spec.Name, options.Opset, [OnnxExport.InputName, OnnxExport.LogitsName, OnnxExport.PixelsName, OnnxExport.ProbabilitiesName], network.Spec.Layers.Select(layer => layer.Name));
    }

    /// <summary>The network as an ONNX model.</summary>
    /// <exception cref="InvalidModelException">A layer cannot be written, or the file would be too large.</exception>
    public static ModelProto Write(Network network, OnnxExportOptions options)
    {
        ModelSpec spec = network.Spec;
        if ((network.ParameterCount * sizeof(float)) + BytesBesideWeights > MostBytes)
            throw new InvalidModelException($"Model '{spec.Name}' has {network.ParameterCount} parameters of four bytes; a file of ONNX holds 2 GB at most. Use fewer units or filters, or export it as safetensors.");
        OnnxNetworkWriter writer = new(network, options);
        writer.WriteInput();
        for (int i = 0; i < network.Shapes.Length; i++)
            writer.Write(i);
        writer.FlattenPicture(OnnxExport.LogitsName);
        if (options.WithPreprocessing)
            writer._graph.Append(OnnxExport.ProbabilitiesName, "Softmax", [], OnnxAttribute.Int("axis", 1));
        writer._graph.Output(options.WithPreprocessing ? OnnxExport.ProbabilitiesName : OnnxExport.LogitsName, options.Batch, spec.Classes.Length);
        return writer._graph.Finish(
            (OnnxMetadata.ClassesKey, OnnxMetadata.Write(spec.Classes)),
            (OnnxMetadata.LayoutKey, OnnxMetadata.Write(options.Layout)),
            (OnnxMetadata.NameKey, spec.Name),
            (OnnxMetadata.PreprocessingKey, OnnxMetadata.Write(spec.Preprocessing)));
    }

    private void WriteInput()
    {
        (int height, int width, int channels) = _network.Spec.Input;
        bool isNhwc = _options.Layout == OnnxPictureLayout.Nhwc;
        ReadOnlySpan<int> sizes = isNhwc ? [height, width, channels] : [channels, height, width];
        if (_options.WithPreprocessing)
        {
            _graph.Input(OnnxExport.PixelsName, TensorProto.Types.DataType.Uint8, _options.Batch, sizes);
            _graph.Append("preprocessing.cast", "Cast", [], OnnxAttribute.Int("to", (long)TensorProto.Types.DataType.Float));
        }
        else
        {
            _graph.Input(OnnxExport.InputName, TensorProto.Types.DataType.Float, _options.Batch, sizes);
        }
        if (isNhwc)
            _graph.Append("input.transpose", "Transpose", [], OnnxAttribute.Ints("perm", 0, 3, 1, 2));
        if (_options.WithPreprocessing)
            WritePreprocessing(_network.Spec.Preprocessing);
    }

    private void WritePreprocessing(Preprocessing preprocessing)
    {
        _graph.Append("preprocessing.scale", "Div", [_graph.Constant("preprocessing.255", [255f])]);
        if (!preprocessing.Mean.IsEmpty)
            _graph.Append("preprocessing.mean", "Sub", [_graph.Constant("preprocessing.means", preprocessing.Mean.AsSpan(), preprocessing.Mean.Length, 1, 1)]);
        if (!preprocessing.Deviation.IsEmpty)
            _graph.Append("preprocessing.deviation", "Div", [_graph.Constant("preprocessing.deviations", preprocessing.Deviation.AsSpan(), preprocessing.Deviation.Length, 1, 1)]);
    }

    private void Write(int index)
    {
        LayerShape shape = _network.Shapes[index];
        string name = shape.Layer.Name;
        switch (shape.Layer)
        {
            case Flatten:
                WriteFlatten(name, shape.Input, index);
                break;
            case Dense:
                FlattenPicture(name);
                _graph.AppendLayer(name, "Gemm", Parameters(_isInOwnOrder ? shape with { FlattenedFrom = null } : shape), OnnxAttribute.Int("transB", 1));
                break;
            case ElementwiseLayer and not LocalResponseNorm:
                WriteElementwise(shape.Layer);
                break;
            case AdaptiveAveragePool2D when shape.Input == shape.Output:
                break;
            default:
                MakePicture(shape);
                WritePictureLayer(shape);
                break;
        }
    }

    private void WriteFlatten(string name, FeatureShape picture, int index)
    {
        if (_isPicture)
        {
            _isInOwnOrder = picture.IsVector || _options.Layout == OnnxPictureLayout.Nhwc || NeedsOwnOrder(index);
            if (_isInOwnOrder && picture is { IsVector: false, Channels: > 1 })
                _graph.Append($"{name}.transpose", "Transpose", [], OnnxAttribute.Ints("perm", 0, 2, 3, 1));
        }
        _graph.AppendLayer(name, "Flatten", []);
        _isPicture = false;
    }

    // A dense layer's weights can be put into any order; whoever else reads a flattened picture, the logits' reader among them, counts as this engine does.
    private bool NeedsOwnOrder(int flatten) =>
        _network.Shapes.Skip(flatten + 1).FirstOrDefault(shape => !KeepsOrder(shape))?.Layer is not Dense;

    private static bool KeepsOrder(LayerShape shape) => shape.Layer switch
    {
        Flatten => true,
        AdaptiveAveragePool2D => shape.Input == shape.Output,
        LocalResponseNorm => false,
        _ => shape.Layer is ElementwiseLayer,
    };

    // Where the engine takes a picture of one position for a list of values as it is.
    private void FlattenPicture(string reader)
    {
        if (!_isPicture)
            return;
        _graph.Append($"{reader}.flatten", "Flatten", []);
        _isPicture = false;
        _isInOwnOrder = true;
    }

    // Where the engine takes a list of values for a picture of one position.
    private void MakePicture(LayerShape shape)
    {
        if (_isPicture)
            return;
        string name = $"{shape.Layer.Name}.picture";
        _graph.Append(name, "Reshape", [_graph.Constant($"{name}.shape", SameAsBefore, shape.Input.Channels, 1, 1)]);
        _isPicture = true;
    }

    private string[] Parameters(LayerShape shape)
    {
        return [.. shape.Parameters.Select(Add)];

        string Add(ParameterSpec parameter) => _graph.Constant(
            parameter.Name, PyTorchLayout.ToPyTorch(shape, parameter, _network.Read(_network.Find(parameter.Name))), PyTorchLayout.Shape(parameter).AsSpan());
    }
}
