using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Dense;

/// <summary>∂L/∂input of a dense layer: its transpose, inputs x batch, is weights · dOutputᵀ, with the weights read where they lie.</summary>
internal static unsafe class DenseDataGradient
{
    private const int Line = PanelLayout.Columns;

    // Outputs whose gradients a task transposes.
    private const int TransposedOutputs = 256;

    public static int ScratchPerThread(in DenseGeometry geometry) => new Cut(geometry).BlockLength;

    /// <summary>Floats of dOutputᵀ in panels: [batch / 16][outputs, rounded up, and one line][16].</summary>
    public static long SharedScratch(in DenseGeometry geometry) => PanelLayout.Length(PanelLayout.RoundUp(geometry.Outputs), geometry.Batch);

    public static void Run(float* dOutput, float* weights, float* dInput, in DenseGeometry geometry, float* scratch, ThreadTeam team)
    {
        Cut cut = new(geometry);
        float* transposed = scratch;
        int transpositions = PanelLayout.Panels(geometry.Batch) * DenseCut.Blocks(geometry.Outputs, TransposedOutputs);
        VectorJob.Run(team, transpositions, new TransposeJob(dOutput, transposed, geometry));
        VectorJob.Run(team, cut.RowBlocks * cut.ColumnBlocks, new BlockJob(weights, transposed, dInput, geometry, cut, scratch + SharedScratch(geometry)));
    }

    private readonly struct Cut
    {
        public Cut(in DenseGeometry geometry)
        {
            Rows = DenseCut.DataGradientRows(geometry.Inputs);
            RowBlocks = DenseCut.Blocks(geometry.Inputs, Rows);
            Panels = DenseCut.DataGradientPanels(geometry.Batch);
            ColumnBlocks = DenseCut.Blocks(PanelLayout.Panels(geometry.Batch), Panels);
        }

        public int Rows { get; }

        public int Panels { get; }

        public int RowBlocks { get; }

        public int ColumnBlocks { get; }

        public int BlockLength => (int)PanelLayout.Length(Rows, Panels * Line);
    }

    private readonly struct TransposeJob(float* dOutput, float* transposed, DenseGeometry geometry) : IVectorJob
    {
        private readonly float* _dOutput = dOutput;
        private readonly float* _transposed = transposed;
        private readonly DenseGeometry _geometry = geometry;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int parts = DenseCut.Blocks(_geometry.Outputs, TransposedOutputs), panel = task / parts, first = task % parts * TransposedOutputs;
            int rows = Math.Min(Line, _geometry.Batch - (panel * Line)), columns = Math.Min(TransposedOutputs, _geometry.Outputs - first);
            float* target = _transposed + (panel * PanelLayout.Stride(PanelLayout.RoundUp(_geometry.Outputs))) + ((nint)first * Line);
            // Rows of the panel beyond the outputs, and columns beyond the batch, are zero.
            int lines = PanelLayout.RoundUp(columns);
            if (rows < Line)
                new Span<float>(target, lines * Line).Clear();
            else
                new Span<float>(target + (columns * Line), (lines - columns) * Line).Clear();
            Transposition.Transpose(_dOutput + ((nint)panel * Line * _geometry.Outputs) + first, _geometry.Outputs, target, Line, rows, columns);
        }
    }

    private readonly struct BlockJob(float* weights, float* transposed, float* dInput, DenseGeometry geometry, Cut cut, float* scratch) : IVectorJob
    {
        private readonly float* _weights = weights;
        private readonly float* _transposed = transposed;
        private readonly float* _dInput = dInput;
        private readonly DenseGeometry _geometry = geometry;
        private readonly Cut _cut = cut;
        private readonly float* _scratch = scratch;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            // Neighbouring tasks share the weights, the larger operand.
            int firstRow = task / _cut.ColumnBlocks * _cut.Rows, firstPanel = task % _cut.ColumnBlocks * _cut.Panels;
            int rows = Math.Min(_cut.Rows, _geometry.Inputs - firstRow);
            int panels = Math.Min(_cut.Panels, PanelLayout.Panels(_geometry.Batch) - firstPanel);
            nint aStride = PanelLayout.Stride(PanelLayout.RoundUp(_geometry.Inputs));
            nint bStride = PanelLayout.Stride(PanelLayout.RoundUp(_geometry.Outputs)), cStride = PanelLayout.Stride(rows);
            float* a = _weights + ((nint)firstRow * Line);
            float* b = _transposed + (firstPanel * bStride);
            float* c = _scratch + ((nint)worker * _cut.BlockLength);
            int rowStep = DenseCut.RowStep<TSimd, TVec>();
            int depthPanels = PanelLayout.Panels(_geometry.Outputs), pairs = DenseCut.Blocks(panels, 2);
            for (int k = 0; k < depthPanels; k += DenseCut.DepthPanels)
            {
                int depth = Math.Min(DenseCut.DepthPanels, depthPanels - k), nextDepth = Math.Min(DenseCut.DepthPanels, depthPanels - k - depth);
                for (int pair = 0; pair < pairs; pair++)
                {
                    // While a pair of columns passes over the rows, its share of the next weights is asked for.
                    int firstNext = nextDepth * pair / pairs, endNext = nextDepth * (pair + 1) / pairs, p = pair * 2;
                    for (int r = 0; r < rows; r += rowStep)
                    {
                        int step = Math.Min(rowStep, rows - r);
                        for (int next = firstNext; next < endNext; next++)
                            Prefetch.Lines(a + ((k + depth + next) * aStride) + (r * Line), step);
                        PanelProduct<TSimd, TVec>.Multiply(
                            step, depth, a + (k * aStride) + (r * Line), aStride, Math.Min(2, panels - p), b + (p * bStride) + ((nint)k * Line * Line), bStride,
                            c + (p * cStride) + (r * Line), cStride, accumulate: k > 0);
                    }
                }
            }
            for (int p = 0; p < panels; p++)
            {
                int row = (firstPanel + p) * Line;
                Transposition.Transpose(
                    c + (p * cStride), Line, _dInput + ((nint)row * _geometry.Inputs) + firstRow, _geometry.Inputs, rows, Math.Min(Line, _geometry.Batch - row));
            }
        }
    }
}
