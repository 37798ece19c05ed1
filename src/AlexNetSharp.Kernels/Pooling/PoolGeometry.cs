namespace AlexNetSharp.Kernels.Pooling;

/// <summary>The sizes of a 2-D pooling over NHWC pictures. Padding never wins a maximum.</summary>
public readonly record struct PoolGeometry
{
    /// <summary>N, pictures.</summary>
    public required int Batch { get; init; }

    /// <summary>H of the input.</summary>
    public required int InputHeight { get; init; }

    /// <summary>W of the input.</summary>
    public required int InputWidth { get; init; }

    /// <summary>C of input and output.</summary>
    public required int Channels { get; init; }

    /// <summary>Rows of a window.</summary>
    public required int WindowHeight { get; init; }

    /// <summary>Columns of a window.</summary>
    public required int WindowWidth { get; init; }

    /// <summary>Input rows from one window to the next; smaller than the window, they overlap (Krizhevsky et al. 2012, §3.4).</summary>
    public required int StrideHeight { get; init; }

    /// <summary>Input columns from one window to the next.</summary>
    public required int StrideWidth { get; init; }

    /// <summary>Rows of padding above.</summary>
    public int PadTop { get; init; }

    /// <summary>Columns of padding on the left.</summary>
    public int PadLeft { get; init; }

    /// <summary>Rows of padding below.</summary>
    public int PadBottom { get; init; }

    /// <summary>Columns of padding on the right.</summary>
    public int PadRight { get; init; }

    /// <summary>Rows that the last window reaches beyond the padding below: what makes the output one larger where sizes do not divide (ceil mode). No average counts them.</summary>
    public int OverhangBottom { get; init; }

    /// <summary>Columns that the last window reaches beyond the padding on the right.</summary>
    public int OverhangRight { get; init; }

    /// <summary>H of the output.</summary>
    public int OutputHeight => ((InputHeight + PadTop + PadBottom + OverhangBottom - WindowHeight) / StrideHeight) + 1;

    /// <summary>W of the output.</summary>
    public int OutputWidth => ((InputWidth + PadLeft + PadRight + OverhangRight - WindowWidth) / StrideWidth) + 1;

    /// <summary>Floats of the input.</summary>
    public long InputLength => (long)Batch * InputHeight * InputWidth * Channels;

    /// <summary>Floats of the output.</summary>
    public long OutputLength => (long)Batch * OutputHeight * OutputWidth * Channels;

    /// <summary>Throws unless every size makes sense for max pooling: every window holds at least one pixel, and at most 256 positions.</summary>
    /// <exception cref="ArgumentException">Names the size at fault.</exception>
    public void Validate()
    {
        ValidateSizes();
        if ((long)WindowHeight * WindowWidth > 256)
            throw new ArgumentException($"Pooling: the window is {WindowHeight}x{WindowWidth}; at most 256 positions fit the byte that the winner is kept in.");
    }

    /// <summary>Throws unless every size makes sense and every window holds at least one pixel.</summary>
    internal void ValidateSizes()
    {
        ReadOnlySpan<(int Value, string Name)> positive =
        [
            (Batch, nameof(Batch)), (InputHeight, nameof(InputHeight)), (InputWidth, nameof(InputWidth)), (Channels, nameof(Channels)),
            (WindowHeight, nameof(WindowHeight)), (WindowWidth, nameof(WindowWidth)), (StrideHeight, nameof(StrideHeight)), (StrideWidth, nameof(StrideWidth)),
        ];
        foreach ((int value, string name) in positive)
        {
            if (value < 1)
                throw new ArgumentException($"Pooling: {name} is {value}; it must be at least 1.");
        }
        if (PadTop < 0 || PadLeft < 0 || PadBottom < 0 || PadRight < 0)
            throw new ArgumentException($"Pooling: padding is {PadTop}, {PadLeft}, {PadBottom}, {PadRight} (top, left, bottom, right); it must not be negative.");
        if (PadTop >= WindowHeight || PadBottom >= WindowHeight || PadLeft >= WindowWidth || PadRight >= WindowWidth)
            throw new ArgumentException($"Pooling: padding {PadTop}, {PadLeft}, {PadBottom}, {PadRight} must be smaller than the {WindowHeight}x{WindowWidth} window, or a window would see padding alone.");
        long height = (long)InputHeight + PadTop + PadBottom, width = (long)InputWidth + PadLeft + PadRight;
        if (height < WindowHeight || width < WindowWidth)
            throw new ArgumentException($"Pooling: the padded input is {height}x{width}, smaller than the {WindowHeight}x{WindowWidth} window.");
        if (OverhangBottom < 0 || OverhangRight < 0 || PadBottom + (long)OverhangBottom >= WindowHeight || PadRight + (long)OverhangRight >= WindowWidth)
            throw new ArgumentException($"Pooling: the overhang is {OverhangBottom}, {OverhangRight} (bottom, right); it must not be negative, and with the padding smaller than the {WindowHeight}x{WindowWidth} window.");
        if (height + OverhangBottom > int.MaxValue || width + OverhangRight > int.MaxValue)
            throw new ArgumentException($"Pooling: the padded input is {height}x{width}; at most {int.MaxValue} rows and columns are supported.");
    }

    /// <summary>The output rows whose windows hold input row <paramref name="row"/>; none where First is above Last.</summary>
    internal (int First, int Last) WindowsOfRow(int row) => WindowsOf(row + PadTop, WindowHeight, StrideHeight, OutputHeight);

    /// <summary>The output columns whose windows hold input column <paramref name="column"/>.</summary>
    internal (int First, int Last) WindowsOfColumn(int column) => WindowsOf(column + PadLeft, WindowWidth, StrideWidth, OutputWidth);

    // The windows o with o · stride <= position < o · stride + window.
    private static (int First, int Last) WindowsOf(int position, int window, int stride, int outputs)
    {
        int first = position < window ? 0 : ((position - window) / stride) + 1;
        return (first, Math.Min(position / stride, outputs - 1));
    }
}
