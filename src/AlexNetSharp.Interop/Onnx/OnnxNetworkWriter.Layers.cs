using AlexNetSharp.Interop.Onnx.Messages;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

// The operators that layers become.
internal sealed partial class OnnxNetworkWriter
{
    // From these versions on, what was an attribute is an input.
    private const int ClipWithInputs = 11;
    private const int DropoutWithInputs = 12;

    // From this version on, average pooling can round up.
    private const int AveragePoolRoundsUp = 10;

    private void WritePictureLayer(LayerShape shape)
    {
        string name = shape.Layer.Name;
        switch (shape.Layer)
        {
            case Convolution2D convolution:
                Size2D span = new(
                    ((convolution.Kernel.Height - 1) * convolution.Dilation.Height) + 1, ((convolution.Kernel.Width - 1) * convolution.Dilation.Width) + 1);
                _graph.AppendLayer(
                    name, "Conv", Parameters(shape), OnnxAttribute.Size("kernel_shape", convolution.Kernel), OnnxAttribute.Size("strides", convolution.Stride),
                    Pads(shape, convolution.Padding, span, convolution.Stride), OnnxAttribute.Size("dilations", convolution.Dilation),
                    OnnxAttribute.Int("group", convolution.Groups));
                break;
            case MaxPool2D pool:
                // Padding never wins, so rounding up is a little more of it.
                _graph.AppendLayer(
                    name, "MaxPool", [], OnnxAttribute.Size("kernel_shape", pool.Window), OnnxAttribute.Size("strides", pool.Stride),
                    Pads(shape, pool.Padding, pool.Window, pool.Stride, roundsUp: true));
                break;
            case AveragePool2D pool:
                WriteAverage(shape, pool);
                break;
            case AdaptiveAveragePool2D pool:
                WriteAdaptiveAverage(name, new(shape.Input.Height, pool.OutputHeight), new(shape.Input.Width, pool.OutputWidth));
                break;
            case LocalResponseNorm norm:
                // ONNX divides α by the window.
                int size = (2 * norm.Radius) + 1;
                _graph.AppendLayer(
                    name, "LRN", [], OnnxAttribute.Int("size", size), OnnxAttribute.Float("alpha", norm.Alpha * size), OnnxAttribute.Float("beta", norm.Beta),
                    OnnxAttribute.Float("bias", norm.Bias));
                break;
            default:
                throw new InvalidModelException($"{shape.Layer.Kind} '{name}' has no counterpart in ONNX here.");
        }
    }

    private void WriteElementwise(Layer layer)
    {
        switch (layer)
        {
            case Relu:
                _graph.AppendLayer(layer.Name, "Relu", []);
                break;
            case Tanh:
                _graph.AppendLayer(layer.Name, "Tanh", []);
                break;
            case Sigmoid:
                _graph.AppendLayer(layer.Name, "Sigmoid", []);
                break;
            case LeakyRelu leaky:
                _graph.AppendLayer(layer.Name, "LeakyRelu", [], OnnxAttribute.Float("alpha", leaky.Slope));
                break;
            case Clip clip when _options.Opset < ClipWithInputs:
                _graph.AppendLayer(layer.Name, "Clip", [], OnnxAttribute.Float("min", clip.Minimum), OnnxAttribute.Float("max", clip.Maximum));
                break;
            case Clip clip:
                string minimum = _graph.Constant($"{clip.Name}.min", [clip.Minimum], []), maximum = _graph.Constant($"{clip.Name}.max", [clip.Maximum], []);
                _graph.AppendLayer(layer.Name, "Clip", [minimum, maximum]);
                break;
            case Dropout dropout:
                WriteDropout(dropout);
                break;
            default:
                throw new InvalidModelException($"{layer.Kind} '{layer.Name}' has no counterpart in ONNX here.");
        }
    }

    private void WriteDropout(Dropout dropout)
    {
        // The share that is set to zero must lie below 1 there; the keep probability may be so small that their difference is lost.
        float ratio = MathF.Min(1 - dropout.Keep, MathF.BitDecrement(1));
        if (_options.Opset < DropoutWithInputs)
            _graph.AppendLayer(dropout.Name, "Dropout", [], OnnxAttribute.Float("ratio", ratio));
        else
            _graph.AppendLayer(dropout.Name, "Dropout", [_graph.Constant($"{dropout.Name}.ratio", [ratio], [])]);
    }

    private void WriteAverage(LayerShape shape, AveragePool2D pool)
    {
        (int top, int left, int bottom, int right) = pool.Padding.Resolve(shape.Input.Height, shape.Input.Width, pool.Window.Height, pool.Window.Width, pool.Stride);
        int endOfRows = ((shape.Output.Height - 1) * pool.Stride.Height) + pool.Window.Height - shape.Input.Height - top;
        int endOfColumns = ((shape.Output.Width - 1) * pool.Stride.Width) + pool.Window.Width - shape.Input.Width - left;
        // What rounding up adds never counts; nor does padding, unless it is told to. Where both are there, they must be told apart.
        bool counts = pool.CountsPadding && (top | left | bottom | right) != 0, roundsUp = counts && (endOfRows > bottom || endOfColumns > right);
        AttributeProto[] attributes =
        [
            OnnxAttribute.Size("kernel_shape", pool.Window), OnnxAttribute.Size("strides", pool.Stride),
            OnnxAttribute.Ints("pads", top, left, End(endOfRows, bottom), End(endOfColumns, right)), OnnxAttribute.Int("count_include_pad", counts ? 1 : 0),
        ];
        if (roundsUp)
        {
            if (_options.Opset < AveragePoolRoundsUp)
                throw new InvalidModelException($"{pool.Kind} '{pool.Name}' counts its padding and rounds up, which operator set {_options.Opset} cannot say. Export to {AveragePoolRoundsUp} or later.");
            // A window that would begin in the padding after the input is left out here, and not there.
            if (endOfRows < 0 || endOfColumns < 0)
                throw new InvalidModelException($"{pool.Kind} '{pool.Name}' counts its padding, rounds up on one side only and leaves out positions between its windows; ONNX cannot say that. Use windows as large as the stride.");
            attributes = [.. attributes, OnnxAttribute.Int("ceil_mode", 1)];
        }
        _graph.AppendLayer(pool.Name, "AveragePool", [], attributes);

        // Padding that no window reaches is cut away, so that rounding up makes no window of it.
        int End(int needed, int given) => roundsUp ? Math.Clamp(needed, 0, given) : counts ? given : Math.Max(needed, given);
    }

    private void WriteAdaptiveAverage(string name, AveragingWindows rows, AveragingWindows columns)
    {
        if (rows.Outputs == 1 && columns.Outputs == 1)
        {
            _graph.AppendLayer(name, "GlobalAveragePool", []);
        }
        else if (rows.Regular() is (int height, int down) && columns.Regular() is (int width, int right))
        {
            _graph.AppendLayer(
                name, "AveragePool", [], OnnxAttribute.Ints("kernel_shape", height, width), OnnxAttribute.Ints("strides", down, right),
                OnnxAttribute.Ints("pads", 0, 0, 0, 0), OnnxAttribute.Int("count_include_pad", 0));
        }
        else
        {
            _graph.Append($"{name}.rows", "MatMul", []);
            _graph.PutFirst(_graph.Constant($"{name}.rows.matrix", rows.Matrix(transposed: false), rows.Outputs, rows.Inputs));
            _graph.AppendLayer(name, "MatMul", [_graph.Constant($"{name}.columns.matrix", columns.Matrix(transposed: true), columns.Inputs, columns.Outputs)]);
        }
    }

    // roundsUp: whether what rounding up adds to the output is written as padding at the bottom and on the right.
    private static AttributeProto Pads(LayerShape shape, Padding padding, Size2D span, Size2D stride, bool roundsUp = false)
    {
        (int top, int left, int bottom, int right) = padding.Resolve(shape.Input.Height, shape.Input.Width, span.Height, span.Width, stride);
        if (roundsUp)
        {
            bottom += Missing(shape.Input.Height + top + bottom, shape.Output.Height, span.Height, stride.Height);
            right += Missing(shape.Input.Width + left + right, shape.Output.Width, span.Width, stride.Width);
        }
        return OnnxAttribute.Ints("pads", top, left, bottom, right);
    }

    // Rows or columns that the last window lacks.
    private static int Missing(int padded, int outputs, int span, int stride) => Math.Max(0, ((outputs - 1) * stride) + span - padded);
}
