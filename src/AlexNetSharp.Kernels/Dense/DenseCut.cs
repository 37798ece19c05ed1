using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Dense;

/// <summary>How the passes of a dense layer are cut into tasks and blocks: by their sizes alone.</summary>
internal static class DenseCut
{
    /// <summary>
    /// Panels of a left operand that are multiplied at a time: two panels of B, this deep, are 16 KB, and those that are fetched meanwhile as
    /// much again. Deeper blocks are fetched in longer bursts, which the multiply-adds then wait for.
    /// </summary>
    public const int DepthPanels = 8;

    /// <summary>Inputs whose gradients are summed at a time: 64 x 32 floats, 8 KB, beside their operands in L1.</summary>
    public const int TileInputs = 64;

    /// <summary>Inputs of a weight gradient's task: at batch 64 their panels are 128 KB and stay in L2 while the outputs pass.</summary>
    public const int GradientInputs = 512;

    /// <summary>Rows of both operands that a gradient tile multiplies at a time.</summary>
    public const int GradientDepth = 128;

    private const int MaximalRows = 128;
    private const int MinimalRows = 16;
    private const int WantedTasks = 16;

    /// <summary>Rows that are multiplied between two rounds of prefetching: one tile at 512 bits, two below.</summary>
    public static int RowStep<TSimd, TVec>()
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => TSimd.Width == PanelLayout.Columns ? 8 : 12;

    /// <summary>Panels of the output that a forward task computes.</summary>
    public static int ForwardPanels(int outputs) => PanelLayout.Panels(outputs) >= 128 ? 4 : 2;

    /// <summary>Rows of the batch that a forward task computes: all, up to 128; fewer where there are few outputs to share out.</summary>
    public static int ForwardRows(int batch, int columnTasks)
    {
        int blocks = Math.Max(Blocks(batch, MaximalRows), Math.Min(Blocks(WantedTasks, columnTasks), Blocks(batch, MinimalRows)));
        return Balanced(batch, blocks, 8);
    }

    /// <summary>Rows of the weights, so inputs, that a task of the data gradient multiplies.</summary>
    public static int DataGradientRows(int inputs) => inputs >= 2048 ? 96 : Balanced(inputs, Blocks(inputs, 64), 16);

    /// <summary>Panels of the batch that a task of the data gradient computes: 8 at most, so 128 rows.</summary>
    public static int DataGradientPanels(int batch)
    {
        int panels = PanelLayout.Panels(batch);
        return Balanced(panels, Blocks(panels, 8), 1);
    }

    /// <summary>How many blocks of <paramref name="block"/> cover <paramref name="size"/>.</summary>
    public static int Blocks(int size, int block) => (size + block - 1) / block;

    private static int Balanced(int size, int blocks, int multiple) => Blocks(Blocks(size, blocks), multiple) * multiple;
}
