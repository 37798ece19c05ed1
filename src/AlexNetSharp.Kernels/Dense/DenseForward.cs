using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Dense;

/// <summary>The forward pass of a dense layer.</summary>
/// <remarks>An output is one chain of multiply-adds over the inputs in order, on every path: a row's bits do not depend on its batch.</remarks>
internal static unsafe class DenseForward
{
    private const int Line = PanelLayout.Columns;

    // Vectors of sums that the matrix-vector product keeps in registers: two multiply-adds a cycle, each four cycles long.
    private const int Sums = 8;

    // Panels of a matrix-vector task: one pass of eight vectors at 512 bits, two at 256, four at 128.
    private const int VectorPanels = 8;

    public static int ScratchPerThread(in DenseGeometry geometry) => geometry.Batch == 1 ? 0 : new Cut(geometry).BlockLength;

    public static void Run(
        float* packedInput, float* weights, float* bias, float* output, in DenseGeometry geometry, ActivationKind activation, float* scratch, ThreadTeam team)
    {
        Epilogue epilogue = new(bias, activation);
        if (geometry.Batch == 1)
        {
            VectorJob.Run(team, DenseCut.Blocks(PanelLayout.Panels(geometry.Outputs), VectorPanels), new RowJob(packedInput, weights, output, geometry, epilogue));
            return;
        }
        Cut cut = new(geometry);
        VectorJob.Run(team, cut.RowBlocks * cut.ColumnBlocks, new BlockJob(packedInput, weights, output, geometry, epilogue, cut, scratch));
    }

    private readonly struct Cut
    {
        public Cut(in DenseGeometry geometry)
        {
            Panels = DenseCut.ForwardPanels(geometry.Outputs);
            ColumnBlocks = DenseCut.Blocks(PanelLayout.Panels(geometry.Outputs), Panels);
            Rows = DenseCut.ForwardRows(geometry.Batch, ColumnBlocks);
            RowBlocks = DenseCut.Blocks(geometry.Batch, Rows);
        }

        public int Panels { get; }

        public int Rows { get; }

        public int ColumnBlocks { get; }

        public int RowBlocks { get; }

        public int BlockLength => (int)PanelLayout.Length(Rows, Panels * Line);
    }

    private readonly struct BlockJob(
        float* input, float* weights, float* output, DenseGeometry geometry, Epilogue epilogue, Cut cut, float* scratch) : IVectorJob
    {
        private readonly float* _input = input;
        private readonly float* _weights = weights;
        private readonly float* _output = output;
        private readonly DenseGeometry _geometry = geometry;
        private readonly Epilogue _epilogue = epilogue;
        private readonly Cut _cut = cut;
        private readonly float* _scratch = scratch;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            // Neighbouring tasks share the weights, the larger operand.
            int firstPanel = task / _cut.RowBlocks * _cut.Panels, firstRow = task % _cut.RowBlocks * _cut.Rows;
            int panels = Math.Min(_cut.Panels, PanelLayout.Panels(_geometry.Outputs) - firstPanel);
            int rows = Math.Min(_cut.Rows, _geometry.Batch - firstRow);
            nint aStride = PanelLayout.Stride(_geometry.Batch), bStride = PanelLayout.Stride(PanelLayout.RoundUp(_geometry.Inputs));
            nint cStride = PanelLayout.Stride(rows);
            float* a = _input + ((nint)firstRow * Line);
            float* b = _weights + (firstPanel * bStride);
            float* c = _scratch + ((nint)worker * _cut.BlockLength);
            int rowStep = DenseCut.RowStep<TSimd, TVec>();
            int depthPanels = PanelLayout.Panels(_geometry.Inputs);
            for (int k = 0; k < depthPanels; k += DenseCut.DepthPanels)
            {
                int depth = Math.Min(DenseCut.DepthPanels, depthPanels - k);
                for (int p = 0; p < panels; p += 2)
                {
                    float* w = b + (p * bStride) + ((nint)k * Line * Line);
                    // While the rows pass, the next two panels of weights are asked for, a share at each step.
                    bool last = p + 2 >= panels;
                    int nextDepth = last ? Math.Min(DenseCut.DepthPanels, depthPanels - k - depth) : depth;
                    float* next = last ? b + ((nint)(k + depth) * Line * Line) : w + (2 * bStride);
                    int lines = nextDepth * Line, steps = DenseCut.Blocks(rows, rowStep), share = DenseCut.Blocks(lines, steps);
                    for (int r = 0; r < rows; r += rowStep, next += share * Line, lines -= share)
                    {
                        Prefetch.Lines(next, Math.Min(share, lines));
                        Prefetch.Lines(next + bStride, Math.Min(share, lines));
                        PanelProduct<TSimd, TVec>.Multiply(
                            Math.Min(rowStep, rows - r), depth, a + (k * aStride) + (r * Line), aStride, Math.Min(2, panels - p), w, bStride,
                            c + (p * cStride) + (r * Line), cStride, accumulate: k > 0);
                    }
                }
            }
            for (int r = 0; r < rows; r++)
            {
                float* target = _output + ((nint)(firstRow + r) * _geometry.Outputs);
                for (int p = 0; p < panels; p++)
                    Finish<TSimd, TVec>(c + (p * cStride) + (r * Line), target, (firstPanel + p) * Line, Line, _geometry.Outputs, _epilogue);
            }
        }
    }

    private readonly struct RowJob(float* input, float* weights, float* output, DenseGeometry geometry, Epilogue epilogue) : IVectorJob
    {
        private readonly float* _input = input;
        private readonly float* _weights = weights;
        private readonly float* _output = output;
        private readonly DenseGeometry _geometry = geometry;
        private readonly Epilogue _epilogue = epilogue;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int columns = Sums * TSimd.Width;
            float* sums = stackalloc float[columns];
            int end = Math.Min(_geometry.Outputs, (task + 1) * VectorPanels * Line);
            for (int column = task * VectorPanels * Line; column < end; column += columns)
            {
                MultiplyRow<TSimd, TVec>(column, sums);
                Finish<TSimd, TVec>(sums, _output, column, columns, _geometry.Outputs, _epilogue);
            }
        }

        // Eight vectors of columns at once: as many chains of multiply-adds, and streams of memory.
        private void MultiplyRow<TSimd, TVec>(int column, float* sums)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            TVec s0 = TSimd.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            float* w0 = Stream<TSimd, TVec>(column, 0), w1 = Stream<TSimd, TVec>(column, 1);
            float* w2 = Stream<TSimd, TVec>(column, 2), w3 = Stream<TSimd, TVec>(column, 3);
            float* w4 = Stream<TSimd, TVec>(column, 4), w5 = Stream<TSimd, TVec>(column, 5);
            float* w6 = Stream<TSimd, TVec>(column, 6), w7 = Stream<TSimd, TVec>(column, 7);
            nint row = 0;
            float* x = _input;
            for (int panel = PanelLayout.Panels(_geometry.Inputs); panel > 0; panel--, x += PanelLayout.Stride(1))
            {
                for (int k = 0; k < Line; k++, row += Line)
                {
                    TVec v = TSimd.Broadcast(x[k]);
                    s0 = TSimd.MultiplyAdd(v, TSimd.Load(w0 + row), s0);
                    s1 = TSimd.MultiplyAdd(v, TSimd.Load(w1 + row), s1);
                    s2 = TSimd.MultiplyAdd(v, TSimd.Load(w2 + row), s2);
                    s3 = TSimd.MultiplyAdd(v, TSimd.Load(w3 + row), s3);
                    s4 = TSimd.MultiplyAdd(v, TSimd.Load(w4 + row), s4);
                    s5 = TSimd.MultiplyAdd(v, TSimd.Load(w5 + row), s5);
                    s6 = TSimd.MultiplyAdd(v, TSimd.Load(w6 + row), s6);
                    s7 = TSimd.MultiplyAdd(v, TSimd.Load(w7 + row), s7);
                }
            }
            TSimd.Store(s0, sums);
            TSimd.Store(s1, sums + TSimd.Width);
            TSimd.Store(s2, sums + (2 * TSimd.Width));
            TSimd.Store(s3, sums + (3 * TSimd.Width));
            TSimd.Store(s4, sums + (4 * TSimd.Width));
            TSimd.Store(s5, sums + (5 * TSimd.Width));
            TSimd.Store(s6, sums + (6 * TSimd.Width));
            TSimd.Store(s7, sums + (7 * TSimd.Width));
        }

        // Vectors past the last panel read the last panel again; their sums are not used.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private float* Stream<TSimd, TVec>(int column, int vector)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            column += vector * TSimd.Width;
            int panel = Math.Min(column / Line, PanelLayout.Panels(_geometry.Outputs) - 1);
            return _weights + (panel * PanelLayout.Stride(PanelLayout.RoundUp(_geometry.Inputs))) + (column % Line);
        }
    }

    // Bias, activation, and out: whole vectors are computed, those of the row's columns stored.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TSimd, TVec>(float* sums, float* row, int column, int columns, int outputs, in Epilogue epilogue)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int end = Math.Min(column + columns, outputs);
        for (; column < end; column += TSimd.Width, sums += TSimd.Width)
        {
            TVec v = TSimd.Load(sums);
            int inside = outputs - column;
            if (epilogue.Bias != null)
                v = TSimd.Add(v, PartialVector.Load<TSimd, TVec>(epilogue.Bias + column, inside));
            PartialVector.Store<TSimd, TVec>(ActivationFunctions.Apply<TSimd, TVec>(epilogue.Activation, v), row + column, inside);
        }
    }
}
