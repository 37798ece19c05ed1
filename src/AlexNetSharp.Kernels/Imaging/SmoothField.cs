namespace AlexNetSharp.Kernels.Imaging;

/// <summary>A smooth field over a picture: numbers on a coarse grid, joined by cubic B-splines (Unser 1999, "Splines: a perfect fit").</summary>
/// <remarks>
/// A cubic B-spline over grid cells of h pixels has the variance h²/3, so that h = σ·√3 smooths as a Gaussian of deviation σ does. From
/// independent numbers of variance 1 on the grid come values whose variance is, on the average over all places, (151/315)²: the integral of the
/// squared spline, once for each direction.
/// </remarks>
public sealed class SmoothField
{
    /// <summary>The standard deviation of the field's values where that of the grid's numbers is 1.</summary>
    public const double Gain = 151.0 / 315.0;

    private const int Taps = 4;
    private const float LeastSigma = 0.1f;
    private readonly int[] _rowCells, _columnCells;
    private readonly float[] _rowWeights, _columnWeights;

    /// <summary>Prepares the weights for pictures of one size.</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="sigma">The deviation of the Gaussian that smooths alike, in pixels, at least 0.1.</param>
    /// <exception cref="ArgumentException">A size is below 1, or <paramref name="sigma"/> is below 0.1 or no finite number.</exception>
    public SmoothField(int height, int width, float sigma)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        Check.PositiveFinite(sigma, nameof(sigma), nameof(SmoothField));
        ArgumentOutOfRangeException.ThrowIfLessThan(sigma, LeastSigma);
        Width = width;
        double spacing = sigma * Math.Sqrt(3);
        (_rowCells, _rowWeights) = Weights(height, spacing);
        (_columnCells, _columnWeights) = Weights(width, spacing);
        GridHeight = _rowCells[^1] + Taps;
        GridWidth = _columnCells[^1] + Taps;
    }

    /// <summary>Columns of the picture.</summary>
    public int Width { get; }

    /// <summary>Rows of the grid.</summary>
    public int GridHeight { get; }

    /// <summary>Columns of the grid.</summary>
    public int GridWidth { get; }

    /// <summary>The field along one row of the picture.</summary>
    /// <param name="grid">[grid height, grid width].</param>
    /// <param name="row">The row, 0 to the height given at first − 1.</param>
    /// <param name="scratch">[grid width], overwritten.</param>
    /// <param name="output">[width], overwritten.</param>
    /// <exception cref="ArgumentException">A length does not fit, or there is no such row.</exception>
    public void Row(ReadOnlySpan<float> grid, int row, Span<float> scratch, Span<float> output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, _rowCells.Length);
        Check.Length(grid, (long)GridHeight * GridWidth, nameof(grid));
        Check.Length((ReadOnlySpan<float>)scratch, GridWidth, nameof(scratch));
        Check.Length((ReadOnlySpan<float>)output, Width, nameof(output));
        ReadOnlySpan<float> first = grid.Slice(_rowCells[row] * GridWidth, Taps * GridWidth), down = _rowWeights.AsSpan(row * Taps, Taps);
        for (int i = 0; i < scratch.Length; i++)
            scratch[i] = (down[0] * first[i]) + (down[1] * first[i + GridWidth]) + (down[2] * first[i + (2 * GridWidth)]) + (down[3] * first[i + (3 * GridWidth)]);
        for (int i = 0; i < output.Length; i++)
        {
            ReadOnlySpan<float> cells = scratch.Slice(_columnCells[i], Taps), weights = _columnWeights.AsSpan(i * Taps, Taps);
            output[i] = (weights[0] * cells[0]) + (weights[1] * cells[1]) + (weights[2] * cells[2]) + (weights[3] * cells[3]);
        }
    }

    private static (int[] Cells, float[] Weights) Weights(int count, double spacing)
    {
        int[] cells = new int[count];
        float[] weights = new float[count * Taps];
        for (int i = 0; i < count; i++)
        {
            double place = (i + 0.5) / spacing, t = place - Math.Floor(place), s = 1 - t;
            cells[i] = (int)place;
            weights[i * Taps] = (float)(s * s * s / 6);
            weights[(i * Taps) + 1] = (float)(((3 * t * t * t) - (6 * t * t) + 4) / 6);
            weights[(i * Taps) + 2] = (float)(((3 * s * s * s) - (6 * s * s) + 4) / 6);
            weights[(i * Taps) + 3] = (float)(t * t * t / 6);
        }
        return (cells, weights);
    }
}
