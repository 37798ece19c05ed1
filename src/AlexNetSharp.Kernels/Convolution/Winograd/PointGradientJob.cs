using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution.Winograd;

/// <summary>The gradients of the filters' points. One task: a block of filters by channels, at one point, for all chunks of a group.</summary>
internal readonly unsafe struct PointGradientJob(
    WinogradLayout layout, int firstChunk, int chunks, float* input, float* gradient, float* dFilters, bool accumulate) : IVectorJob
{
    // 64 filters by 64 channels: 16 KB of sums beside 16 KB of either operand.
    private const int PanelsPerTask = 4;

    private const int Line = PanelLayout.Columns;

    private readonly WinogradLayout _layout = layout;
    private readonly int _firstChunk = firstChunk;
    private readonly int _chunks = chunks;
    private readonly float* _input = input;
    private readonly float* _gradient = gradient;
    private readonly float* _dFilters = dFilters;
    private readonly bool _accumulate = accumulate;

    public static int Tasks(in WinogradLayout layout) => WinogradLayout.Points * Parts(layout.OutputPanels) * Parts(layout.InputPanels);

    public void Execute<TSimd, TVec>(int task, int worker)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int inputParts = Parts(_layout.InputPanels);
        (int rest, int inputPart) = Math.DivRem(task, inputParts);
        (int point, int outputPart) = Math.DivRem(rest, Parts(_layout.OutputPanels));
        int inputPanel = inputPart * PanelsPerTask, inputPanels = Math.Min(PanelsPerTask, _layout.InputPanels - inputPanel);
        int outputPanel = outputPart * PanelsPerTask, outputPanels = Math.Min(PanelsPerTask, _layout.OutputPanels - outputPanel);
        nint stride = PanelLayout.Stride(_layout.OutputPanels * Line);
        float* sums = _dFilters + (point * _layout.TransposedPointStride) + (inputPanel * stride) + ((nint)outputPanel * Line * Line);
        if (!_accumulate)
        {
            for (int panel = 0; panel < inputPanels; panel++)
                new Span<float>(sums + (panel * stride), outputPanels * Line * Line).Clear();
        }
        float* x = _input + (point * _layout.PointStride(_layout.InputPanels)) + (inputPanel * _layout.PanelStride);
        float* d = _gradient + (point * _layout.PointStride(_layout.OutputPanels)) + (outputPanel * _layout.PanelStride);
        for (int chunk = 0; chunk < _chunks; chunk++)
        {
            (int row, int rows) = _layout.RowsWith(point, _layout.PicturesIn(_firstChunk + chunk));
            if (rows == 0)
                continue;
            PanelProduct<TSimd, TVec>.MultiplyTransposed(
                rows, outputPanels, d + (chunk * (nint)_layout.ChunkLength(_layout.OutputPanels)) + (row * Line), _layout.PanelStride,
                inputPanels, x + (chunk * (nint)_layout.ChunkLength(_layout.InputPanels)) + (row * Line), _layout.PanelStride, sums, stride, accumulate: true);
        }
    }

    private static int Parts(int panels) => (panels + PanelsPerTask - 1) / PanelsPerTask;
}
