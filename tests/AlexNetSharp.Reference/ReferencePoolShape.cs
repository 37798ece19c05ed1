namespace AlexNetSharp.Reference;

/// <summary>The geometry of 2-D pooling; tensors are NHWC.</summary>
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
    int PadRight = 0)
{
    /// <summary>How often the window fits into the padded height.</summary>
    public int OutputHeight => (PadTop + InputHeight + PadBottom - KernelHeight) / StrideHeight + 1;

    /// <summary>How often the window fits into the padded width.</summary>
    public int OutputWidth => (PadLeft + InputWidth + PadRight - KernelWidth) / StrideWidth + 1;

    public int InputLength => Batch * InputHeight * InputWidth * Channels;

    public int OutputLength => Batch * OutputHeight * OutputWidth * Channels;

    /// <summary>Reads the attributes of a case of maxpool2d.json.</summary>
    public static ReferencePoolShape From(GoldenCase golden) => new(
        golden.Get<int>("batch"), golden.Get<int>("inputHeight"), golden.Get<int>("inputWidth"), golden.Get<int>("channels"),
        golden.Get<int>("kernelHeight"), golden.Get<int>("kernelWidth"), golden.Get<int>("strideHeight"), golden.Get<int>("strideWidth"),
        golden.Get<int>("padTop"), golden.Get<int>("padLeft"), golden.Get<int>("padBottom"), golden.Get<int>("padRight"));
}
