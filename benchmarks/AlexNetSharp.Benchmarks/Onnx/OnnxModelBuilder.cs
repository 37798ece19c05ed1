using System.Runtime.InteropServices;
using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;
using Google.Protobuf;

namespace AlexNetSharp.Benchmarks.Onnx;

/// <summary>Writes a network as an ONNX model: the same function in NCHW, for inference.</summary>
/// <remarks>
/// Weights go over in PyTorch's layouts, which are ONNX's too. Dropout is left out, LRN's α is multiplied by the window, by which ONNX divides it,
/// and SAME padding becomes the amounts it stands for.
/// </remarks>
internal sealed class OnnxModelBuilder
{
    /// <summary>The name of the graph's input, [N, C, H, W].</summary>
    public const string InputName = "pixels";

    /// <summary>The name of the graph's output, [N, classes].</summary>
    public const string OutputName = "logits";

    // Opset 17 goes with IR version 8; every operator used here has had its present form since opset 13 at the latest.
    private const int IrVersion = 8;
    private const int OperatorSet = 17;

    private readonly GraphProto _graph = new();
    private readonly IReadOnlyDictionary<string, SafeTensor> _weights;
    private string _value = InputName;
    private bool _isPicture = true;

    private OnnxModelBuilder(IReadOnlyDictionary<string, SafeTensor> weights)
    {
        _weights = weights;
    }

    /// <summary>The model's bytes.</summary>
    /// <param name="network">The layers and weights.</param>
    /// <param name="batch">N, fixed: an engine that knows it may plan its memory ahead.</param>
    /// <exception cref="InvalidModelException">A layer has no counterpart.</exception>
    public static byte[] Build(Network network, int batch)
    {
        OnnxModelBuilder builder = new(PyTorchWeights.Of(network));
        ModelSpec spec = network.Spec;
        GraphProto graph = builder._graph;
        graph.Name = spec.Name;
        graph.Input.Add(Value(InputName, batch, spec.Input.Channels, spec.Input.Height, spec.Input.Width));
        foreach (LayerShape layer in network.Shapes)
            builder.Add(layer);
        builder.Flatten("logits_of");
        graph.Node[^1].Output[0] = OutputName;
        graph.Output.Add(Value(OutputName, batch, spec.Classes.Length));
        return new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = nameof(AlexNetSharp),
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Version = OperatorSet } },
        }.ToByteArray();
    }

    private void Add(LayerShape shape)
    {
        switch (shape.Layer)
        {
            case Convolution2D convolution:
                RequirePicture(shape);
                Append(shape, "Conv", Parameters(shape), [
                    Ints("kernel_shape", convolution.Kernel), Ints("strides", convolution.Stride), Ints("dilations", convolution.Dilation),
                    Pads(convolution.Padding, shape, Span(convolution), convolution.Stride), Int("group", convolution.Groups)]);
                break;
            case MaxPool2D pool:
                RequirePicture(shape);
                Append(shape, "MaxPool", [], [
                    Ints("kernel_shape", pool.Window), Ints("strides", pool.Stride),
                    Pads(pool.Padding, shape, pool.Window, pool.Stride)]);
                break;
            // What hangs over is written as padding, which must not count then.
            case AveragePool2D pool when !(pool.CeilMode && pool.CountsPadding):
                RequirePicture(shape);
                Append(shape, "AveragePool", [], [
                    Ints("kernel_shape", pool.Window), Ints("strides", pool.Stride), Pads(pool.Padding, shape, pool.Window, pool.Stride),
                    Int("count_include_pad", pool.CountsPadding ? 1 : 0)]);
                break;
            case AdaptiveAveragePool2D when shape.Input == shape.Output:
                break;
            case LocalResponseNorm norm:
                RequirePicture(shape);
                int size = (2 * norm.Radius) + 1;
                Append(shape, "LRN", [], [Int("size", size), Float("alpha", norm.Alpha * size), Float("beta", norm.Beta), Float("bias", norm.Bias)]);
                break;
            case Relu:
                Append(shape, "Relu", [], []);
                break;
            case Tanh:
                Append(shape, "Tanh", [], []);
                break;
            case Sigmoid:
                Append(shape, "Sigmoid", [], []);
                break;
            case LeakyRelu leaky:
                Append(shape, "LeakyRelu", [], [Float("alpha", leaky.Slope)]);
                break;
            case Clip clip:
                Append(shape, "Clip", [Scalar($"{clip.Name}.minimum", clip.Minimum), Scalar($"{clip.Name}.maximum", clip.Maximum)], []);
                break;
            case Dropout:
                break;
            case Models.Flatten:
                Flatten(shape.Layer.Name);
                break;
            case Dense:
                Flatten($"{shape.Layer.Name}.flatten");
                Append(shape, "Gemm", Parameters(shape), [Int("transB", 1)]);
                break;
            default:
                throw new InvalidModelException($"{shape.Layer.Kind} '{shape.Layer.Name}' has no counterpart in ONNX here.");
        }
    }

    // A picture that was flattened counts its values in another order there: only element-wise and dense layers make the same of it.
    private void RequirePicture(LayerShape shape)
    {
        if (!_isPicture)
            throw new InvalidModelException($"{shape.Layer.Kind} '{shape.Layer.Name}' follows a flatten layer; that cannot be written as ONNX here.");
    }

    private void Flatten(string name)
    {
        if (!_isPicture)
            return;
        _isPicture = false;
        Append(name, "Flatten", [], []);
    }

    private void Append(LayerShape shape, string type, IEnumerable<string> parameters, ReadOnlySpan<AttributeProto> attributes) =>
        Append(shape.Layer.Name, type, parameters, attributes);

    private void Append(string name, string type, IEnumerable<string> parameters, ReadOnlySpan<AttributeProto> attributes)
    {
        NodeProto node = new() { Name = name, OpType = type, Input = { _value, parameters }, Output = { name } };
        foreach (AttributeProto attribute in attributes)
            node.Attribute.Add(attribute);
        _graph.Node.Add(node);
        _value = name;
    }

    private IEnumerable<string> Parameters(LayerShape shape)
    {
        foreach (ParameterSpec parameter in shape.Parameters)
        {
            SafeTensor tensor = _weights[parameter.Name];
            TensorProto initializer = new()
            {
                Name = tensor.Name,
                DataType = (int)TensorProto.Types.DataType.Float,
                RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(tensor.Values)),
            };
            initializer.Dims.Add(tensor.Shape.Select(size => (long)size));
            _graph.Initializer.Add(initializer);
            yield return tensor.Name;
        }
    }

    private string Scalar(string name, float value)
    {
        _graph.Initializer.Add(new TensorProto { Name = name, DataType = (int)TensorProto.Types.DataType.Float, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>([value])) });
        return name;
    }

    private static Size2D Span(Convolution2D convolution) => new(
        ((convolution.Kernel.Height - 1) * convolution.Dilation.Height) + 1, ((convolution.Kernel.Width - 1) * convolution.Dilation.Width) + 1);

    private static AttributeProto Pads(Padding padding, LayerShape shape, Size2D span, Size2D stride)
    {
        (int top, int left, int bottom, int right) = padding.Resolve(shape.Input.Height, shape.Input.Width, span.Height, span.Width, stride);
        // With ceil mode, what the last window covers beyond it goes as padding: this opset's ceil_mode keeps a window that begins there.
        bottom = Math.Max(bottom, ((shape.Output.Height - 1) * stride.Height) + span.Height - shape.Input.Height - top);
        right = Math.Max(right, ((shape.Output.Width - 1) * stride.Width) + span.Width - shape.Input.Width - left);
        return Ints("pads", top, left, bottom, right);
    }

    private static AttributeProto Ints(string name, Size2D size) => Ints(name, size.Height, size.Width);

    private static AttributeProto Ints(string name, params ReadOnlySpan<long> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (long value in values)
            attribute.Ints.Add(value);
        return attribute;
    }

    private static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static AttributeProto Float(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    private static ValueInfoProto Value(string name, params ReadOnlySpan<long> dimensions)
    {
        TensorShapeProto shape = new();
        foreach (long dimension in dimensions)
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dimension });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = shape } },
        };
    }
}
