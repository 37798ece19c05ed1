namespace AlexNetSharp.Reference;

/// <summary>The geometry of 2-D pooling; tensors are NHWC.</summary>
/// <remarks>
/// With <c>Ceil</c> a last window may reach beyond the padded image: the output is as many strides as cover it, and a window that would begin
/// beyond the image, in the padding after it, is left out (PyTorch's <c>ceil_mode</c>).
/// </remarks>
public sealed record ReferencePoolShape(
    int Batch,
    int InputHeight,
    int InputWidth,
    int Channels,
    int KernelHeight,
    int KernelWidth,
    int StrideHeight,
    int StrideWidth,
    int PadTop = 0,
    int PadLeft = 0,
    int PadBottom = 0,
    int PadRight = 0,
    bool Ceil = false)
{
    /// <summary>How often the window fits into the padded height.</summary>
    public int OutputHeight => Outputs(PadTop, InputHeight, PadBottom, KernelHeight, StrideHeight);

    /// <summary>How often the window fits into the padded width.</summary>
    public int OutputWidth => Outputs(PadLeft, InputWidth, PadRight, KernelWidth, StrideWidth);

    public int InputLength => Batch * InputHeight * InputWidth * Channels;

    public int OutputLength => Batch * OutputHeight * OutputWidth * Channels;

    /// <summary>Reads the attributes of a case of maxpool2d.json.</summary>
    public static ReferencePoolShape From(GoldenCase golden) => new(
        golden.Get<int>("batch"), golden.Get<int>("inputHeight"), golden.Get<int>("inputWidth"), golden.Get<int>("channels"),
        golden.Get<int>("kernelHeight"), golden.Get<int>("kernelWidth"), golden.Get<int>("strideHeight"), golden.Get<int>("strideWidth"),
        golden.Get<int>("padTop"), golden.Get<int>("padLeft"), golden.Get<int>("padBottom"), golden.Get<int>("padRight"));

    private int Outputs(int before, int size, int after, int kernel, int stride)
    {
        var steps = (double)(before + size + after - kernel) / stride;
        if (!Ceil)
            return (int)Math.Floor(steps) + 1;
        var outputs = (int)Math.Ceiling(steps) + 1;
        return (outputs - 1) * stride >= before + size ? outputs - 1 : outputs;
    }
}
