using AlexNetSharp.Kernels.Imaging;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Imaging;

public sealed class SmoothFieldTests
{
    // σ whose grid has a cell every four pixels.
    private const float CellOfFour = 2.3094010767585034f;

    [Theory]
    [InlineData(1, 1, 4f)]
    [InlineData(7, 5, 0.1f)]
    [InlineData(9, 28, 0.5f)]
    [InlineData(28, 9, 2.5f)]
    [InlineData(28, 28, 4f)]
    [InlineData(6, 5, 1000f)]
    public void Row_OfEveryRow_AgreesWithTheTwin(int height, int width, float sigma)
    {
        SmoothField field = new(height, width, sigma);
        float[] grid = Draw.Uniform(1, field.GridHeight * field.GridWidth);

        double[] expected = ReferenceSmoothField.Evaluate(grid.Widen(), field.GridHeight, field.GridWidth, height, width, sigma);

        Close.WithinScale("smooth field", expected, Evaluate(field, grid, height), Tolerances.SmoothField, 1);
    }

    [Fact]
    public void Row_OfAConstantGrid_IsThatConstant()
    {
        SmoothField field = new(20, 30, 3);
        float[] grid = new float[field.GridHeight * field.GridWidth];
        Array.Fill(grid, 1);

        Assert.All(Evaluate(field, grid, 20), value => Assert.Equal(1, value, Tolerances.SmoothField));
    }

    [Fact]
    public void Row_OfOneNumber_SpreadsAsWideAsTheGaussian()
    {
        const int Side = 40;
        SmoothField field = new(Side, Side, CellOfFour);
        float[] grid = new float[field.GridHeight * field.GridWidth];
        grid[(6 * field.GridWidth) + 6] = 1;

        float[] values = Evaluate(field, grid, Side);

        double sum = 0, mean = 0, square = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double x = (i % Side) + 0.5;
            (sum, mean, square) = (sum + values[i], mean + (values[i] * x), square + (values[i] * x * x));
        }
        Assert.Equal(CellOfFour, Math.Sqrt((square / sum) - (mean / sum * (mean / sum))), 1e-4);
    }

    [Fact]
    public void Gain_OfManyFields_IsTheirDeviation()
    {
        const int Side = 32, Fields = 400;
        SmoothField field = new(Side, Side, CellOfFour);
        double squares = 0;
        for (int i = 0; i < Fields; i++)
        {
            // Evenly drawn from −√3 to √3: variance 1.
            float[] grid = Draw.Uniform(i, field.GridHeight * field.GridWidth, -MathF.Sqrt(3), MathF.Sqrt(3));
            squares += Evaluate(field, grid, Side).Sum(value => (double)value * value);
        }

        // Some 64 independent numbers a field: 1/√(2 · 64 · 400) = 0.5 % is one deviation.
        Assert.Equal(SmoothField.Gain, Math.Sqrt(squares / (Fields * Side * Side)), 0.02 * SmoothField.Gain);
    }

    [Fact]
    public void Gain_IsTheIntegralOfTheSquaredSpline()
    {
        const int Steps = 4000;
        double integral = Enumerable.Range(0, 4 * Steps).Sum(i => Math.Pow(ReferenceSmoothField.Spline(((i + 0.5) / Steps) - 2), 2)) / Steps;

        Assert.Equal(SmoothField.Gain, integral, 1e-6);
    }

    [Theory]
    [InlineData(0, 4, 1f)]
    [InlineData(4, 0, 1f)]
    [InlineData(4, 4, 0f)]
    [InlineData(4, 4, 0.05f)]
    [InlineData(4, 4, -1f)]
    [InlineData(4, 4, float.NaN)]
    [InlineData(4, 4, float.PositiveInfinity)]
    public void Constructor_SenselessNumber_Throws(int height, int width, float sigma) =>
        Assert.ThrowsAny<ArgumentException>(() => new SmoothField(height, width, sigma));

    [Theory]
    [InlineData(-1, 0, 0, 0)]
    [InlineData(4, 0, 0, 0)]
    [InlineData(0, 1, 0, 0)]
    [InlineData(0, 0, -1, 0)]
    [InlineData(0, 0, 0, 1)]
    public void Row_LengthsThatDoNotFit_Throw(int row, int grid, int scratch, int output)
    {
        SmoothField field = new(4, 5, 1);

        Assert.ThrowsAny<ArgumentException>(() => field.Row(new float[(field.GridHeight * field.GridWidth) + grid], row, new float[field.GridWidth + scratch], new float[5 + output]));
    }

    private static float[] Evaluate(SmoothField field, float[] grid, int height)
    {
        List<float> values = [];
        for (int row = 0; row < height; row++)
        {
            Guarded<float> scratch = new(field.GridWidth), output = new(field.Width);
            field.Row(new Guarded<float>(grid).Span, row, scratch.Span, output.Span);
            scratch.Values();
            values.AddRange(output.Values());
        }
        return [.. values];
    }
}
