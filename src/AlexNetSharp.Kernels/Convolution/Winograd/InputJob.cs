using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>Input tiles to their points. One task: two panels of channels of one picture.</summary>
internal readonly unsafe struct InputJob<TLarge, TSmall>(
    ConvolutionGeometry geometry, WinogradLayout layout, int firstChunk, float* input, float* transformed, float* scratch, nint scratchStride) : IVectorJob
    where TLarge : struct, IWinogradTile
    where TSmall : struct, IWinogradTile
{
    private const int PanelsPerTask = 2;

    private const int Line = PanelLayout.Columns;

    private readonly ConvolutionGeometry _g = geometry;
    private readonly WinogradLayout _layout = layout;
    private readonly int _firstChunk = firstChunk;
    private readonly float* _input = input;
    private readonly float* _transformed = transformed;
    private readonly float* _scratch = scratch;
    private readonly nint _scratchStride = scratchStride;

    public static int TasksPerPicture(in WinogradLayout layout) => (layout.InputPanels + PanelsPerTask - 1) / PanelsPerTask;

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
        nint pointStride = _layout.PointStride(_layout.InputPanels), rowStride = (nint)(_layout.Columns.Extent + PictureTiles<TLarge, TSmall>.Overlap) * Line;
        float* target = _transformed + (chunk * (nint)_layout.ChunkLength(_layout.InputPanels));
        for (int panel = part * PanelsPerTask; panel < Math.Min(_layout.InputPanels, (part + 1) * PanelsPerTask); panel++)
        {
            Gather(picture, panel * Line, slice, rowStride);
            PictureTiles<TLarge, TSmall>.Run<InputTransform, TSimd, TVec>(
                _layout, inChunk, pictures, slice, rowStride, target + (panel * _layout.PanelStride), pointStride, small);
        }
    }

    // The picture's 16 channels with zeros around them, so that no tile needs to look where it ends.
    private void Gather(int picture, int channel, float* slice, nint rowStride)
    {
        int channels = Math.Min(Line, _g.InputChannels - channel);
        new Span<float>(slice, (int)rowStride * (_layout.Rows.Extent + PictureTiles<TLarge, TSmall>.Overlap)).Clear();
        for (int y = 0; y < _g.InputHeight; y++)
        {
            float* source = _input + ((((((nint)picture * _g.InputHeight) + y) * _g.InputWidth) * _g.InputChannels) + channel);
            float* target = slice + ((y + _g.PadTop) * rowStride) + (_g.PadLeft * Line);
            for (int x = 0; x < _g.InputWidth; x++, source += _g.InputChannels, target += Line)
            {
                if (channels == Line)
                    *(CacheLine*)target = *(CacheLine*)source;
                else
                    new ReadOnlySpan<float>(source, channels).CopyTo(new Span<float>(target, channels));
            }
        }
    }
}
