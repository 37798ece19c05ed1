using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>Gradients of the outputs to their points. One task: two panels of filters of one picture.</summary>
internal readonly unsafe struct OutputGradientJob<TLarge, TSmall>(
    WinogradLayout layout, int firstChunk, StageGradient stage, float* transformed, float* scratch, nint scratchStride) : IVectorJob
    where TLarge : struct, IWinogradTile
    where TSmall : struct, IWinogradTile
{
    private const int PanelsPerTask = 2;

    private const int Line = PanelLayout.Columns;

    private readonly WinogradLayout _layout = layout;
    private readonly int _firstChunk = firstChunk;
    private readonly StageGradient _stage = stage;
    private readonly float* _transformed = transformed;
    private readonly float* _scratch = scratch;
    private readonly nint _scratchStride = scratchStride;

    public static int TasksPerPicture(in WinogradLayout layout) => (layout.OutputPanels + PanelsPerTask - 1) / PanelsPerTask;

    public void Execute<TSimd, TVec>(int task, int worker)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        float* small = stackalloc float[WinogradArithmetic.ScratchLength];
        float* slice = _scratch + (worker * _scratchStride);
        (int inGroup, int part) = Math.DivRem(task, TasksPerPicture(_layout));
        int picture = (_firstChunk * _layout.PicturesPerChunk) + inGroup;
        (int chunk, int inChunk) = Math.DivRem(inGroup, _layout.PicturesPerChunk);
        int pictures = _layout.PicturesIn(_firstChunk + chunk);
        nint pointStride = _layout.PointStride(_layout.OutputPanels), rowStride = (nint)_layout.Columns.Extent * Line;
        float* target = _transformed + (chunk * (nint)_layout.ChunkLength(_layout.OutputPanels));
        // Tiles reach beyond the output: there the gradient is zero, and nothing below writes there.
        new Span<float>(slice, (int)rowStride * _layout.Rows.Extent).Clear();
        for (int panel = part * PanelsPerTask; panel < Math.Min(_layout.OutputPanels, (part + 1) * PanelsPerTask); panel++)
        {
            _stage.Read<TSimd, TVec>(slice, rowStride, picture, panel * Line);
            PictureTiles<TLarge, TSmall>.Run<OutputAdjointTransform, TSimd, TVec>(
                _layout, inChunk, pictures, slice, rowStride, target + (panel * _layout.PanelStride), pointStride, small);
        }
    }
}
