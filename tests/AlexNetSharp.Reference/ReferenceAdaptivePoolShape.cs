namespace AlexNetSharp.Reference;

/// <summary>The sizes of 2-D pooling to a given output; tensors are NHWC.</summary>
public sealed record ReferenceAdaptivePoolShape(int Batch, int InputHeight, int InputWidth, int Channels, int OutputHeight, int OutputWidth)
{
    public int InputLength => Batch * InputHeight * InputWidth * Channels;

    public int OutputLength => Batch * OutputHeight * OutputWidth * Channels;

    /// <summary>Reads the attributes of a case of adaptive_avgpool2d.json.</summary>
    public static ReferenceAdaptivePoolShape From(GoldenCase golden) => new(
        golden.Get<int>("batch"), golden.Get<int>("inputHeight"), golden.Get<int>("inputWidth"), golden.Get<int>("channels"),
        golden.Get<int>("outputHeight"), golden.Get<int>("outputWidth"));
}
