using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Reductions;

/// <summary>Sums over the rows of a matrix: the gradient of a bias.</summary>
/// <remarks>Rows are summed in chunks of a fixed size, and the chunks in order, so that the result does not depend on the threads.</remarks>
public static unsafe class ColumnSums
{
    private const int RowsPerChunk = 256;

    /// <summary>Floats of scratch that <see cref="Compute"/> needs.</summary>
    public static int ScratchLength(int rows, int columns) => checked((rows + RowsPerChunk - 1) / RowsPerChunk * columns);

    /// <summary>sums[c] = Σ input[r, c] over r.</summary>
    /// <param name="input">[rows, columns].</param>
    /// <param name="sums">[columns], overwritten.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats, contents arbitrary.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">The input is not a whole number of rows, or scratch is too short.</exception>
    public static void Compute(ReadOnlySpan<float> input, Span<float> sums, Span<float> scratch, ThreadTeam team)
    {
        int columns = sums.Length;
        if (columns == 0 || input.Length % columns != 0)
            throw new ArgumentException($"{input.Length} elements are no whole number of rows of {columns} columns.", nameof(input));
        int rows = input.Length / columns;
        Check.AtLeast(scratch, ScratchLength(rows, columns), nameof(scratch));
        int chunks = (rows + RowsPerChunk - 1) / RowsPerChunk;
        fixed (float* x = input, y = sums, partial = scratch)
        {
            VectorJob.Run(team, chunks, new ChunkJob(x, partial, rows, columns, RowsPerChunk));
            // The partial sums are a matrix of `chunks` rows: one last chunk adds them up.
            VectorJob.Run(team, 1, new ChunkJob(partial, y, chunks, columns, chunks));
        }
    }

    private readonly struct ChunkJob(float* input, float* sums, int rows, int columns, int rowsPerChunk) : IVectorJob
    {
        private readonly float* _input = input;
        private readonly float* _sums = sums;
        private readonly int _rows = rows;
        private readonly int _columns = columns;
        private readonly int _rowsPerChunk = rowsPerChunk;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int first = task * _rowsPerChunk, end = Math.Min(_rows, first + _rowsPerChunk);
            float* sums = _sums + ((nint)task * _columns);
            for (int c = 0; c < _columns; c += TSimd.Width)
            {
                TVec sum = TSimd.Zero;
                for (int r = first; r < end; r++)
                    sum = TSimd.Add(sum, PartialVector.Load<TSimd, TVec>(_input + ((nint)r * _columns) + c, _columns - c));
                PartialVector.Store<TSimd, TVec>(sum, sums + c, _columns - c);
            }
        }
    }
}
