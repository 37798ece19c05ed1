using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>The filters at their points: with input channels as rows for the forward pass, with output channels as rows for the data gradient.</summary>
/// <remarks>One task: 16 filters.</remarks>
internal readonly unsafe struct FilterJob<TFilter>(ConvolutionGeometry geometry, WinogradLayout layout, float* weights, float* filters, float* transposed) : IVectorJob
    where TFilter : struct, IWinogradFilter
{
    private const int Line = PanelLayout.Columns;

    private readonly WinogradLayout _layout = layout;
    private readonly int _channels = geometry.InputChannels;
    private readonly int _filterCount = geometry.OutputChannels;
    private readonly float* _weights = weights;
    private readonly float* _filters = filters;
    private readonly float* _transposed = transposed;

    public void Execute<TSimd, TVec>(int task, int worker)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int taps = TFilter.Taps * TFilter.Taps;
        float* block = stackalloc float[taps * Line * Line]; // [tap][filter][channel]
        float* turned = stackalloc float[taps * Line * Line]; // [tap][channel][filter]
        float* scratch = stackalloc float[WinogradArithmetic.ScratchLength];
        for (int panel = 0; panel < _layout.InputPanels; panel++)
        {
            Gather(task * Line, panel * Line, taps, block);
            for (int tap = 0; tap < taps; tap++)
                Transposition.Transpose(block + (tap * Line * Line), Line, turned + (tap * Line * Line), Line, Line, Line);
            // Rows are input channels, panels are filters.
            float* target = _filters + (task * PanelLayout.Stride(_layout.InputPanels * Line)) + ((nint)panel * Line * Line);
            Evaluate<TSimd, TVec>(turned, target, _layout.FilterPointStride, scratch);
            if (_transposed != null)
            {
                target = _transposed + (panel * PanelLayout.Stride(_layout.OutputPanels * Line)) + ((nint)task * Line * Line);
                Evaluate<TSimd, TVec>(block, target, _layout.TransposedPointStride, scratch);
            }
        }
    }

    private static void Evaluate<TSimd, TVec>(float* block, float* target, nint pointStride, float* scratch)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        for (int i = 0; i < Line * Line; i += TSimd.Width)
            WinogradArithmetic.Filter<TFilter, TSimd, TVec>(block + i, Line * Line, target + i, pointStride, scratch);
    }

    private void Gather(int filter, int channel, int taps, float* block)
    {
        int filters = Math.Min(Line, _filterCount - filter), channels = Math.Min(Line, _channels - channel);
        if (filters < Line || channels < Line)
            new Span<float>(block, taps * Line * Line).Clear();
        for (int tap = 0; tap < taps; tap++)
        {
            for (int f = 0; f < filters; f++)
            {
                new ReadOnlySpan<float>(_weights + (((((nint)filter + f) * taps) + tap) * _channels) + channel, channels)
                    .CopyTo(new Span<float>(block + (((tap * Line) + f) * Line), channels));
            }
        }
    }
}
