using AlexNetSharp.Interop.Onnx;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>Draws of the operators that move elements, and of those that make constants.</summary>
internal static class ShapeOperatorCases
{
    private static readonly OnnxElementType[] Movable =
        [OnnxElementType.Float, OnnxElementType.Double, OnnxElementType.Int32, OnnxElementType.Int64, OnnxElementType.UInt8];

    /// <summary>Flatten at any axis, the ends included.</summary>
    public static OperatorCase Flatten(Draw draw)
    {
        int opset = draw.Opset();
        int rank = draw.Int(1, 4);
        return new("Flatten", opset)
        {
            Inputs = [opset < 9 ? draw.Floats(draw.Dims(rank)) : draw.Tensor(draw.Of(Movable), draw.Dims(rank))],
            Attributes = draw.Int(0, 3) == 0 ? [] : new() { ["axis"] = opset >= 11 && draw.Bool() ? (long)draw.Int(-rank, -1) : draw.Int(0, rank) },
        };
    }

    /// <summary>Reshape with numbers, zeros, −1 and, from operator set 14 on, allowzero.</summary>
    public static OperatorCase Reshape(Draw draw)
    {
        int opset = draw.Opset();
        int[] dims = draw.Dims(draw.Int(1, 4));
        Dictionary<string, object> attributes = [];
        if (opset >= 14 && draw.Bool())
            attributes["allowzero"] = (long)draw.Int(0, 1);
        long[] shape = [.. dims];
        if (attributes.GetValueOrDefault("allowzero") is 1L)
        {
            // A zero is a zero there: both sides hold nothing.
            if (draw.Bool())
                (dims, shape) = ([0, .. dims], [.. dims, 0]);
        }
        else if (draw.Bool())
        {
            shape[draw.Int(0, shape.Length - 1)] = 0;
        }
        if (!shape.Contains(0) && draw.Bool())
            shape = [.. draw.Permutation(shape.Length).Select(i => shape[i]), 1];
        if (draw.Bool() && !(attributes.GetValueOrDefault("allowzero") is 1L && shape.Contains(0)))
            shape[draw.Int(0, shape.Length - 1)] = -1;
        return new("Reshape", opset)
        {
            Inputs = [draw.Tensor(draw.Of(Movable), dims), OnnxTensor.Of([shape.Length], shape)],
            Constants = draw.Bool() ? [1] : [],
            Attributes = attributes,
        };
    }

    /// <summary>Squeeze of named ones, or of all.</summary>
    public static OperatorCase Squeeze(Draw draw)
    {
        int opset = draw.Opset();
        int[] dims = [.. draw.Dims(draw.Int(2, 5), 1, 3).Select(d => draw.Bool() ? 1 : d)];
        int[] ones = [.. Enumerable.Range(0, dims.Length).Where(d => dims[d] == 1)];
        long[]? axes = ones.Length == 0 || draw.Int(0, 3) == 0
            ? null
            : [.. ones.Take(draw.Int(1, ones.Length)).Select(a => opset >= 11 && draw.Bool() ? a - dims.Length : a)];
        return WithAxes("Squeeze", opset, draw.Tensor(draw.Of(Movable), dims), axes);
    }

    /// <summary>Unsqueeze at any places of the result.</summary>
    public static OperatorCase Unsqueeze(Draw draw)
    {
        int opset = draw.Opset();
        int[] dims = draw.Dims(draw.Int(0, 3));
        int count = draw.Int(1, 3);
        long[] axes = [.. draw.Permutation(dims.Length + count).Take(count).Select(a => opset >= 11 && draw.Bool() ? a - dims.Length - count : a)];
        return WithAxes("Unsqueeze", opset, draw.Tensor(draw.Of(Movable), dims), axes);
    }

    /// <summary>Transpose in any order.</summary>
    public static OperatorCase Transpose(Draw draw)
    {
        int rank = draw.Int(1, 5);
        return new("Transpose", draw.Opset())
        {
            Inputs = [draw.Tensor(draw.Of(Movable), draw.Dims(rank))],
            Attributes = draw.Int(0, 3) == 0 ? [] : new() { ["perm"] = draw.Permutation(rank) },
        };
    }

    /// <summary>Concat of one to four tensors along any axis.</summary>
    public static OperatorCase Concat(Draw draw)
    {
        int opset = draw.Opset();
        int[] dims = draw.Dims(draw.Int(1, 4));
        OnnxElementType type = draw.Of(Movable);
        long axis = draw.Axis(dims.Length, opset);
        int at = (int)(axis < 0 ? axis + dims.Length : axis);
        return new("Concat", opset)
        {
            Inputs = [.. Enumerable.Range(0, draw.Int(1, 4)).Select(_ => draw.Tensor(type, [.. dims[..at], draw.Int(1, 4), .. dims[(at + 1)..]]))],
            Constants = draw.Bool() ? [1] : [],
            Attributes = new() { ["axis"] = axis },
        };
    }

    /// <summary>Gather along any axis with indices of any shape, negative from operator set 11 on.</summary>
    public static OperatorCase Gather(Draw draw)
    {
        int opset = draw.Opset();
        int[] dims = draw.Dims(draw.Int(1, 4));
        long axis = draw.Axis(dims.Length, opset);
        int size = dims[axis < 0 ? axis + dims.Length : axis];
        int[] shape = draw.Dims(draw.Int(0, 2), 1, 3);
        OnnxTensor indices = OnnxTensor.FromIntegers(
            draw.Of(OnnxElementType.Int32, OnnxElementType.Int64), shape, draw.Ints(OnnxShape.Count(shape), opset >= 11 ? -size : 0, size - 1));
        return new("Gather", opset)
        {
            Inputs = [draw.Tensor(draw.Of(Movable), dims), indices],
            Constants = draw.Bool() ? [1] : [],
            Attributes = axis == 0 && draw.Bool() ? [] : new() { ["axis"] = axis },
        };
    }

    /// <summary>Shape, from operator set 15 on of a part of the dimensions.</summary>
    public static OperatorCase Shape(Draw draw)
    {
        int opset = draw.Opset();
        int rank = draw.Int(0, 5);
        Dictionary<string, object> attributes = [];
        if (opset >= 15 && draw.Bool())
            attributes["start"] = (long)draw.Int(-rank - 1, rank + 1);
        if (opset >= 15 && draw.Bool())
            attributes["end"] = (long)draw.Int(-rank - 1, rank + 1);
        return new("Shape", opset) { Inputs = [draw.Tensor(draw.Of(Movable), draw.Dims(rank))], Attributes = attributes };
    }

    /// <summary>Pad in all modes, with numbers of either sign.</summary>
    public static OperatorCase Pad(Draw draw)
    {
        int opset = draw.Opset();
        int[] dims = draw.Dims(draw.Int(1, 4), 4, 6);
        string mode = draw.Of<string>(opset >= 19 ? ["constant", "reflect", "edge", "wrap"] : ["constant", "reflect", "edge"]);
        Dictionary<string, object> attributes = mode == "constant" && draw.Bool() ? [] : new() { ["mode"] = mode };

        // With 4 elements and at most one cut off at each end, a mirror of 1 always finds what it needs.
        long[] pads = draw.Ints(2 * dims.Length, -1, mode == "constant" ? 3 : 1);
        OnnxElementType type = opset < 11 ? draw.Of(OnnxElementType.Float, OnnxElementType.Double)
            : draw.Of(OnnxElementType.Float, OnnxElementType.Double, OnnxElementType.Int32, OnnxElementType.Int64);
        if (opset < 11)
        {
            attributes["pads"] = pads;
            if (draw.Bool())
                attributes["value"] = draw.Float();
            return new("Pad", opset) { Inputs = [draw.Tensor(type, dims)], Attributes = attributes };
        }
        List<OnnxTensor?> inputs = [draw.Tensor(type, dims), OnnxTensor.Of([pads.Length], pads)];
        if (draw.Bool())
            inputs.Add(draw.Tensor(type));
        if (opset >= 18 && draw.Bool())
        {
            long[] axes = [.. draw.Permutation(dims.Length).Take(draw.Int(1, dims.Length)).Select(a => draw.Bool() ? a : a - dims.Length)];
            inputs[1] = OnnxTensor.Of([2 * axes.Length], pads.AsSpan(0, 2 * axes.Length));
            if (inputs.Count == 2)
                inputs.Add(null);
            inputs.Add(OnnxTensor.Of([axes.Length], axes)); // ONNX Runtime does not take int32, which the specification allows
        }
        return new("Pad", opset) { Inputs = inputs, Constants = draw.Bool() ? [1, 2, 3] : [], Attributes = attributes };
    }

    /// <summary>Identity.</summary>
    public static OperatorCase Identity(Draw draw) =>
        new("Identity", draw.Opset()) { Inputs = [draw.Tensor(draw.Of(Movable), draw.Dims(draw.Int(0, 4)))] };

    /// <summary>Constant: a tensor or, from operator set 12 on, numbers.</summary>
    public static OperatorCase Constant(Draw draw)
    {
        int opset = draw.Opset();
        (string name, object value) = (opset >= 12 ? draw.Int(0, 4) : 0) switch
        {
            1 => ("value_float", draw.Float()),
            2 => ("value_int", (long)draw.Int(-9, 9)),
            3 => ("value_floats", draw.Floats(draw.Int(1, 4)).ToFloats()),
            4 => ("value_ints", draw.Ints(draw.Int(1, 4), -9, 9)),
            _ => ("value", (object)draw.Tensor(draw.Of(Movable), draw.Dims(draw.Int(0, 3)))),
        };
        return new("Constant", opset) { Attributes = new() { [name] = value } };
    }

    /// <summary>ConstantOfShape with values of many types, of scalars and of nothing.</summary>
    public static OperatorCase ConstantOfShape(Draw draw)
    {
        long[] shape = draw.Ints(draw.Int(0, 4), 0, 4);
        return new("ConstantOfShape", draw.Opset(9))
        {
            Inputs = [OnnxTensor.Of([shape.Length], shape)],
            Constants = draw.Bool() ? [0] : [],
            Attributes = draw.Int(0, 3) == 0 ? [] : new() { ["value"] = draw.Tensor(draw.Of([.. Movable, OnnxElementType.Bool]), 1) },
        };
    }

    private static OperatorCase WithAxes(string name, int opset, OnnxTensor x, long[]? axes) => axes is null
        ? new(name, opset) { Inputs = [x] }
        : opset < 13
            ? new(name, opset) { Inputs = [x], Attributes = new() { ["axes"] = axes } }
            : new(name, opset) { Inputs = [x, OnnxTensor.Of([axes.Length], axes)], Constants = [1] };
}
