using AlexNetSharp.Kernels.LinearAlgebra;

namespace AlexNetSharp.Kernels.Tests.LinearAlgebra;

public sealed class BlockSizesTests
{
    private static readonly int[] Sizes = [1, 5, 6, 7, 23, 24, 25, 95, 96, 97, 128, 129, 500, 5000];

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(6145)]
    [InlineData(100_003)]
    public void For_AnySize_CoversTheProductWithoutAnEmptyPart(int k)
    {
        foreach (int m in Sizes)
        {
            foreach (int n in Sizes)
            {
                BlockSizes sizes = BlockSizes.For(m, n, k, splitDepth: true);
                Assert.True(sizes.RowBlocks * sizes.Rows >= m && (sizes.RowBlocks - 1) * sizes.Rows < m, $"rows of {m}x{n}x{k}");
                Assert.True(sizes.ColumnBlocks * sizes.Columns >= n && (sizes.ColumnBlocks - 1) * sizes.Columns < n, $"columns of {m}x{n}x{k}");
                Assert.True(sizes.Splits * (long)sizes.SplitDepth >= k && (sizes.Splits - 1L) * sizes.SplitDepth < k, $"splits of {m}x{n}x{k}");
                Assert.InRange(sizes.Depth, 1, 256);
                Assert.Equal(0, sizes.Columns % 32);
            }
        }
    }

    [Fact]
    public void For_SameDepthWithoutSplits_CutsItAlikeWhateverTheRows()
    {
        foreach (int k in (ReadOnlySpan<int>)[1, 255, 256, 257, 600, 9216])
        {
            int expected = BlockSizes.For(1, 1, k).Depth;
            foreach (int m in Sizes)
            {
                Assert.Equal(expected, BlockSizes.For(m, 77, k).Depth);
                Assert.Equal(1, BlockSizes.For(m, 77, k).Splits);
            }
        }
    }
}
