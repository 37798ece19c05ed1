using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>What happens to an element of a product once its sum is complete.</summary>
/// <param name="bias">[N], added to every row; null for none.</param>
/// <param name="activation">Applied after the bias.</param>
internal readonly unsafe struct Epilogue(float* bias, ActivationKind activation)
{
    public readonly float* Bias = bias;
    public readonly ActivationKind Activation = activation;
}

/// <summary>C = A · B for operands that know how to pack themselves: matrices, pictures seen as matrices, weights.</summary>
/// <remarks>
/// A task owns a block of C. It walks K in depth blocks, packs that part of its rows of A and columns of B, multiplies them tile by tile
/// into a block of C that stays in cache, and last writes the block out through the epilogue (Goto and van de Geijn 2008, with the
/// packing inside the task, so that no task waits for another).
/// </remarks>
internal static unsafe class BlockedProduct
{
    /// <summary>Runs the product.</summary>
    /// <param name="sizes">The cut; with splits, partial sums are added up in order of their place in K.</param>
    /// <param name="left">A.</param>
    /// <param name="right">B.</param>
    /// <param name="result">C; overwritten.</param>
    /// <param name="epilogue">Bias and activation.</param>
    /// <param name="scratch">At least <see cref="BlockSizes.ScratchLength"/> floats for this team.</param>
    /// <param name="team">The threads.</param>
    public static void Run<TOrder, TLeft, TRight, TResult>(
        in BlockSizes sizes, TLeft left, TRight right, TResult result, Epilogue epilogue, float* scratch, ThreadTeam team)
        where TOrder : unmanaged, IPackedOrder
        where TLeft : unmanaged, ILeftOperand<TOrder>
        where TRight : unmanaged, IRightOperand
        where TResult : unmanaged, IResultRows
    {
        if (sizes.Splits == 1)
        {
            VectorJob.Run(team, sizes.Tasks, new Job<TOrder, TLeft, TRight, TResult>(sizes, left, right, result, epilogue, scratch));
            return;
        }
        float* partial = scratch + ((long)sizes.FloatsPerThread * team.ThreadCount);
        VectorJob.Run(team, sizes.Tasks, new Job<TOrder, TLeft, TRight, RowMajorResult>(
            sizes, left, right, new RowMajorResult(partial, sizes.N), default, scratch));
        VectorJob.Run(team, sizes.M, new AddPartials<TResult>(sizes, partial, result, epilogue));
    }

    private struct Job<TOrder, TLeft, TRight, TResult>(
        BlockSizes sizes, TLeft left, TRight right, TResult result, Epilogue epilogue, float* scratch) : IVectorJob
        where TOrder : unmanaged, IPackedOrder
        where TLeft : unmanaged, ILeftOperand<TOrder>
        where TRight : unmanaged, IRightOperand
        where TResult : unmanaged, IResultRows
    {
        private readonly BlockSizes _sizes = sizes;
        private TLeft _left = left;
        private TRight _right = right;
        private TResult _result = result;
        private readonly Epilogue _epilogue = epilogue;
        private readonly float* _scratch = scratch;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            const int TileRows = BlockSizes.TileRows;
            int split = task / (_sizes.RowBlocks * _sizes.ColumnBlocks);
            int block = task - (split * _sizes.RowBlocks * _sizes.ColumnBlocks);
            // Neighbouring tasks share the columns of B, which is the larger operand to pack in a convolution's weight gradient.
            int row = block / _sizes.ColumnBlocks * _sizes.Rows;
            int column = block % _sizes.ColumnBlocks * _sizes.Columns;
            int rows = Math.Min(_sizes.Rows, _sizes.M - row);
            int columns = Math.Min(_sizes.Columns, _sizes.N - column);
            int start = split * _sizes.SplitDepth;
            int end = Math.Min(_sizes.K, start + _sizes.SplitDepth);

            // In bounds: FloatsPerThread is the sum of the three blocks, each rounded up to whole slivers and panels.
            float* a = _scratch + ((long)_sizes.FloatsPerThread * worker);
            float* b = a + _sizes.PackedA;
            float* c = b + _sizes.PackedB;
            int panel = RegisterTile<TSimd, TVec>.Columns;
            int slivers = (rows + TileRows - 1) / TileRows;
            int panels = (columns + panel - 1) / panel;
            if (start >= end)
                new Span<float>(c, slivers * TileRows * panels * panel).Clear();
            for (int k = start; k < end; k += _sizes.Depth)
            {
                int depth = Math.Min(_sizes.Depth, end - k);
                _left.Pack(row, rows, k, depth, a);
                _right.Pack<TSimd, TVec>(k, depth, column, columns, b);
                for (int j = 0; j < panels; j++)
                {
                    float* tile = c + ((nint)j * slivers * TileRows * panel);
                    for (int i = 0; i < slivers; i++, tile += TileRows * panel)
                        RegisterTile<TSimd, TVec>.Multiply<TOrder>(depth, a + (i * TileRows * RegisterTile.RowStride), b + ((nint)j * depth * panel), tile, k > start);
                }
            }
            for (int r = 0; r < rows; r++)
            {
                float* target = _result.Row((split * _sizes.M) + row + r) + column;
                float* source = c + (r * panel);
                for (int j = 0; j < columns; j += panel, source += (nint)slivers * TileRows * panel)
                    WriteRow<TSimd, TVec>(source, target + j, Math.Min(panel, columns - j), _epilogue, column + j);
            }
        }
    }

    private struct AddPartials<TResult>(BlockSizes sizes, float* partial, TResult result, Epilogue epilogue) : IVectorJob
        where TResult : unmanaged, IResultRows
    {
        private readonly BlockSizes _sizes = sizes;
        private readonly float* _partial = partial;
        private TResult _result = result;
        private readonly Epilogue _epilogue = epilogue;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            float* sum = _partial + ((nint)task * _sizes.N);
            for (int s = 1; s < _sizes.Splits; s++)
            {
                float* next = sum + ((nint)s * _sizes.M * _sizes.N);
                for (int j = 0; j < _sizes.N; j++)
                    sum[j] += next[j];
            }
            float* target = _result.Row(task);
            int panel = RegisterTile<TSimd, TVec>.Columns;
            int whole = _sizes.N / panel * panel;
            for (int j = 0; j < whole; j += panel)
                WriteRow<TSimd, TVec>(sum + j, target + j, panel, _epilogue, j);
            if (whole < _sizes.N)
            {
                float* last = stackalloc float[panel];
                new Span<float>(sum + whole, _sizes.N - whole).CopyTo(new Span<float>(last, panel));
                WriteRow<TSimd, TVec>(last, target + whole, _sizes.N - whole, _epilogue, whole);
            }
        }
    }

    // `source` is a whole panel row in scratch; `count` floats of it are wanted. The vector arithmetic runs on whole vectors either way,
    // so an element's bits do not depend on where in a row it stands.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteRow<TSimd, TVec>(float* source, float* target, int count, in Epilogue epilogue, int column)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        for (int j = 0; j < count; j += TSimd.Width)
        {
            TVec v = TSimd.Load(source + j);
            int inside = Math.Min(TSimd.Width, count - j);
            if (epilogue.Bias != null)
                v = TSimd.Add(v, PartialVector.Load<TSimd, TVec>(epilogue.Bias + column + j, inside));
            v = ActivationFunctions.Apply<TSimd, TVec>(epilogue.Activation, v);
            PartialVector.Store<TSimd, TVec>(v, target + j, inside);
        }
    }
}
