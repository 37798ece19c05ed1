using AlexNetSharp.Kernels.Convolution.Winograd;

namespace AlexNetSharp.Kernels.Tests.Convolution.Winograd;

public sealed class WinogradTilingTests
{
    private const int LargestSize = 64;

    [Fact]
    public void For_EverySizeOfThreeTaps_TakesTheFewestProducts()
    {
        for (int size = 1; size <= LargestSize; size++)
        {
            int fewest = int.MaxValue;
            for (int large = 0; large <= size; large++)
            {
                for (int small = 0; small <= size; small++)
                {
                    if ((4 * large) + (3 * small) >= size)
                        fewest = Math.Min(fewest, (6 * large) + (5 * small));
                }
            }
            WinogradTiling tiling = WinogradTiling.For(size, 3);
            Assert.Equal(fewest, (6 * tiling.LargeTiles) + (5 * tiling.SmallTiles));
        }
    }

    [Theory]
    [InlineData(3, 4, 3)]
    [InlineData(5, 2, 0)]
    public void For_EverySize_CoversEachOutputOnceWithoutAnEmptyTile(int taps, int large, int small)
    {
        for (int size = 1; size <= LargestSize; size++)
        {
            WinogradTiling tiling = WinogradTiling.For(size, taps);
            Assert.Equal(tiling.LargeTiles + tiling.SmallTiles, tiling.Tiles);
            int end = 0;
            for (int tile = 0; tile < tiling.Tiles; tile++)
            {
                Assert.Equal(end, tiling.Offset(tile));
                Assert.True(end < size, $"Tile {tile} of {size} outputs begins at {end}.");
                end += tile < tiling.LargeTiles ? large : small;
            }
            Assert.Equal(end, tiling.Extent);
            Assert.True(end >= size, $"{size} outputs are covered up to {end}.");
        }
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(4, 1, 0)]
    [InlineData(5, 0, 2)]
    [InlineData(7, 1, 1)]
    [InlineData(13, 1, 3)]
    [InlineData(14, 2, 2)]
    [InlineData(28, 7, 0)]
    public void For_SizesOfKnownNetworks_MixesTiles(int size, int large, int small)
    {
        WinogradTiling tiling = WinogradTiling.For(size, 3);
        Assert.Equal((large, small), (tiling.LargeTiles, tiling.SmallTiles));
    }
}
