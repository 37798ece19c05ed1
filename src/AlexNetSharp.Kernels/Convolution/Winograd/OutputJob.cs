using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>Products at all points, then the outputs. One task: some panels of filters for one chunk.</summary>
internal readonly unsafe struct OutputJob<TLarge, TSmall>(
    WinogradLayout layout, int firstChunk, float* transformed, float* filters, StageOutput stage, float* scratch, nint scratchStride, int sliceLength) : IVectorJob
    where TLarge : struct, IWinogradTile
    where TSmall : struct, IWinogradTile
{
    private const int Line = PanelLayout.Columns;

    private readonly WinogradLayout _layout = layout;
    private readonly int _firstChunk = firstChunk;
    private readonly float* _transformed = transformed;
    private readonly float* _filters = filters;
    private readonly StageOutput _stage = stage;
    private readonly float* _scratch = scratch;
    private readonly nint _scratchStride = scratchStride;
    private readonly int _sliceLength = sliceLength;

    public static int TasksPerChunk(in WinogradLayout layout) => (layout.OutputPanels + layout.OutputPanelsPerTask - 1) / layout.OutputPanelsPerTask;

    public void Execute<TSimd, TVec>(int task, int worker)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        float* small = stackalloc float[WinogradArithmetic.ScratchLength];
        float* slice = _scratch + (worker * _scratchStride);
        float* products = slice + _sliceLength;
        // The parts of one chunk follow each other: its inputs stay in cache.
        (int chunk, int part) = Math.DivRem(task, TasksPerChunk(_layout));
        int firstPanel = part * _layout.OutputPanelsPerTask, panels = Math.Min(_layout.OutputPanelsPerTask, _layout.OutputPanels - firstPanel);
        int pictures = _layout.PicturesIn(_firstChunk + chunk);
        nint filterStride = PanelLayout.Stride(_layout.InputPanels * Line), productStride = _layout.PointStride(_layout.OutputPanelsPerTask);
        nint inputStride = _layout.PointStride(_layout.InputPanels);
        float* input = _transformed + (chunk * (nint)_layout.ChunkLength(_layout.InputPanels));
        for (int point = 0; point < WinogradLayout.Points; point++)
        {
            (int row, int rows) = _layout.RowsWith(point, pictures);
            PanelProduct<TSimd, TVec>.Multiply(
                rows, _layout.InputPanels, input + (point * inputStride) + (row * Line), _layout.PanelStride,
                panels, _filters + (point * _layout.FilterPointStride) + (firstPanel * filterStride), filterStride,
                products + (point * productStride) + (row * Line), _layout.PanelStride, accumulate: false);
        }
        nint rowStride = (nint)_layout.Columns.Extent * Line;
        for (int inChunk = 0; inChunk < pictures; inChunk++)
        {
            int picture = ((_firstChunk + chunk) * _layout.PicturesPerChunk) + inChunk;
            for (int panel = 0; panel < panels; panel++)
            {
                PictureTiles<TLarge, TSmall>.Run<OutputTransform, TSimd, TVec>(
                    _layout, inChunk, pictures, slice, rowStride, products + (panel * _layout.PanelStride), productStride, small);
                _stage.Write<TSimd, TVec>(slice, rowStride, picture, (firstPanel + panel) * Line);
            }
        }
    }
}
