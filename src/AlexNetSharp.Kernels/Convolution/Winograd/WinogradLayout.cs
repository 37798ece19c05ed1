using AlexNetSharp.Kernels.LinearAlgebra;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>Where everything lies in a Winograd convolution's transformed arrays.</summary>
/// <remarks>
/// <para>
/// Pictures are taken together in chunks, so that a chunk's tiles are enough rows for a product and still fit the caches. A chunk of inputs or
/// of output gradients is 36 panel matrices, one a point: [36][channels / 16][rows + 1][16]. Rows are tiles, in four groups: tiles of (rows x
/// columns) 6x5 products, of 6x6, of 5x6, of 5x5, so that those that have a point are neighbours for every point.
/// </para>
/// <para>
/// The 36 matrices lie an odd number of cache lines apart: with a power of two, the 36 streams that a transform writes would fall into the same
/// sets of the L1 cache.
/// </para>
/// </remarks>
internal readonly struct WinogradLayout
{
    /// <summary>Points of a tile of six by six products.</summary>
    public const int Points = WinogradArithmetic.Points * WinogradArithmetic.Points;

    private const int Line = PanelLayout.Columns;

    // Each column of the filters that is read is used 64 times; 64 rows of 256 channels are 64 KB, which a core's own caches hold.
    private const int WantedRows = 64;

    // 1 MB for what one loop writes and the next reads. Measured within a training step, whose other layers empty the caches in between:
    // groups of 8 MB take half as long again, as all that they write must first be fetched.
    private const long WantedGroup = 1 << 18;

    // Fewer chunks at a time would leave too few tasks between two meetings of the threads.
    private const int LeastGroup = 2;

    // Enough for every thread of a large machine to have something to do.
    private const int WantedTasks = 64;

    public WinogradLayout(in ConvolutionGeometry geometry)
    {
        Rows = WinogradTiling.For(geometry.OutputHeight, geometry.KernelHeight);
        Columns = WinogradTiling.For(geometry.OutputWidth, geometry.KernelWidth);
        Batch = geometry.Batch;
        TilesPerPicture = Rows.Tiles * Columns.Tiles;
        PicturesPerChunk = Math.Clamp(WantedRows / TilesPerPicture, 1, Batch);
        Chunks = (Batch + PicturesPerChunk - 1) / PicturesPerChunk;
        RowsPerChunk = PicturesPerChunk * TilesPerPicture;
        InputPanels = PanelLayout.Panels(geometry.InputChannels);
        OutputPanels = PanelLayout.Panels(geometry.OutputChannels);
        InputPanelsPerTask = PanelsPerTask(InputPanels, Chunks);
        OutputPanelsPerTask = PanelsPerTask(OutputPanels, Chunks);
    }

    public WinogradTiling Rows { get; }

    public WinogradTiling Columns { get; }

    public int Batch { get; }

    public int TilesPerPicture { get; }

    public int PicturesPerChunk { get; }

    public int Chunks { get; }

    public int RowsPerChunk { get; }

    public int InputPanels { get; }

    public int OutputPanels { get; }

    /// <summary>Panels of input channels whose gradients one task computes.</summary>
    public int InputPanelsPerTask { get; }

    /// <summary>Panels of output channels that one task computes.</summary>
    public int OutputPanelsPerTask { get; }

    /// <summary>Floats between two panels of a chunk.</summary>
    public nint PanelStride => PanelLayout.Stride(RowsPerChunk);

    /// <summary>Floats between two points of a chunk of <paramref name="panels"/> panels.</summary>
    public nint PointStride(int panels) => OddLines(panels * PanelStride);

    /// <summary>Floats of a chunk of <paramref name="panels"/> panels.</summary>
    public long ChunkLength(int panels) => (long)PointStride(panels) * Points;

    /// <summary>Floats between two points of the transformed filters, with the input channels as rows.</summary>
    public nint FilterPointStride => OddLines((nint)PanelLayout.Length(InputPanels * Line, OutputPanels * Line));

    /// <summary>The same with the output channels as rows.</summary>
    public nint TransposedPointStride => OddLines((nint)PanelLayout.Length(OutputPanels * Line, InputPanels * Line));

    /// <summary>How many chunks of <paramref name="panels"/> panels, of all arrays together, are worked on before the next are begun.</summary>
    public int ChunksPerGroup(int panels) => (int)Math.Clamp(WantedGroup / ChunkLength(panels), Math.Min(Chunks, LeastGroup), Chunks);

    /// <summary>Pictures in a chunk: fewer in the last.</summary>
    public int PicturesIn(int chunk) => Math.Min(PicturesPerChunk, Batch - (chunk * PicturesPerChunk));

    /// <summary>Pictures in <paramref name="chunks"/> chunks from <paramref name="firstChunk"/> on.</summary>
    public int PicturesFrom(int firstChunk, int chunks) => Math.Min(chunks * PicturesPerChunk, Batch - (firstChunk * PicturesPerChunk));

    /// <summary>The row of a tile in its chunk.</summary>
    /// <param name="picture">The picture's number within its chunk.</param>
    /// <param name="pictures">Pictures in the chunk.</param>
    /// <param name="tileRow">The tile's row in its picture.</param>
    /// <param name="tileColumn">The tile's column in its picture.</param>
    public int Row(int picture, int pictures, int tileRow, int tileColumn)
    {
        int largeRows = Rows.LargeTiles, smallRows = Rows.SmallTiles, largeColumns = Columns.LargeTiles, smallColumns = Columns.SmallTiles;
        bool isLargeRow = tileRow < largeRows, isLargeColumn = tileColumn < largeColumns;
        int y = isLargeRow ? tileRow : tileRow - largeRows, x = isLargeColumn ? tileColumn : tileColumn - largeColumns;
        return (isLargeRow, isLargeColumn) switch
        {
            (true, false) => (((picture * largeRows) + y) * smallColumns) + x,
            (true, true) => (pictures * largeRows * smallColumns) + (((picture * largeRows) + y) * largeColumns) + x,
            (false, true) => (pictures * largeRows * Columns.Tiles) + (((picture * smallRows) + y) * largeColumns) + x,
            _ => (pictures * ((largeRows * Columns.Tiles) + (smallRows * largeColumns))) + (((picture * smallRows) + y) * smallColumns) + x,
        };
    }

    /// <summary>The rows of a chunk that have point <paramref name="point"/>.</summary>
    public (int First, int Count) RowsWith(int point, int pictures)
    {
        (int a, int b) = Math.DivRem(point, WinogradArithmetic.Points);
        int largeBySmall = pictures * Rows.LargeTiles * Columns.SmallTiles, largeByLarge = pictures * Rows.LargeTiles * Columns.LargeTiles;
        return (a == WinogradArithmetic.MinusTwo, b == WinogradArithmetic.MinusTwo) switch
        {
            (false, false) => (0, pictures * TilesPerPicture),
            (true, false) => (0, largeBySmall + largeByLarge),
            (false, true) => (largeBySmall, pictures * Rows.Tiles * Columns.LargeTiles),
            _ => (largeBySmall, largeByLarge),
        };
    }

    // Two panels at a time are a 512-bit tile; more share what is read of the other operand, as far as there are tasks enough.
    private static int PanelsPerTask(int panels, int chunks)
    {
        int wanted = panels;
        while (wanted > 2 && chunks * ((panels + wanted - 1) / wanted) < WantedTasks)
            wanted = (wanted / 2) + (wanted / 2 % 2);
        return Math.Min(wanted, 4);
    }

    private static nint OddLines(nint floats) => ((floats / Line) | 1) * Line;
}
