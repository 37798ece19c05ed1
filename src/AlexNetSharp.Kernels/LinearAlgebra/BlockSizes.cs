namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>How one matrix product is cut: into tasks by its size alone, within a task into blocks that fit the caches.</summary>
/// <remarks>
/// The depth blocks follow from K alone, so an element of C is the same sum in the same order whatever M and N are: an image's answer
/// does not depend on its batch.
/// </remarks>
internal readonly struct BlockSizes
{
    /// <summary>Rows of a register tile; see <see cref="RegisterTile{TSimd,TVec}"/>.</summary>
    public const int TileRows = 6;

    // 256 deep: a B panel of 16 columns is 16 KB, half of a 32 KB L1 cache, beside 6 KB of A.
    private const int MaximalDepth = 256;

    // 96 rows of A at 256 deep are 98 KB, 128 columns of B 131 KB, C 49 KB: together half of a 512 KB L2 cache.
    private const int MaximalRows = 96;
    private const int MaximalColumns = 128;
    private const int MinimalColumns = 32;
    private const int MinimalRows = 24;

    // Enough to keep a few dozen threads busy evenly; more would only pack the same operands more often.
    private const int WantedTasks = 32;

    // A split of K shorter than this costs more in adding up partial results than it gains in parallelism.
    private const int MinimalSplitDepth = 2048;
    private const int MaximalSplits = 32;

    private BlockSizes(int m, int n, int k, bool splitDepth)
    {
        M = m;
        N = n;
        K = k;
        int rows = Balanced(m, MaximalRows, TileRows);
        int columns = Balanced(n, MaximalColumns, MinimalColumns);
        while (Blocks(m, rows) * Blocks(n, columns) < WantedTasks && columns > MinimalColumns)
            columns = Math.Max(RoundUp(columns / 2, MinimalColumns), MinimalColumns);
        while (Blocks(m, rows) * Blocks(n, columns) < WantedTasks && rows > MinimalRows)
            rows = Math.Max(RoundUp(rows / 2, TileRows), MinimalRows);
        Rows = rows;
        Columns = columns;
        RowBlocks = Blocks(m, rows);
        ColumnBlocks = Blocks(n, columns);
        Splits = splitDepth
            ? Math.Clamp(Math.Min(WantedTasks / (RowBlocks * ColumnBlocks), k / MinimalSplitDepth), 1, MaximalSplits)
            : 1;
        SplitDepth = Blocks(k, Splits);
        Depth = Math.Max(1, Balanced(Math.Max(1, SplitDepth), MaximalDepth, 1));
    }

    public int M { get; }

    public int N { get; }

    public int K { get; }

    /// <summary>Rows of C that a task computes, at most.</summary>
    public int Rows { get; }

    /// <summary>Columns of C that a task computes, at most; a multiple of 32, so of every width's panel.</summary>
    public int Columns { get; }

    /// <summary>How much of K is packed at a time.</summary>
    public int Depth { get; }

    public int RowBlocks { get; }

    public int ColumnBlocks { get; }

    /// <summary>Parts that K is cut into, each summed by tasks of its own into a partial C; 1 for most products.</summary>
    public int Splits { get; }

    /// <summary>K of one part.</summary>
    public int SplitDepth { get; }

    public int Tasks => RowBlocks * ColumnBlocks * Splits;

    /// <summary>Scratch floats one thread needs: packed A, packed B and a block of C, each rounded up to whole tiles.</summary>
    public int FloatsPerThread => PackedA + PackedB + BlockC;

    public int PackedA => RoundUp(Rows, TileRows) * RegisterTile.RowStride;

    public int PackedB => Columns * Depth;

    public int BlockC => RoundUp(Rows, TileRows) * Columns;

    /// <summary>Scratch floats for the partial results of a split K, beside the threads' own.</summary>
    public long PartialFloats => Splits == 1 ? 0 : (long)Splits * M * N;

    /// <summary>Cuts an M x N x K product.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Depth.</param>
    /// <param name="splitDepth">Whether a small C with a long K may be computed as several partial sums (weight gradients).</param>
    public static BlockSizes For(int m, int n, int k, bool splitDepth = false) => new(m, n, k, splitDepth);

    /// <summary>Scratch floats for a whole team.</summary>
    /// <exception cref="ArgumentException">The product is too large to be indexed.</exception>
    public int ScratchLength(int threadCount)
    {
        long floats = ((long)FloatsPerThread * threadCount) + PartialFloats;
        return floats <= int.MaxValue ? (int)floats : throw new ArgumentException($"A {M}x{N}x{K} product needs {floats} floats of scratch memory, more than an array holds.");
    }

    private static int Blocks(int size, int block) => (size + block - 1) / block;

    private static int RoundUp(int size, int multiple) => (size + multiple - 1) / multiple * multiple;

    // The fewest blocks of at most `maximum`, all about equally large.
    private static int Balanced(int size, int maximum, int multiple) => RoundUp(Blocks(size, Blocks(size, maximum)), multiple);
}
