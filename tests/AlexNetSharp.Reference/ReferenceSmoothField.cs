namespace AlexNetSharp.Reference;

/// <summary>A field of cubic B-splines: f(y, x) = Σ grid[k, l] · β(y / h − (k − 1)) · β(x / h − (l − 1)) at the pixels' centres, h = σ·√3.</summary>
/// <remarks>β is the box of width 1 convolved with itself three times (Unser 1999).</remarks>
public static class ReferenceSmoothField
{
    /// <param name="grid">[grid height, grid width].</param>
    /// <param name="gridHeight">Rows of the grid.</param>
    /// <param name="gridWidth">Columns of the grid.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="sigma">The deviation of the Gaussian that smooths alike.</param>
    /// <returns>[height, width].</returns>
    public static double[] Evaluate(double[] grid, int gridHeight, int gridWidth, int height, int width, double sigma)
    {
        Expect.Length(grid, gridHeight * gridWidth, nameof(grid));
        var spacing = sigma * Math.Sqrt(3);
        var output = new double[height * width];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                for (var k = 0; k < gridHeight; k++)
                {
                    for (var l = 0; l < gridWidth; l++)
                        output[(row * width) + column] += grid[(k * gridWidth) + l] * Spline(((row + 0.5) / spacing) - (k - 1)) * Spline(((column + 0.5) / spacing) - (l - 1));
                }
            }
        }

        return output;
    }

    /// <summary>β(x), by its pieces.</summary>
    public static double Spline(double x)
    {
        var distance = Math.Abs(x);
        if (distance >= 2)
            return 0;
        return distance >= 1 ? Math.Pow(2 - distance, 3) / 6 : (2.0 / 3) - (distance * distance * (1 - (distance / 2)));
    }
}
