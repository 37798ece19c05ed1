using AlexNetSharp.Interop.Onnx;

namespace AlexNetSharp.Interop.Tests.Onnx;

/// <summary>Draws of Conv and the poolings: one to three spatial dimensions, any padding, stride and dilation.</summary>
/// <remarks>
/// Two combinations are left out, since ONNX Runtime 1.31 departs from the specification there; <see cref="OperatorSpecificationTests"/> computes
/// them by hand. With auto_pad SAME_* it refuses dilations in Conv, and in poolings works out the padding as if there were none; and with strides
/// beyond the kernel its poolings come to a negative padding, which they refuse.
/// </remarks>
internal static class WindowOperatorCases
{
    /// <summary>Conv with and without bias, in groups, with filters as constants or inputs.</summary>
    public static OperatorCase Conv(Draw draw)
    {
        int rank = draw.Of(1, 2, 2, 2, 3);
        int groups = draw.Int(1, 3);
        int channels = groups * draw.Int(1, 3);
        int filters = groups * draw.Int(1, 3);
        Dictionary<string, object> attributes = Window(draw, rank, out int[] kernel, hasDilations: true, fillsAttributes: false);
        if (groups > 1 || draw.Bool())
            attributes["group"] = (long)groups;
        return new("Conv", draw.Opset())
        {
            Attributes = attributes,
            Inputs =
            [
                draw.Floats([draw.Int(1, 2), channels, .. draw.Dims(rank, 5, 9)]),
                draw.Floats([filters, channels / groups, .. kernel]),
                draw.Bool() ? draw.Floats(filters) : null,
            ],
            Constants = draw.Bool() ? [1, 2] : [],
        };
    }

    /// <summary>MaxPool of floats, doubles and, from operator set 12 on, bytes.</summary>
    public static OperatorCase MaxPool(Draw draw)
    {
        int opset = draw.Opset();
        int rank = draw.Of(1, 2, 2, 2, 3);
        Dictionary<string, object> attributes = Window(draw, rank, out _, hasDilations: opset >= 10, fillsAttributes: true);
        if (opset >= 10 && draw.Bool())
            attributes["ceil_mode"] = 1L;
        if (opset >= 8 && draw.Int(0, 3) == 0)
            attributes["storage_order"] = 0L;
        OnnxElementType type = opset < 12
            ? OnnxElementType.Float
            : draw.Of(OnnxElementType.Float, OnnxElementType.Double, OnnxElementType.Int8, OnnxElementType.UInt8);
        return new("MaxPool", opset)
        {
            Attributes = attributes,
            Inputs = [draw.Tensor(type, [draw.Int(1, 2), draw.Int(1, 3), .. draw.Dims(rank, 5, 9)])],
        };
    }

    /// <summary>AveragePool with and without padding in the mean.</summary>
    public static OperatorCase AveragePool(Draw draw)
    {
        int opset = draw.Opset();
        int rank = draw.Of(1, 2, 2, 2, 3);
        Dictionary<string, object> attributes = Window(draw, rank, out _, hasDilations: opset >= 19, fillsAttributes: true);
        if (opset >= 10 && draw.Bool())
            attributes["ceil_mode"] = 1L;
        if (draw.Bool())
            attributes["count_include_pad"] = 1L;
        return new("AveragePool", opset) { Attributes = attributes, Inputs = [draw.Floats([draw.Int(1, 2), draw.Int(1, 3), .. draw.Dims(rank, 5, 9)])] };
    }

    /// <summary>GlobalAveragePool over one to three dimensions.</summary>
    public static OperatorCase GlobalAveragePool(Draw draw) =>
        new("GlobalAveragePool", draw.Opset()) { Inputs = [draw.Floats([draw.Int(1, 2), draw.Int(1, 3), .. draw.Dims(draw.Int(1, 3), 1, 6)])] };

    private static Dictionary<string, object> Window(Draw draw, int rank, out int[] kernel, bool hasDilations, bool fillsAttributes)
    {
        kernel = draw.Dims(rank, 1, 3);
        Dictionary<string, object> attributes = [];
        if (fillsAttributes || draw.Bool())
            attributes["kernel_shape"] = kernel.Select(k => (long)k).ToArray();
        string autoPad = draw.Of("", "NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER");
        bool isSame = autoPad is "SAME_UPPER" or "SAME_LOWER";
        if (draw.Int(0, 3) > 0)
            attributes["strides"] = kernel.Select(k => (long)draw.Int(1, isSame ? k : 3)).ToArray();
        if (hasDilations && !isSame && draw.Bool())
            attributes["dilations"] = draw.Ints(rank, 1, 2);
        if (autoPad.Length > 0)
            attributes["auto_pad"] = autoPad;
        if (autoPad is "" or "NOTSET" && draw.Int(0, 3) > 0)
            attributes["pads"] = kernel.Concat(kernel).Select(k => (long)draw.Int(0, k - 1)).ToArray();
        return attributes;
    }
}
