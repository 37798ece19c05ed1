using AlexNetSharp.Interop.Onnx;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>Draws of the operators that compute with elements, rows or channels.</summary>
internal static class ElementOperatorCases
{
    private static readonly OnnxElementType[] FloatOrDouble = [OnnxElementType.Float, OnnxElementType.Double];
    private static readonly OnnxElementType[] Wide = [OnnxElementType.Float, OnnxElementType.Double, OnnxElementType.Int32, OnnxElementType.Int64];

    /// <summary>Add, Sub, Mul or Div, broadcast either way.</summary>
    public static OperatorCase Arithmetic(Draw draw, string name)
    {
        OnnxElementType type = draw.Of(Wide);
        int[] dims = draw.Dims(draw.Int(0, 4));
        OnnxTensor full = draw.Tensor(type, dims);
        OnnxTensor part = draw.Tensor(type, draw.BroadcastWith(dims));
        bool isSwapped = draw.Bool();
        OnnxTensor second = isSwapped ? full : part;
        if (name == "Div" && !type.IsFloatingPoint())
            second = OnnxTensor.FromIntegers(type, second.Dims, Array.ConvertAll(second.ToIntegers(), x => x == 0 ? 3 : x));
        return new(name, draw.Opset()) { Inputs = [isSwapped ? part : full, second], Constants = draw.Bool() ? [1] : [] };
    }

    /// <summary>Relu, Tanh or Sigmoid.</summary>
    public static OperatorCase Activation(Draw draw, string name)
    {
        int opset = draw.Opset();
        OnnxElementType type = name == "Relu" && opset >= 14
            ? draw.Of(OnnxElementType.Float, OnnxElementType.Double, OnnxElementType.Int32, OnnxElementType.Int8)
            : draw.Of(FloatOrDouble);
        return new(name, opset) { Inputs = [draw.Tensor(type, draw.Dims(draw.Int(0, 4)))] };
    }

    /// <summary>LeakyRelu.</summary>
    public static OperatorCase LeakyRelu(Draw draw) => new("LeakyRelu", draw.Opset())
    {
        Inputs = [draw.Floats(draw.Dims(draw.Int(1, 4)))],
        Attributes = draw.Int(0, 3) > 0 ? new() { ["alpha"] = draw.Float() } : [],
    };

    /// <summary>Clip in both forms, either bound left out; as inputs, the bounds may cross.</summary>
    public static OperatorCase Clip(Draw draw)
    {
        int opset = draw.Opset();
        int[] dims = draw.Dims(draw.Int(0, 4));
        if (opset < 11)
        {
            Dictionary<string, object> attributes = [];
            if (draw.Bool())
                attributes["min"] = draw.Float();
            if (draw.Bool())
                attributes["max"] = (float)attributes.GetValueOrDefault("min", -1f) + Math.Abs(draw.Float()); // ONNX Runtime refuses bounds that cross
            return new("Clip", opset) { Inputs = [draw.Floats(dims)], Attributes = attributes };
        }
        OnnxElementType type = opset < 12 ? OnnxElementType.Float : draw.Of([.. Wide, OnnxElementType.Int8, OnnxElementType.UInt8, OnnxElementType.UInt64]);
        List<OnnxTensor?> inputs = [draw.Tensor(type, dims), draw.Int(0, 2) > 0 ? draw.Tensor(type) : null];
        if (draw.Int(0, 2) > 0)
            inputs.Add(draw.Tensor(type));
        return new("Clip", opset) { Inputs = inputs, Constants = draw.Bool() ? [1, 2] : [] };
    }

    /// <summary>Cast from every type to every type, values that both have. ONNX Runtime takes saturate only for types of eight bits.</summary>
    public static OperatorCase Cast(Draw draw)
    {
        int opset = draw.Opset();
        OnnxElementType[] types = [.. Enum.GetValues<OnnxElementType>().Where(t => opset >= 13 || t != OnnxElementType.BFloat16)];
        OnnxElementType from = draw.Of(types);
        OnnxElementType to = draw.Of(types);
        OnnxTensor x = draw.Tensor(from, draw.Dims(draw.Int(0, 3)));

        // What becomes of a negative number without a sign is left open by the specification.
        bool isUnsigned = to is OnnxElementType.UInt8 or OnnxElementType.UInt16 or OnnxElementType.UInt32 or OnnxElementType.UInt64;
        if (isUnsigned && from.IsFloatingPoint())
            x = OnnxTensor.FromDoubles(from, x.Dims, Array.ConvertAll(x.ToDoubles(), Math.Abs));
        return new("Cast", opset) { Inputs = [x], Attributes = new() { ["to"] = (long)to } };
    }

    /// <summary>Softmax over any axis.</summary>
    public static OperatorCase Softmax(Draw draw)
    {
        int opset = draw.Opset();
        int rank = draw.Int(2, 4);
        return new("Softmax", opset)
        {
            Inputs = [draw.Tensor(draw.Of(FloatOrDouble), draw.Dims(rank))],
            Attributes = draw.Int(0, 3) > 0 ? new() { ["axis"] = draw.Axis(rank, opset) } : [],
        };
    }

    /// <summary>LRN of pictures.</summary>
    public static OperatorCase Lrn(Draw draw)
    {
        Dictionary<string, object> attributes = new() { ["size"] = (long)draw.Of(1, 3, 5, 7) };
        if (draw.Bool())
            attributes["alpha"] = 0.2f + Math.Abs(draw.Float());
        if (draw.Bool())
            attributes["beta"] = draw.Of(0.5f, 0.75f, 1f, 0.6f);
        if (draw.Bool())
            attributes["bias"] = 1 + Math.Abs(draw.Float());
        return new("LRN", draw.Opset()) { Inputs = [draw.Floats([draw.Int(1, 2), draw.Int(1, 9), .. draw.Dims(2)])], Attributes = attributes };
    }

    /// <summary>BatchNormalization of two to five dimensions, per channel or per element.</summary>
    public static OperatorCase BatchNormalization(Draw draw)
    {
        int opset = draw.Opset();
        OnnxElementType type = draw.Of(FloatOrDouble);
        int[] dims = draw.Dims(draw.Int(2, 5), 1, 3);
        int[] parameters = [dims[1]];
        Dictionary<string, object> attributes = [];
        if (draw.Bool())
            attributes["epsilon"] = 0.001f + Math.Abs(draw.Float());
        if (draw.Bool())
            attributes["momentum"] = 0.8f;
        if (opset >= 14 && draw.Bool())
            attributes["training_mode"] = 0L;
        if (opset < 9 && draw.Bool())
        {
            attributes["spatial"] = (long)draw.Int(0, 1);
            if (attributes["spatial"] is 0L)
                parameters = dims[1..];
        }
        OnnxTensor variance = OnnxTensor.FromDoubles(type, parameters, Array.ConvertAll(draw.Tensor(type, parameters).ToDoubles(), x => 0.1 + Math.Abs(x)));
        return new("BatchNormalization", opset)
        {
            Inputs = [draw.Tensor(type, dims), draw.Tensor(type, parameters), draw.Tensor(type, parameters), draw.Tensor(type, parameters), variance],
            Constants = draw.Bool() ? [1, 2, 3, 4] : [],
            Attributes = attributes,
        };
    }

    /// <summary>Dropout in its three forms, with and without the mask, whose content the specification leaves open before operator set 12.</summary>
    public static OperatorCase Dropout(Draw draw)
    {
        int opset = draw.Opset();
        List<OnnxTensor?> inputs = [draw.Tensor(draw.Of(FloatOrDouble), draw.Dims(draw.Int(1, 4)))];
        Dictionary<string, object> attributes = [];
        if (opset < 12 && draw.Bool())
            attributes["ratio"] = draw.Of(0.1f, 0.5f, 0.9f);
        if (opset >= 12 && draw.Bool())
            attributes["seed"] = (long)draw.Int(0, 9);
        if (opset >= 12 && draw.Bool())
            inputs.Add(draw.Bool() ? OnnxTensor.Of([], draw.Of(0.1f, 0.5f)) : null);
        if (inputs.Count == 2 && draw.Bool())
            inputs.Add(OnnxTensor.FromIntegers(OnnxElementType.Bool, [], [0]));
        return new("Dropout", opset) { Inputs = inputs, Constants = [1, 2], Attributes = attributes, Outputs = draw.Int(1, 2), Compared = opset < 12 ? 1 : 2 };
    }

    /// <summary>Gemm with all its attributes and every shape of C.</summary>
    public static OperatorCase Gemm(Draw draw)
    {
        int opset = draw.Opset();
        OnnxElementType type = draw.Of(FloatOrDouble);
        int[] sizes = draw.Dims(3, 1, 6);
        Dictionary<string, object> attributes = [];
        bool transA = draw.Bool();
        bool transB = draw.Bool();
        if (transA || draw.Bool())
            attributes["transA"] = transA ? 1L : 0L;
        if (transB || draw.Bool())
            attributes["transB"] = transB ? 1L : 0L;
        if (draw.Bool())
            attributes["alpha"] = draw.Float();
        if (draw.Bool())
            attributes["beta"] = draw.Float();
        return new("Gemm", opset)
        {
            Inputs =
            [
                draw.Tensor(type, transA ? [sizes[1], sizes[0]] : [sizes[0], sizes[1]]),
                draw.Tensor(type, transB ? [sizes[2], sizes[1]] : [sizes[1], sizes[2]]),
                opset >= 11 && draw.Int(0, 3) == 0 ? null : draw.Tensor(type, draw.BroadcastWith([sizes[0], sizes[2]])),
            ],
            Constants = draw.Bool() ? [1, 2] : [],
            Attributes = attributes,
        };
    }

    /// <summary>MatMul of vectors, matrices and stacks of them.</summary>
    public static OperatorCase MatMul(Draw draw)
    {
        int opset = draw.Opset();
        OnnxElementType type = draw.Of(opset >= 9 ? Wide : FloatOrDouble);
        int[] sizes = draw.Dims(3, 1, 5);
        int[] batch = draw.Dims(draw.Int(0, 2), 1, 3);
        int[] left = draw.Int(0, 4) == 0 ? [sizes[1]] : [.. batch, sizes[0], sizes[1]];
        int[] right = draw.Int(0, 4) == 0 ? [sizes[1]] : [.. draw.BroadcastWith(batch), sizes[1], sizes[2]];
        return new("MatMul", opset) { Inputs = [draw.Tensor(type, left), draw.Tensor(type, right)], Constants = draw.Bool() ? [1] : [] };
    }
}
