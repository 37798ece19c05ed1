using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>The gradients of the filters from those of their points. One task: one filter.</summary>
internal readonly unsafe struct FilterGradientJob<TFilter>(ConvolutionGeometry geometry, WinogradLayout layout, float* dFilters, float* dWeights) : IVectorJob
    where TFilter : struct, IWinogradFilter
{
    private const int Line = PanelLayout.Columns;

    private readonly WinogradLayout _layout = layout;
    private readonly int _channels = geometry.InputChannels;
    private readonly float* _dFilters = dFilters;
    private readonly float* _dWeights = dWeights;

    public void Execute<TSimd, TVec>(int task, int worker)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int taps = TFilter.Taps * TFilter.Taps;
        float* scratch = stackalloc float[WinogradArithmetic.ScratchLength];
        float* last = stackalloc float[taps * Line];
        for (int channel = 0; channel < _channels; channel += TSimd.Width)
        {
            (int panel, int lane) = Math.DivRem(channel, Line);
            float* points = _dFilters + (panel * PanelLayout.Stride(_layout.OutputPanels * Line)) + (task * Line) + lane;
            float* target = _dWeights + ((nint)task * taps * _channels) + channel;
            int inside = _channels - channel;
            if (inside >= TSimd.Width)
            {
                WinogradArithmetic.FilterAdjoint<TFilter, TSimd, TVec>(points, _layout.TransposedPointStride, target, _channels, scratch);
                continue;
            }
            WinogradArithmetic.FilterAdjoint<TFilter, TSimd, TVec>(points, _layout.TransposedPointStride, last, Line, scratch);
            for (int tap = 0; tap < taps; tap++)
                new ReadOnlySpan<float>(last + (tap * Line), inside).CopyTo(new Span<float>(target + ((nint)tap * _channels), inside));
        }
    }
}
