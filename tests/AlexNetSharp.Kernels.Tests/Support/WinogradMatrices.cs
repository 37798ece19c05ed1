namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>The matrices of F(m, r) at the points 0, 1, −1, 2, −2 and ∞ (numbers 0 to 5), made from their definition in whole numbers.</summary>
/// <remarks>
/// Outputs are the product of two polynomials, evaluated at points and interpolated, transposed (Winograd 1980; Blahut 2010, "Fast algorithms
/// for signal processing", §5.4): y = Aᵀ[(G·g) ⊙ (Bᵀ·d)]. Aᵀ holds the powers of the points, G those powers with a scale of the kernel's choice,
/// and row p of Bᵀ is the polynomial that vanishes at all points but p, over its value there and that scale. At ∞ the highest power counts alone.
/// Tiles of five products have no −2.
/// </remarks>
internal sealed class WinogradMatrices
{
    /// <summary>Points, those that a tile goes without among them.</summary>
    public const int Points = 6;

    /// <summary>G is given times this, so that it is whole.</summary>
    public const int Denominator = 24;

    private const int Infinity = 5;

    private static readonly long[] Finite = [0, 1, -1, 2, -2];
    private static readonly long[] Scales = [6, -4, -4, 1, 1];

    public WinogradMatrices(int outputs, int taps)
    {
        Outputs = outputs;
        Taps = taps;
        Inputs = outputs + taps - 1;
        long[] points = Finite[..(Inputs - 1)];
        for (int p = 0; p < points.Length; p++)
        {
            long[] polynomial = [1];
            long value = Scales[p];
            for (int q = 0; q < points.Length; q++)
            {
                if (q == p)
                    continue;
                polynomial = TimesRoot(polynomial, points[q]);
                value *= points[p] - points[q];
            }
            for (int i = 0; i < polynomial.Length; i++)
            {
                Assert.Equal(0, polynomial[i] * Denominator % value);
                Input[p, i] = polynomial[i] * Denominator / value;
            }
            for (int tap = 0; tap < taps; tap++)
                Filter[p, tap] = Scales[p] * Power(points[p], tap);
            for (int o = 0; o < outputs; o++)
                Output[o, p] = Power(points[p], o);
        }
        long[] all = points.Aggregate((long[])[1], TimesRoot);
        for (int i = 0; i < all.Length; i++)
            Input[Infinity, i] = all[i];
        Filter[Infinity, taps - 1] = Denominator;
        Output[outputs - 1, Infinity] = 1;
    }

    public static WinogradMatrices Tile4Filter3 { get; } = new(4, 3);

    public static WinogradMatrices Tile3Filter3 { get; } = new(3, 3);

    public static WinogradMatrices Tile2Filter5 { get; } = new(2, 5);

    /// <summary>m.</summary>
    public int Outputs { get; }

    /// <summary>r.</summary>
    public int Taps { get; }

    /// <summary>m + r − 1.</summary>
    public int Inputs { get; }

    /// <summary>Bᵀ: [points, inputs]; zeros for a point that the tile goes without.</summary>
    public long[,] Input { get; } = new long[Points, Points];

    /// <summary>G · 24: [points, taps].</summary>
    public long[,] Filter { get; } = new long[Points, 5];

    /// <summary>Aᵀ: [outputs, points].</summary>
    public long[,] Output { get; } = new long[4, Points];

    /// <summary>By how much the root mean square of the rounding errors exceeds that of the direct sums: outputs, along both dimensions.</summary>
    /// <remarks>
    /// With independent values of variance 1 the product at point p has the variance |row p of Bᵀ|² · |row p of G|². What is interpolated
    /// from the products cancels down to a variance of r, their rounding errors do not.
    /// </remarks>
    public double OutputGrowth => Enumerable.Range(0, Outputs).Max(o => Over(p => Square(Output[o, p]) * InputNorm(p) * FilterNorm(p))) / Taps;

    /// <summary>The same for ∂L/∂input, which tiles that overlap are added up for.</summary>
    public double InputGradientGrowth =>
        Enumerable.Range(0, Inputs).Max(i => Over(p => Square(Input[p, i]) * OutputNorm(p) * FilterNorm(p))) * ((Inputs + Outputs - 1) / Outputs) / Taps;

    /// <summary>The same for ∂L/∂weights, over the root mean square of direct sums as long as the tiles have outputs.</summary>
    public double WeightGradientGrowth =>
        Enumerable.Range(0, Taps).Max(t => Over(p => Square(Filter[p, t]) / (double)(Denominator * Denominator) * OutputNorm(p) * InputNorm(p))) / Outputs;

    // The second dimension multiplies variances once more.
    private static double Over(Func<int, double> variance) => Enumerable.Range(0, Points).Sum(variance);

    private static double Square(long value) => (double)value * value;

    private static long Power(long x, int exponent) => exponent == 0 ? 1 : x * Power(x, exponent - 1);

    // (x − root) · polynomial, coefficients from the constant up.
    private static long[] TimesRoot(long[] polynomial, long root)
    {
        long[] product = new long[polynomial.Length + 1];
        for (int i = 0; i < polynomial.Length; i++)
        {
            product[i] -= root * polynomial[i];
            product[i + 1] += polynomial[i];
        }
        return product;
    }

    private double InputNorm(int p) => Enumerable.Range(0, Inputs).Sum(i => Square(Input[p, i]));

    private double FilterNorm(int p) => Enumerable.Range(0, Taps).Sum(t => Square(Filter[p, t])) / (Denominator * Denominator);

    private double OutputNorm(int p) => Enumerable.Range(0, Outputs).Sum(o => Square(Output[o, p]));
}
