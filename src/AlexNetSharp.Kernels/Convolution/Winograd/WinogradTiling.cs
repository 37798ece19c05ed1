namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>How one dimension of the output is cut into tiles of six products and of five.</summary>
/// <remarks>
/// The fewest products win: 14 outputs are two tiles of four and two of three (22 products) rather than four of four (24), 13 one of four and
/// three of three (21 against 24). The larger tiles come first.
/// </remarks>
internal readonly struct WinogradTiling
{
    private readonly int _large;
    private readonly int _small;

    private WinogradTiling(int size, int large, int small)
    {
        _large = large;
        _small = small;
        LargeTiles = (size + large - 1) / large;
        SmallTiles = 0;
        if (small == 0)
            return;
        int fewest = int.MaxValue;
        for (int count = LargeTiles, best = count; count >= 0; count--)
        {
            int rest = Math.Max(0, ((size - (count * large)) + small - 1) / small);
            int products = (6 * count) + (5 * rest);
            if (products >= fewest)
                continue;
            fewest = products;
            best = count;
            LargeTiles = best;
            SmallTiles = rest;
        }
    }

    /// <summary>Tiles of six products.</summary>
    public int LargeTiles { get; }

    /// <summary>Tiles of five products.</summary>
    public int SmallTiles { get; }

    public int Tiles => LargeTiles + SmallTiles;

    /// <summary>Positions that the tiles cover: at least the output's.</summary>
    public int Extent => (LargeTiles * _large) + (SmallTiles * _small);

    /// <summary>Cuts <paramref name="size"/> outputs of a filter of <paramref name="taps"/> taps, 3 or 5.</summary>
    public static WinogradTiling For(int size, int taps) => taps == 3 ? new(size, 4, 3) : new(size, 2, 0);

    /// <summary>The first output of a tile.</summary>
    public int Offset(int tile) => tile < LargeTiles ? tile * _large : (LargeTiles * _large) + ((tile - LargeTiles) * _small);
}
