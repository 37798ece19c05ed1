namespace AlexNetSharp.Kernels.Pooling;

/// <summary>The sizes of a 2-D pooling over NHWC pictures whose windows follow from the size of its output.</summary>
/// <remarks>
/// Along each side output i sees the inputs from floor(i · input / output) to before ceil((i + 1) · input / output), as PyTorch's
/// <c>AdaptiveAvgPool2d</c> has it: windows overlap where the sizes do not divide, and repeat inputs where the output is the larger one.
/// </remarks>
public readonly record struct AdaptivePoolGeometry
{
    /// <summary>N, pictures.</summary>
    public required int Batch { get; init; }

    /// <summary>H of the input.</summary>
    public required int InputHeight { get; init; }

    /// <summary>W of the input.</summary>
    public required int InputWidth { get; init; }

    /// <summary>C of input and output.</summary>
    public required int Channels { get; init; }

    /// <summary>H of the output.</summary>
    public required int OutputHeight { get; init; }

    /// <summary>W of the output.</summary>
    public required int OutputWidth { get; init; }

    /// <summary>Floats of the input.</summary>
    public long InputLength => (long)Batch * InputHeight * InputWidth * Channels;

    /// <summary>Floats of the output.</summary>
    public long OutputLength => (long)Batch * OutputHeight * OutputWidth * Channels;

    /// <summary>Throws unless every size makes sense.</summary>
    /// <exception cref="ArgumentException">Names the size at fault.</exception>
    public void Validate()
    {
        ReadOnlySpan<(int Value, string Name)> positive =
        [
            (Batch, nameof(Batch)), (InputHeight, nameof(InputHeight)), (InputWidth, nameof(InputWidth)), (Channels, nameof(Channels)),
            (OutputHeight, nameof(OutputHeight)), (OutputWidth, nameof(OutputWidth)),
        ];
        foreach ((int value, string name) in positive)
        {
            if (value < 1)
                throw new ArgumentException($"Adaptive pooling: {name} is {value}; it must be at least 1.");
        }
    }

    /// <summary>The input rows that output row <paramref name="row"/> sees.</summary>
    internal (int Start, int End) Rows(int row) => Window(row, InputHeight, OutputHeight);

    /// <summary>The input columns that output column <paramref name="column"/> sees.</summary>
    internal (int Start, int End) Columns(int column) => Window(column, InputWidth, OutputWidth);

    /// <summary>The output rows that see input row <paramref name="row"/>.</summary>
    internal (int Start, int End) RowsThatSee(int row) => Window(row, OutputHeight, InputHeight);

    /// <summary>The output columns that see input column <paramref name="column"/>.</summary>
    internal (int Start, int End) ColumnsThatSee(int column) => Window(column, OutputWidth, InputWidth);

    // floor(i · from / to) <= p < ceil((i + 1) · from / to) holds just where floor(p · to / from) <= i < ceil((p + 1) · to / from): who sees
    // an input is found by the same formula with the sizes changed over.
    private static (int Start, int End) Window(int i, int from, int to) => ((int)((long)i * from / to), (int)((((i + 1L) * from) + to - 1) / to));
}
