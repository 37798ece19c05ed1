using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Dense;

/// <summary>A row-major matrix copied into panels by a team.</summary>
internal static unsafe class PanelCopy
{
    // A task's rows and columns: long enough runs of both, few enough for all threads to have some.
    private const int RowsPerTask = 64;
    private const int ColumnsPerTask = 8 * PanelLayout.Columns;

    public static void Run(float* source, float* panels, int rows, int columns, ThreadTeam team) =>
        VectorJob.Run(team, DenseCut.Blocks(rows, RowsPerTask) * DenseCut.Blocks(columns, ColumnsPerTask), new Job(source, panels, rows, columns));

    private readonly struct Job(float* source, float* panels, int rows, int columns) : IVectorJob
    {
        private readonly float* _source = source;
        private readonly float* _panels = panels;
        private readonly int _rows = rows;
        private readonly int _columns = columns;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int parts = DenseCut.Blocks(_columns, ColumnsPerTask);
            int row = task / parts * RowsPerTask, column = task % parts * ColumnsPerTask;
            nint stride = PanelLayout.Stride(_rows);
            PanelPacking<TSimd, TVec>.Pack(
                _source + ((nint)row * _columns) + column, _columns, Math.Min(RowsPerTask, _rows - row), Math.Min(ColumnsPerTask, _columns - column),
                _panels + (column / PanelLayout.Columns * stride) + ((nint)row * PanelLayout.Columns), stride);
        }
    }
}
