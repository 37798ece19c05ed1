namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>How far a float32 kernel may lie from its twin in double, each with where the number comes from.</summary>
/// <remarks>
/// u is the unit roundoff: a single operation errs by at most u of its result. Bounds are proved for the worst case (Higham 2002, "Accuracy
/// and stability of numerical algorithms", §3.1 and §4.2), so a kernel that is right passes on any data; they are never tuned to what is measured.
/// </remarks>
internal static class Tolerances
{
    /// <summary>u = 2^−24.</summary>
    public const double UnitRoundoff = 5.9604644775390625e-8;

    /// <summary>Below the least normal number results may be flushed to zero.</summary>
    public const double LeastNormal = 1.1754943508222875e-38;

    /// <summary>Two float64 programs that sum in different orders: at most 4,096 terms of 1.1e-16 each, over the largest.</summary>
    public const double TwinAgainstGolden = 1e-12;

    /// <summary>h of central differences in double: rounding 1e-16 · |f| / h and truncation h² · f‴ / 6 are both about 1e-10 then.</summary>
    public const double DifferenceStep = 1e-5;

    /// <summary>What central differences leave of a double gradient, over its largest element: 1e-10 by the step, times |f| and f‴ up to 100.</summary>
    public const double Difference = 1e-8;

    /// <summary>y = x·(1/keep): the reciprocal and the product round once each.</summary>
    public const double Dropout = 2.01 * UnitRoundoff;

    /// <summary>
    /// |x| &gt; 0.625: e^−2|x| errs by 1 ulp = 2u of at most 0.287, 1.1u in 1 − e with its own rounding and 1.3u in 1 + e, 1u in the quotient.
    /// Below: Cephes' polynomial is good to 1.3e-7 = 2.2u with its rounding. 5u covers both.
    /// </summary>
    public const double Tanh = 5 * UnitRoundoff;

    /// <summary>e^−|x| to 1 ulp = 2u, as numerator and in 1 + e (2u in all), and the quotient: 5u, and one for ulps that are not quite even.</summary>
    public const double Sigmoid = 6 * UnitRoundoff;

    /// <summary>dy·(1 − y²) over |dy|, for the difference cancels: y², the difference and the product round once each. Likewise dy·y·(1 − y).</summary>
    public const double ActivationGradient = 3.01 * UnitRoundoff;

    /// <summary>Computed in double, rounded once.</summary>
    public const double RoundedOnce = 1.01 * UnitRoundoff;

    /// <summary>β·m + (1−β)·g over the sum of the magnitudes: two products and a sum; v has one product more.</summary>
    public const double Moment = 4 * UnitRoundoff;

    /// <summary>
    /// An update over |rate|·|m| / (√v + ε): 3u of m, half of v's 4u, the root, its scaling and that factor's own rounding, the sum, the rate's
    /// own rounding, product and quotient: 12u.
    /// </summary>
    public const double AdamUpdate = 12 * UnitRoundoff;

    /// <summary>w − lr·(μ·v + g + λ·w) over the sum of the magnitudes: no term passes through more than five roundings.</summary>
    public const double Sgd = 5.01 * UnitRoundoff;

    /// <summary>Nesterov's step adds the product of rate and momentum, rounded beforehand, and a second sum.</summary>
    public const double Nesterov = 7.01 * UnitRoundoff;

    /// <summary>√Σ g² over itself: 32 squares a lane of float, all positive, halved by the root; the rest is in double.</summary>
    public const double Norm = 17 * UnitRoundoff;

    /// <summary>A mean, or a sum of quotients, over the same of the magnitudes: a term takes part in as many sums as there are terms, and one quotient.</summary>
    public static double AveragePool(int terms) => (terms + 1) * UnitRoundoff;

    /// <summary>a + f · (b − a) twice over, over the largest pixel: each errs by 2u of a difference, twice as large at most, and u of its sum.</summary>
    public const double Bilinear = 10.01 * UnitRoundoff;

    /// <summary>Four rounded weights times numbers up to 1, twice: product, three sums and the weight's own rounding, all weights summing to 1.</summary>
    public const double SmoothField = 10.01 * UnitRoundoff;

    // A register tile sums at most this many products one after another (BlockSizes.MaximalDepth); blocks, then splits, are added up.
    private const int DepthBlock = 256;

    /// <summary>
    /// Σ a·b over Σ |a|·|b|. A product takes part in at most min(K, 256) sums within its block, one a further block, 32 splits, bias and
    /// activation, and rounds once itself where the hardware does not fuse.
    /// </summary>
    public static double SumOfProducts(long terms) =>
        (Math.Min(terms, DepthBlock) + (terms / DepthBlock) + 4 + (terms >= 4096 ? 32 : 0)) * UnitRoundoff;

    /// <summary>Σ a·b over Σ |a|·|b| as one chain: a product takes part in at most K sums, bias and activation, and rounds once itself.</summary>
    public static double ChainOfProducts(long terms) => (terms + 3) * UnitRoundoff;

    /// <summary>Column sums over Σ |x|: 256 rows a chunk, then the chunks.</summary>
    public static double ColumnSum(int rows) => (Math.Min(rows, DepthBlock) + (rows / DepthBlock) + 1) * UnitRoundoff;

    /// <summary>
    /// s: the squares and at most 2r + 1 sums of positive terms, one multiply-add. y = x·s^−β: s errs by that times β; the two roots, product,
    /// quotient and product of β = 0.75 add 5u; any other β goes through ln s (2u of it, and of its product with β) and an exponential (2u).
    /// </summary>
    public static double Lrn(int radius, double beta, double largestScale) =>
        ((beta * LrnScale(radius)) + ((6 + (4 * beta * Math.Abs(Math.Log(largestScale)))) * UnitRoundoff));

    /// <summary>s over itself: all terms are positive.</summary>
    public static double LrnScale(int radius) => ((2 * radius) + 4) * UnitRoundoff;

    /// <summary>dx over the sum of the magnitudes of its terms: s^−β as above, its quotient by s or product with 1/s, the window's sum, the factors.</summary>
    public static double LrnGradient(int radius, double beta, double largestScale) =>
        Lrn(radius, beta, largestScale) + (2 * LrnScale(radius)) + (5 * UnitRoundoff);
}
