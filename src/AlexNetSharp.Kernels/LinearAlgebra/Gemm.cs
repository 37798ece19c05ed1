using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>General matrix product: C = op(A) · op(B), with an optional bias and activation on its way out.</summary>
/// <remarks>Sums run along K in an order that depends on K alone. The operands must not overlap C.</remarks>
public static unsafe class Gemm
{
    /// <summary>Floats of scratch that <see cref="Multiply"/> needs.</summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="threadCount">The team's threads.</param>
    /// <exception cref="ArgumentException">A size is below one, or the product is too large.</exception>
    public static int ScratchLength(in GemmGeometry geometry, int threadCount)
    {
        Validate(geometry);
        return BlockSizes.For(geometry.M, geometry.N, geometry.K).ScratchLength(threadCount);
    }

    /// <summary>c = activation(op(a) · op(b) + bias).</summary>
    /// <param name="a">[M, K], or [K, M] with <see cref="GemmGeometry.TransposeA"/>.</param>
    /// <param name="b">[K, N], or [N, K] with <see cref="GemmGeometry.TransposeB"/>.</param>
    /// <param name="bias">[N], added to every row; empty for none.</param>
    /// <param name="c">[M, N], overwritten.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="activation">Applied to the finished sums.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or a size is below one.</exception>
    public static void Multiply(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> bias, Span<float> c,
        in GemmGeometry geometry, ActivationKind activation, Span<float> scratch, ThreadTeam team)
    {
        Validate(geometry);
        (int m, int n, int k) = (geometry.M, geometry.N, geometry.K);
        Check.Length(a, (long)m * k, nameof(a));
        Check.Length(b, (long)k * n, nameof(b));
        Check.Length(c, (long)m * n, nameof(c));
        if (!bias.IsEmpty)
            Check.Length(bias, n, nameof(bias));
        BlockSizes sizes = BlockSizes.For(m, n, k);
        Check.AtLeast(scratch, sizes.ScratchLength(team.ThreadCount), nameof(scratch));
        fixed (float* pa = a, pb = b, pBias = bias, pc = c, pScratch = scratch)
        {
            Epilogue epilogue = new(pBias, activation);
            RowMajorResult result = new(pc, n);
            switch (geometry.TransposeA, geometry.TransposeB)
            {
                case (false, false):
                    BlockedProduct.Run<RowOrder, RowMajorLeft, RowMajorRight, RowMajorResult>(sizes, new(pa, k), new(pb, n), result, epilogue, pScratch, team);
                    break;
                case (false, true):
                    BlockedProduct.Run<RowOrder, RowMajorLeft, ColumnMajorRight, RowMajorResult>(sizes, new(pa, k), new(pb, k), result, epilogue, pScratch, team);
                    break;
                case (true, false):
                    BlockedProduct.Run<DepthOrder, ColumnMajorLeft, RowMajorRight, RowMajorResult>(sizes, new(pa, m), new(pb, n), result, epilogue, pScratch, team);
                    break;
                default:
                    BlockedProduct.Run<DepthOrder, ColumnMajorLeft, ColumnMajorRight, RowMajorResult>(sizes, new(pa, m), new(pb, k), result, epilogue, pScratch, team);
                    break;
            }
        }
    }

    private static void Validate(in GemmGeometry geometry)
    {
        if (geometry.M < 1 || geometry.N < 1 || geometry.K < 1)
            throw new ArgumentException($"A product of M={geometry.M}, N={geometry.N}, K={geometry.K}: each size must be at least 1.", nameof(geometry));
    }
}
