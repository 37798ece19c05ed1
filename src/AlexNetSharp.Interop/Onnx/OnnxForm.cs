using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>How a graph's value holds a picture: which dimension is which, or in which order it was flattened.</summary>
/// <param name="Picture">The picture, as this engine counts it.</param>
/// <param name="Axes">The order of its axes after the batch: <c>CHW</c>, <c>HWC</c> or another permutation.</param>
/// <param name="IsFlat">Whether the axes are one dimension.</param>
internal readonly record struct OnnxForm(FeatureShape Picture, string Axes, bool IsFlat)
{
    /// <summary>PyTorch's order.</summary>
    public const string Chw = "CHW";

    /// <summary>TensorFlow's and this engine's order.</summary>
    public const string Hwc = "HWC";

    /// <summary>A list of values that are no picture.</summary>
    public static OnnxForm Vector(int length) => new(new FeatureShape(1, 1, length), Hwc, IsFlat: true);

    /// <summary>The dimensions after the batch.</summary>
    public int[] Dims => IsFlat ? [Picture.Length] : [.. Axes.Select(SizeOf)];

    /// <summary>Whether the values lie as if the axes stood in this order: axes of size 1 may stand anywhere.</summary>
    public bool IsOrdered(string axes) => Long(Axes).SequenceEqual(Long(axes));

    /// <summary>Whether an operator on [N, C, H, W] sees the picture as it is.</summary>
    public bool IsNchw => !IsFlat && IsOrdered(Chw) && Dims.AsSpan().SequenceEqual([Picture.Channels, Picture.Height, Picture.Width]);

    /// <summary>The size of an axis.</summary>
    public int SizeOf(char axis) => axis switch
    {
        'C' => Picture.Channels,
        'H' => Picture.Height,
        _ => Picture.Width,
    };

    /// <summary>For every value, in this engine's order (H, W, C), its place in the graph's.</summary>
    public int[] Places()
    {
        int[] strides = new int[3], places = new int[Picture.Length];
        int stride = 1;
        for (int i = Axes.Length - 1; i >= 0; i--)
        {
            strides[Hwc.IndexOf(Axes[i])] = stride;
            stride *= SizeOf(Axes[i]);
        }
        int place = 0;
        for (int h = 0; h < Picture.Height; h++)
        {
            for (int w = 0; w < Picture.Width; w++)
            {
                for (int c = 0; c < Picture.Channels; c++)
                    places[place++] = (h * strides[0]) + (w * strides[1]) + (c * strides[2]);
            }
        }
        return places;
    }

    private IEnumerable<char> Long(string axes)
    {
        OnnxForm form = this;
        return axes.Where(axis => form.SizeOf(axis) > 1);
    }
}
