using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>Products with the transposed filters at all points, then the gradients of the inputs. One task: some panels of channels for one chunk.</summary>
internal readonly unsafe struct InputGradientJob<TLarge, TSmall>(
    ConvolutionGeometry geometry, WinogradLayout layout, int firstChunk, float* transformed, float* filters, float* dInput, float* scratch, nint scratchStride, int sliceLength) : IVectorJob
    where TLarge : struct, IWinogradTile
    where TSmall : struct, IWinogradTile
{
    private const int Line = PanelLayout.Columns;

    private readonly ConvolutionGeometry _g = geometry;
    private readonly WinogradLayout _layout = layout;
    private readonly int _firstChunk = firstChunk;
    private readonly float* _transformed = transformed;
    private readonly float* _filters = filters;
    private readonly float* _dInput = dInput;
    private readonly float* _scratch = scratch;
    private readonly nint _scratchStride = scratchStride;
    private readonly int _sliceLength = sliceLength;

    public static int TasksPerChunk(in WinogradLayout layout) => (layout.InputPanels + layout.InputPanelsPerTask - 1) / layout.InputPanelsPerTask;

    public void Execute<TSimd, TVec>(int task, int worker)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        float* small = stackalloc float[WinogradArithmetic.ScratchLength];
        float* slice = _scratch + (worker * _scratchStride);
        float* products = slice + _sliceLength;
        (int chunk, int part) = Math.DivRem(task, TasksPerChunk(_layout));
        int firstPanel = part * _layout.InputPanelsPerTask, panels = Math.Min(_layout.InputPanelsPerTask, _layout.InputPanels - firstPanel);
        int pictures = _layout.PicturesIn(_firstChunk + chunk);
        nint filterStride = PanelLayout.Stride(_layout.OutputPanels * Line), productStride = _layout.PointStride(_layout.InputPanelsPerTask);
        nint gradientStride = _layout.PointStride(_layout.OutputPanels);
        float* gradient = _transformed + (chunk * (nint)_layout.ChunkLength(_layout.OutputPanels));
        for (int point = 0; point < WinogradLayout.Points; point++)
        {
            (int row, int rows) = _layout.RowsWith(point, pictures);
            PanelProduct<TSimd, TVec>.Multiply(
                rows, _layout.OutputPanels, gradient + (point * gradientStride) + (row * Line), _layout.PanelStride,
                panels, _filters + (point * _layout.TransposedPointStride) + (firstPanel * filterStride), filterStride,
                products + (point * productStride) + (row * Line), _layout.PanelStride, accumulate: false);
        }
        nint rowStride = (nint)(_layout.Columns.Extent + PictureTiles<TLarge, TSmall>.Overlap) * Line;
        for (int inChunk = 0; inChunk < pictures; inChunk++)
        {
            int picture = ((_firstChunk + chunk) * _layout.PicturesPerChunk) + inChunk;
            for (int panel = 0; panel < panels; panel++)
            {
                new Span<float>(slice, _sliceLength).Clear();
                PictureTiles<TLarge, TSmall>.Run<InputAdjointTransform, TSimd, TVec>(
                    _layout, inChunk, pictures, slice, rowStride, products + (panel * _layout.PanelStride), productStride, small);
                Scatter(slice, rowStride, picture, (firstPanel + panel) * Line);
            }
        }
    }

    // The slice's inside: it covers the whole padded input, as the tiles cover the whole output.
    private void Scatter(float* slice, nint rowStride, int picture, int channel)
    {
        int channels = Math.Min(Line, _g.InputChannels - channel);
        for (int y = 0; y < _g.InputHeight; y++)
        {
            float* source = slice + ((y + _g.PadTop) * rowStride) + (_g.PadLeft * Line);
            float* target = _dInput + ((((((nint)picture * _g.InputHeight) + y) * _g.InputWidth) * _g.InputChannels) + channel);
            for (int x = 0; x < _g.InputWidth; x++, source += Line, target += _g.InputChannels)
            {
                if (channels == Line)
                    *(CacheLine*)target = *(CacheLine*)source;
                else
                    new ReadOnlySpan<float>(source, channels).CopyTo(new Span<float>(target, channels));
            }
        }
    }
}
