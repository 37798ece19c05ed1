using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Dense;

/// <summary>∂L/∂weights of a dense layer, inputᵀ · dOutput, tile by tile: kept, or used up at once by an optimiser.</summary>
internal static unsafe class DenseWeightGradient
{
    private const int Line = PanelLayout.Columns;
    // Two tiles of at most 8 x 2 vectors: one is summed while the other is applied.
    private const int TileLength = 2 * 8 * 2 * Line;

    public static int ScratchPerThread => TileLength;

    /// <summary>Floats of dOutput in panels.</summary>
    public static long SharedScratch(in DenseGeometry geometry) => PanelLayout.Length(geometry.Batch, geometry.Outputs);

    /// <summary>Writes the gradient.</summary>
    public static void Run(float* packedInput, float* dOutput, float* dWeights, in DenseGeometry geometry, float* scratch, ThreadTeam team)
    {
        PanelCopy.Run(dOutput, scratch, geometry.Batch, geometry.Outputs, team);
        VectorJob.Run(team, Tasks(geometry), new GradientJob(packedInput, scratch, dWeights, geometry));
    }

    /// <summary>Applies the gradient.</summary>
    public static void RunUpdate<TRule>(
        float* packedInput, float* dOutput, float* weights, float* first, float* second, TRule rule, in DenseGeometry geometry, float* scratch, ThreadTeam team)
        where TRule : unmanaged, IUpdateRule
    {
        PanelCopy.Run(dOutput, scratch, geometry.Batch, geometry.Outputs, team);
        VectorJob.Run(
            team, Tasks(geometry),
            new UpdateJob<TRule>(packedInput, scratch, weights, first, second, rule, geometry, scratch + SharedScratch(geometry)));
    }

    private static int Tasks(in DenseGeometry geometry) =>
        DenseCut.Blocks(geometry.Inputs, DenseCut.GradientInputs) * DenseCut.Blocks(PanelLayout.Panels(geometry.Outputs), 2);

    // Neighbouring tasks share their inputs, which are the larger operand's part.
    private readonly struct Place
    {
        public Place(int task, in DenseGeometry geometry)
        {
            int pairs = DenseCut.Blocks(PanelLayout.Panels(geometry.Outputs), 2);
            Panel = task % pairs * 2;
            Panels = Math.Min(2, PanelLayout.Panels(geometry.Outputs) - Panel);
            FirstInput = task / pairs * DenseCut.GradientInputs;
            EndInput = Math.Min(FirstInput + DenseCut.GradientInputs, PanelLayout.RoundUp(geometry.Inputs));
        }

        public int Panel { get; }

        public int Panels { get; }

        public int FirstInput { get; }

        public int EndInput { get; }
    }

    private readonly struct GradientJob(float* input, float* dOutput, float* dWeights, DenseGeometry geometry) : IVectorJob
    {
        private readonly float* _input = input;
        private readonly float* _dOutput = dOutput;
        private readonly float* _dWeights = dWeights;
        private readonly DenseGeometry _geometry = geometry;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            Place place = new(task, _geometry);
            nint aStride = PanelLayout.Stride(_geometry.Batch), cStride = PanelLayout.Stride(PanelLayout.RoundUp(_geometry.Inputs));
            float* b = _dOutput + (place.Panel * aStride);
            float* c = _dWeights + (place.Panel * cStride);
            for (int i = place.FirstInput; i < place.EndInput; i += DenseCut.TileInputs)
            {
                int inputPanels = Math.Min(DenseCut.TileInputs, place.EndInput - i) / Line;
                float* a = _input + (i / Line * aStride);
                for (int k = 0; k < _geometry.Batch; k += DenseCut.GradientDepth)
                {
                    PanelProduct<TSimd, TVec>.MultiplyTransposed(
                        Math.Min(DenseCut.GradientDepth, _geometry.Batch - k), inputPanels, a + (k * Line), aStride, place.Panels, b + (k * Line), aStride,
                        c + ((nint)i * Line), cStride, accumulate: k > 0);
                }
            }
        }
    }

    private readonly struct UpdateJob<TRule>(
        float* input, float* dOutput, float* weights, float* first, float* second, TRule rule, DenseGeometry geometry, float* tiles) : IVectorJob
        where TRule : unmanaged, IUpdateRule
    {
        private readonly float* _input = input;
        private readonly float* _dOutput = dOutput;
        private readonly float* _weights = weights;
        private readonly float* _first = first;
        private readonly float* _second = second;
        private readonly TRule _rule = rule;
        private readonly DenseGeometry _geometry = geometry;
        private readonly float* _tiles = tiles;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            Place place = new(task, _geometry);
            nint stride = PanelLayout.Stride(PanelLayout.RoundUp(_geometry.Inputs));
            float* tiles = _tiles + ((nint)worker * TileLength);
            if (TSimd.Width == Line && place.Panels == 2)
            {
                Update<TSimd, TVec, Wide<Rows8>>(place, place.Panel, 0, stride, tiles);
                return;
            }
            for (int panel = place.Panel; panel < place.Panel + place.Panels; panel++)
            {
                if (TSimd.Width == Line)
                {
                    Update<TSimd, TVec, Narrow<Rows8>>(place, panel, 0, 0, tiles);
                    continue;
                }
                for (int column = 0; column < Line; column += 2 * TSimd.Width)
                    Update<TSimd, TVec, Wide<Rows4>>(place, panel, column, TSimd.Width, tiles);
            }
        }

        // Two vectors of columns, all inputs of the task.
        private void Update<TSimd, TVec, TShape>(in Place place, int panel, int column, nint secondVector, float* tiles)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
            where TShape : struct, ITileShape
        {
            nint aStride = PanelLayout.Stride(_geometry.Batch), stride = PanelLayout.Stride(PanelLayout.RoundUp(_geometry.Inputs));
            nint bSecond = TSimd.Width == Line ? aStride : TSimd.Width;
            float* b = _dOutput + (panel * aStride) + column;
            int tileLength = TShape.Rows * TShape.Vectors * TSimd.Width;
            PendingUpdate pending = default;
            for (int i = place.FirstInput; i < place.EndInput; i += TShape.Rows)
            {
                float* tile = tiles + (i / TShape.Rows % 2 * tileLength);
                DenseUpdateTile<TSimd, TVec>.Multiply<TShape, TRule>(
                    _geometry.Batch, _input + (i / Line * aStride) + (i % Line), b, bSecond, tile, _rule, pending);
                nint at = (panel * stride) + ((nint)i * Line) + column;
                pending = new(_weights + at, _first + at, _second == null ? null : _second + at, tile, secondVector);
            }
            for (int vector = 0; vector < TShape.Rows * TShape.Vectors; vector++)
                pending.Move<TSimd, TVec, TShape, TRule>(vector, _rule);
        }
    }
}
