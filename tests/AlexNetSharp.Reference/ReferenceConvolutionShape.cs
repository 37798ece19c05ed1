namespace AlexNetSharp.Reference;

/// <summary>The geometry of a 2-D convolution; tensors are NHWC, weights [outC, kh, kw, inC / groups].</summary>
public sealed record ReferenceConvolutionShape(
    int Batch,
    int InputHeight,
    int InputWidth,
    int InputChannels,
    int OutputChannels,
    int KernelHeight,
    int KernelWidth,
    int StrideHeight = 1,
    int StrideWidth = 1,
    int PadTop = 0,
    int PadLeft = 0,
    int PadBottom = 0,
    int PadRight = 0,
    int DilationHeight = 1,
    int DilationWidth = 1,
    int Groups = 1)
{
    /// <summary>How often the dilated kernel fits into the padded height.</summary>
    public int OutputHeight => (PadTop + InputHeight + PadBottom - ((KernelHeight - 1) * DilationHeight + 1)) / StrideHeight + 1;

    /// <summary>How often the dilated kernel fits into the padded width.</summary>
    public int OutputWidth => (PadLeft + InputWidth + PadRight - ((KernelWidth - 1) * DilationWidth + 1)) / StrideWidth + 1;

    public int InputLength => Batch * InputHeight * InputWidth * InputChannels;

    public int OutputLength => Batch * OutputHeight * OutputWidth * OutputChannels;

    public int WeightLength => OutputChannels * KernelHeight * KernelWidth * (InputChannels / Groups);

    /// <summary>Reads the attributes of a case of conv2d.json.</summary>
    public static ReferenceConvolutionShape From(GoldenCase golden) => new(
        golden.Get<int>("batch"), golden.Get<int>("inputHeight"), golden.Get<int>("inputWidth"), golden.Get<int>("inputChannels"),
        golden.Get<int>("outputChannels"), golden.Get<int>("kernelHeight"), golden.Get<int>("kernelWidth"),
        golden.Get<int>("strideHeight"), golden.Get<int>("strideWidth"),
        golden.Get<int>("padTop"), golden.Get<int>("padLeft"), golden.Get<int>("padBottom"), golden.Get<int>("padRight"),
        golden.Get<int>("dilationHeight"), golden.Get<int>("dilationWidth"), golden.Get<int>("groups"));
}
