using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

// Operators that are layers by themselves.
internal sealed partial class OnnxNetworkReader
{
    // From these versions on, what was an attribute is an input.
    private const int ClipWithInputs = 11;
    private const int DropoutWithInputs = 12;

    private const float DropoutRatio = 0.5f;
    private const float LeakySlope = 0.01f;

    private void ReadLayer(OnnxNode node)
    {
        switch (node.OpType)
        {
            case "Conv":
                ReadConvolution(node);
                break;
            case "MaxPool":
                ReadMaxPool(node);
                break;
            case "AveragePool":
                ReadAveragePool(node);
                break;
            case "GlobalAveragePool":
                RequirePicture(node);
                AddPictureLayer(new AdaptiveAveragePool2D { Name = NameOf(node), OutputHeight = 1, OutputWidth = 1 });
                break;
            case "LRN":
                ReadLrn(node);
                break;
            case "Dropout":
                ReadDropout(node);
                break;
            case "Relu":
                Add(new Relu { Name = NameOf(node) });
                break;
            case "Tanh":
                Add(new Tanh { Name = NameOf(node) });
                break;
            case "Sigmoid":
                Add(new Sigmoid { Name = NameOf(node) });
                break;
            case "LeakyRelu":
                Add(new LeakyRelu { Name = NameOf(node), Slope = node.Attributes.Float("alpha", LeakySlope) });
                break;
            case "Clip":
                ReadClip(node);
                break;
            default:
                throw node.Error("it computes with what depends on the picture, which no layer here does; it is read only where its inputs are constants or shapes.");
        }
    }

    private void ReadConvolution(OnnxNode node)
    {
        RequirePicture(node);
        OnnxTensor weight = Constant(node, 1, "weights");
        OnnxTensor? bias = Optional(node, 2, "biases");
        if (weight.Dims is not [int filters, _, int height, int width])
            throw node.Error($"its weights are {weight}; two-dimensional convolutions are read, [filters, channels, height, width].");
        Size2D kernel = new(height, width), stride = Pair(node, "strides"), dilation = Pair(node, "dilations");
        if (node.Attributes.Integers("kernel_shape") is long[] stated && !stated.AsSpan().SequenceEqual([height, width]))
            throw node.Error($"kernel_shape is {OnnxShape.Text(stated)}, its weights are {weight}.");
        Size2D span = new(((kernel.Height - 1) * dilation.Height) + 1, ((kernel.Width - 1) * dilation.Width) + 1);
        Padding padding = TakePad(node, PaddingOf(node, span, stride), isAllowed: value => value == 0, "a value other than 0");
        Convolution2D convolution = new()
        {
            Name = NameOf(node),
            Filters = filters,
            Kernel = kernel,
            Stride = stride,
            Dilation = dilation,
            Padding = padding,
            Groups = Whole(node, "group", node.Attributes.Integer("group", 1)),
        };
        AddPictureLayer(convolution, weight.ToFloats(), bias?.ToFloats() ?? new float[filters]);
    }

    private void ReadMaxPool(OnnxNode node)
    {
        RequirePicture(node);
        if (Pair(node, "dilations") != 1)
            throw node.Error("its windows have gaps (dilations); max pooling is read without.");
        Size2D window = Window(node), stride = Pair(node, "strides");
        // Zeros around what is never negative win no more than padding that never wins: every window holds a value.
        bool isPositive = _layers is [.., { Layer: Relu or Sigmoid }];
        Padding padding = TakePad(
            node, PaddingOf(node, window, stride), value => value <= float.MinValue || (value == 0 && isPositive),
            "a value that may win a maximum");
        AddPictureLayer(new MaxPool2D { Name = NameOf(node), Window = window, Stride = stride, Padding = padding, CeilMode = node.Attributes.Integer("ceil_mode", 0) != 0 });
    }

    private void ReadAveragePool(OnnxNode node)
    {
        RequirePicture(node);
        if (Pair(node, "dilations") != 1)
            throw node.Error("its windows have gaps (dilations); average pooling is read without.");
        Size2D window = Window(node), stride = Pair(node, "strides");
        bool countsPadding = node.Attributes.Integer("count_include_pad", 0) != 0, roundsUp = node.Attributes.Integer("ceil_mode", 0) != 0, isPadded = _pad is not null;
        Padding own = PaddingOf(node, window, stride);
        // What a Pad node adds counts; what the pooling itself adds, only where it is told to.
        bool mixes = isPadded && (roundsUp || (!countsPadding && own != Padding.Valid));
        Padding padding = TakePad(node, own, value => value == 0 && !mixes, mixes ? "padding that counts beside padding that does not" : "a value other than 0");
        AddPictureLayer(new AveragePool2D
        {
            Name = NameOf(node),
            Window = window,
            Stride = stride,
            Padding = padding,
            CountsPadding = countsPadding || isPadded,
            CeilMode = roundsUp,
        });
    }

    private void ReadLrn(OnnxNode node)
    {
        RequirePicture(node);
        int size = Whole(node, "size", node.Attributes.Integer("size", 0));
        if (size % 2 == 0)
            throw node.Error($"its window is {size} channels; windows with a channel in the middle are read, of an odd size.");
        AddPictureLayer(new LocalResponseNorm
        {
            Name = NameOf(node),
            Radius = size / 2,
            Bias = node.Attributes.Float("bias", 1),
            Alpha = Undivided(node.Attributes.Float("alpha", 1e-4f), size),
            Beta = node.Attributes.Float("beta", 0.75f),
        });
    }

    // The α that the exporter multiplies to the given one, where there is one: division alone may miss it by a rounding.
    private static float Undivided(float alpha, int size)
    {
        float quotient = alpha / size;
        foreach (float candidate in (ReadOnlySpan<float>)[quotient, MathF.BitIncrement(quotient), MathF.BitDecrement(quotient)])
        {
            if (candidate * size == alpha)
                return candidate;
        }
        return quotient;
    }

    private void ReadDropout(OnnxNode node)
    {
        bool hasInputs = _graph.Opset >= DropoutWithInputs;
        float ratio = !hasInputs ? node.Attributes.Float("ratio", DropoutRatio) : Optional(node, 1, "ratio") is OnnxTensor given ? Scalar(node, given, "ratio") : DropoutRatio;
        if (hasInputs && Optional(node, 2, "training mode") is OnnxTensor mode && Scalar(node, mode, "training mode") != 0)
            throw node.Error("it is set to drop values, as in training. Export the model for inference.");
        Add(new Dropout { Name = NameOf(node), Keep = 1 - ratio });
    }

    private void ReadClip(OnnxNode node)
    {
        float? lower, upper;
        if (_graph.Opset < ClipWithInputs)
        {
            (lower, upper) = (node.Attributes.Float("min", float.MinValue), node.Attributes.Float("max", float.MaxValue));
        }
        else
        {
            lower = Optional(node, 1, "lower bound") is OnnxTensor min ? Scalar(node, min, "lower bound") : null;
            upper = Optional(node, 2, "upper bound") is OnnxTensor max ? Scalar(node, max, "upper bound") : null;
        }
        // A side that is left open, or infinite, is the largest number.
        float minimum = MathF.Max(lower ?? float.MinValue, float.MinValue), maximum = MathF.Min(upper ?? float.MaxValue, float.MaxValue);
        Add(new Clip { Name = NameOf(node), Minimum = minimum, Maximum = maximum });
    }

    private void AddPictureLayer(Layer layer, float[]? weight = null, float[]? bias = null)
    {
        Add(layer, weight, bias);
        _form = new OnnxForm(_shape, OnnxForm.Chw, IsFlat: false);
    }

    private void RequirePicture(OnnxNode node)
    {
        if (!_form.IsNchw)
            throw node.Error($"its input is {OnnxShape.Text(_shapes[_value].Dims)}, which is no picture in N, C, H, W order here. Transpose or reshape it to that before.");
        // A flattened picture that became one of a single position counts its channels as it was flattened.
        if (_shape != _form.Picture)
            throw node.Error($"it takes a flattened picture apart again; layers after flattening are read as far as they see one list of values.");
    }

    private static float Scalar(OnnxNode node, OnnxTensor tensor, string what) =>
        tensor.Count == 1 ? (float)tensor.ToDoubles()[0] : throw node.Error($"its {what} is {tensor}; one value is expected.");

    private static int Whole(OnnxNode node, string name, long value) =>
        value is >= 1 and <= int.MaxValue ? (int)value : throw node.Error($"{name} is {value}; at least 1 is expected.");

    private static Size2D Window(OnnxNode node) =>
        node.Attributes.Has("kernel_shape") ? Pair(node, "kernel_shape") : throw node.Error("it has no kernel_shape.");

    // Rows and columns; 1 where the attribute is left out.
    private static Size2D Pair(OnnxNode node, string name)
    {
        long[] values = node.Attributes.Integers(name) ?? [1, 1];
        return values.Length == 2
            ? new Size2D(Whole(node, name, values[0]), Whole(node, name, values[1]))
            : throw node.Error($"{name} is {OnnxShape.Text(values)}; two numbers are expected, for rows and columns.");
    }

    private Padding PaddingOf(OnnxNode node, Size2D span, Size2D stride)
    {
        string automatic = node.Attributes.Text("auto_pad", "NOTSET");
        switch (automatic)
        {
            case "VALID":
                return Padding.Valid;
            case "SAME_UPPER":
                return Padding.Same;
            case "SAME_LOWER":
                // An odd rest goes to the top and left, where SAME puts it to the bottom and right.
                FeatureShape padded = PaddedPicture();
                (int top, int left, int bottom, int right) = Padding.Same.Resolve(padded.Height, padded.Width, span.Height, span.Width, stride);
                return Padding.Explicit(bottom, right, top, left);
            case "NOTSET" or "":
                long[] pads = node.Attributes.Integers("pads") ?? [0, 0, 0, 0];
                if (pads.Length != 4 || pads.Any(pad => pad is < 0 or > int.MaxValue))
                    throw node.Error($"pads is {OnnxShape.Text(pads)}; four numbers from 0 up are expected.");
                return Padding.Explicit((int)pads[0], (int)pads[1], (int)pads[2], (int)pads[3]);
            default:
                throw node.Error($"auto_pad is '{automatic}'; NOTSET, VALID, SAME_UPPER or SAME_LOWER is expected.");
        }
    }
}
