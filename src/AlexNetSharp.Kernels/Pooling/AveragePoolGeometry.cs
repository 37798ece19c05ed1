namespace AlexNetSharp.Kernels.Pooling;

/// <summary>The sizes of a 2-D average pooling, and what its averages count.</summary>
/// <remarks>
/// What a window covers beyond the padded input (<see cref="PoolGeometry.OverhangBottom"/>) never counts. Padding counts as zeros where
/// <paramref name="CountsPadding"/> says so, which ONNX and PyTorch call <c>count_include_pad</c>.
/// </remarks>
/// <param name="Windows">The sizes. A window may have any number of positions.</param>
/// <param name="CountsPadding">Whether a window's sum is divided by all its positions within the padded input, or by those within the input alone.</param>
public readonly record struct AveragePoolGeometry(PoolGeometry Windows, bool CountsPadding)
{
    /// <summary>Throws unless every size makes sense and every window holds at least one pixel.</summary>
    /// <exception cref="ArgumentException">Names the size at fault.</exception>
    public void Validate() => Windows.ValidateSizes();

    /// <summary>The rows that count for output row <paramref name="row"/>.</summary>
    internal int CountedRows(int row) =>
        Counted((row * Windows.StrideHeight) - Windows.PadTop, Windows.WindowHeight, Windows.InputHeight, Windows.PadBottom);

    /// <summary>The columns that count for output column <paramref name="column"/>.</summary>
    internal int CountedColumns(int column) =>
        Counted((column * Windows.StrideWidth) - Windows.PadLeft, Windows.WindowWidth, Windows.InputWidth, Windows.PadRight);

    // No window begins before the padding.
    private int Counted(int start, int window, int size, int padAfter) => CountsPadding
        ? Math.Min(start + window, size + padAfter) - start
        : Math.Min(start + window, size) - Math.Max(start, 0);
}
