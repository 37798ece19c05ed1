using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Convolution.Winograd;
using AlexNetSharp.Kernels.Pooling;

namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>How far Winograd's convolution may lie from its twin, for operands drawn evenly from −1 to 1.</summary>
/// <remarks>
/// <para>
/// The worst case is of no use here: signs that conspire give errors of 1e-2 of the largest value, and a fault of 1e-3 would pass. These bounds
/// take roundings for independent (Higham and Mary 2019, "A new approach to probabilistic rounding error analysis"): each has the standard
/// deviation u/√3 of its result, and their sum over the path of an element is near to normal, so that six standard deviations are passed once
/// in 5e8 elements.
/// </para>
/// <para>
/// What a rounding is relative to has the variance of a direct sum without padding, times the growth of the tiles in both dimensions
/// (<see cref="WinogradMatrices"/>): 31 in standard deviation for F(4x4, 3x3), 20 for F(2x2, 5x5), 45 for the latter's weights.
/// With the roundings below that makes some 3e-5 of the typical value, or 1e-5 of the largest among thousands; of weights' gradients, whose
/// sums are long, up to some 1e-4.
/// </para>
/// </remarks>
internal static class WinogradTolerances
{
    private const double Sigmas = 6;

    // Three roundings along either dimension in the input's transform, three in the filter's, four in the output's.
    private const int TransformRoundings = 20;

    // The bias, itself no larger than a typical sum; the activation's derivative and its product.
    private const int OtherRoundings = 5;

    // Of a draw from −1 to 1.
    private const double Variance = 1.0 / 3;

    /// <summary>The outputs' largest error, before an activation, none of which is steeper than 1.</summary>
    public static double Output(in ConvolutionGeometry g) => Error(
        Growth(g, tile => tile.OutputGrowth), terms: g.InputChannels, typical: Variance * Math.Sqrt(g.KernelHeight * g.KernelWidth * g.InputChannels));

    /// <summary>The largest error of ∂L/∂input.</summary>
    public static double InputGradient(in ConvolutionStage stage)
    {
        ConvolutionGeometry g = stage.Convolution;
        return Error(
            Growth(g, tile => tile.InputGradientGrowth), terms: g.OutputChannels,
            typical: Variance * Overlap(stage) * Math.Sqrt(g.KernelHeight * g.KernelWidth * g.OutputChannels));
    }

    /// <summary>The largest error of ∂L/∂weights.</summary>
    public static double WeightGradient(in ConvolutionStage stage)
    {
        ConvolutionGeometry g = stage.Convolution;
        WinogradTiling rows = WinogradTiling.For(g.OutputHeight, g.KernelHeight), columns = WinogradTiling.For(g.OutputWidth, g.KernelWidth);
        return Error(
            Growth(g, tile => tile.WeightGradientGrowth), terms: g.Batch * rows.Tiles * columns.Tiles,
            typical: Variance * Overlap(stage) * Math.Sqrt((double)g.Batch * rows.Extent * columns.Extent));
    }

    /// <summary>∂L/∂bias over the sum of the magnitudes, in the worst case: the positions of a picture, the pictures, the derivative.</summary>
    public static double BiasGradient(in ConvolutionStage stage) =>
        ((stage.OutputLength / stage.Convolution.Batch / stage.Convolution.OutputChannels) + stage.Convolution.Batch + OtherRoundings) * Tolerances.UnitRoundoff;

    // Terms that are added up one by one: the k-th partial sum has k/terms of the variance, half on average.
    private static double Error(double growth, int terms, double typical) =>
        Sigmas * Tolerances.UnitRoundoff / Math.Sqrt(3) * Math.Sqrt(TransformRoundings + OtherRoundings + (terms / 2.0)) * growth * typical;

    // Variances grow along both dimensions: the standard deviation by the root of the square.
    private static double Growth(in ConvolutionGeometry g, Func<WinogradMatrices, double> growth) => g.KernelHeight == 5
        ? growth(WinogradMatrices.Tile2Filter5)
        : Math.Max(growth(WinogradMatrices.Tile4Filter3), growth(WinogradMatrices.Tile3Filter3));

    // How many windows a position can win: their gradients add up.
    private static double Overlap(in ConvolutionStage stage) => stage.Pooling is PoolGeometry pool
        ? Math.Ceiling((double)pool.WindowHeight / pool.StrideHeight) * Math.Ceiling((double)pool.WindowWidth / pool.StrideWidth)
        : 1;
}
