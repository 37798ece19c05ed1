namespace AlexNetSharp.Interop.Onnx;

/// <summary>How a network is written as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The oldest version of the operator set that can be written.</summary>
    public const int OldestOpset = OnnxGraph.OldestOpset;

    /// <summary>The newest version of the operator set that can be written.</summary>
    public const int NewestOpset = OnnxGraph.NewestOpset;

    /// <summary>The version that is written unless told: what every runtime of the last years reads.</summary>
    public const int DefaultOpset = 17;

    /// <summary>Opset 17, NCHW, float32 values in, logits out, any batch.</summary>
    public static OnnxExportOptions Default { get; } = new();

    /// <summary>The version of the operator set, <see cref="OldestOpset"/> to <see cref="NewestOpset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside.</exception>
    public int Opset
    {
        get;
        init => field = value is >= OldestOpset and <= NewestOpset
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The operator set's version must lie between {OldestOpset} and {NewestOpset}.");
    } = DefaultOpset;

    /// <summary>The order of the input's values.</summary>
    public OnnxPictureLayout Layout { get; init; } = OnnxPictureLayout.Nchw;

    /// <summary>
    /// Whether the model is given the picture's bytes (uint8, 0 to 255, already of the input's size) under the name <c>pixels</c> and gives
    /// <c>probabilities</c>; else it is given <c>input</c>, float32 as <see cref="Models.Preprocessing"/> makes it, and gives <c>logits</c>.
    /// </summary>
    public bool WithPreprocessing { get; init; }

    /// <summary>N, fixed, at least 1; null leaves it to whoever runs the model, under the name <c>N</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int? Batch
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A fixed batch must be at least 1.");
    }
}
