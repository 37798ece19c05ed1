using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>Takes the gradient of a stage's output back to the convolution's sums, a slice at a time: <see cref="StageOutput"/>'s adjoint.</summary>
/// <param name="stage">The stage.</param>
/// <param name="output">What the forward pass wrote.</param>
/// <param name="winners">What it kept of the pooling; null without.</param>
/// <param name="dOutput">∂L/∂output, the same shape as the output.</param>
/// <param name="dBias">[N, O], out: each picture's part of ∂L/∂bias.</param>
internal readonly unsafe struct StageGradient(in ConvolutionStage stage, float* output, byte* winners, float* dOutput, float* dBias)
{
    private const int Line = PanelLayout.Columns;

    private readonly int _channels = stage.Convolution.OutputChannels;
    private readonly int _height = stage.Convolution.OutputHeight;
    private readonly int _width = stage.Convolution.OutputWidth;
    private readonly int _positions = stage.OutputPositions;
    private readonly int _outputWidth = stage.Pooling?.OutputWidth ?? stage.Convolution.OutputWidth;
    private readonly ActivationKind _activation = stage.Activation;
    private readonly bool _pools = stage.Pooling is not null;
    private readonly PoolGeometry _pool = stage.Pooling.GetValueOrDefault();
    private readonly bool _tiles = stage.Pooling is PoolGeometry pool && CoverEachPositionOnce(pool);
    private readonly float* _output = output;
    private readonly byte* _winners = winners;
    private readonly float* _dOutput = dOutput;
    private readonly float* _dBias = dBias;

    /// <summary>Reads one slice.</summary>
    /// <param name="slice">Out: ∂L/∂sums, [rows][row stride / 16 columns][16]; of each row only the convolution's columns are written.</param>
    /// <param name="rowStride">Floats from one of the slice's rows to the next.</param>
    /// <param name="picture">Which picture.</param>
    /// <param name="channel">The slice's first channel, a multiple of 16.</param>
    public void Read<TSimd, TVec>(float* slice, nint rowStride, int picture, int channel)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => ReadRows<TSimd, TVec>(slice, rowStride, picture, channel, 0, _height);

    /// <summary>Reads some rows of a slice: all rows of a picture one band after another, from the top, for the part of ∂L/∂bias grows with them.</summary>
    /// <param name="rows">Out: ∂L/∂sums, [end − first][row stride / 16 columns][16]; of each row only the convolution's columns are written.</param>
    /// <param name="rowStride">Floats from one of these rows to the next.</param>
    /// <param name="picture">Which picture.</param>
    /// <param name="channel">The slice's first channel, a multiple of 16.</param>
    /// <param name="first">The convolution's first row.</param>
    /// <param name="end">The row after the last.</param>
    public void ReadRows<TSimd, TVec>(float* rows, nint rowStride, int picture, int channel, int first, int end)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        if ((_pools && !_tiles) || channel + Line > _channels)
        {
            for (int y = 0; y < end - first; y++)
                new Span<float>(rows + (y * rowStride), _width * Line).Clear();
        }
        // Where row 0 would stand; rows that are not there are not written.
        float* slice = rows - (first * rowStride);
        for (int lane = 0; lane < Line && channel + lane < _channels; lane += TSimd.Width)
        {
            int c = channel + lane, inside = _channels - c;
            nint at = ((nint)picture * _positions * _channels) + c;
            float* dBias = _dBias + ((nint)picture * _channels) + c;
            TVec sum = first == 0 ? TSimd.Zero : PartialVector.Load<TSimd, TVec>(dBias, inside);
            sum = _pools
                ? Unpool<TSimd, TVec>(slice + lane, rowStride, at, inside, first, end, sum)
                : Copy<TSimd, TVec>(slice + lane, rowStride, at, inside, first, end, sum);
            PartialVector.Store<TSimd, TVec>(sum, dBias, inside);
        }
    }

    private TVec Copy<TSimd, TVec>(float* slice, nint rowStride, nint at, int inside, int first, int end, TVec sum)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        slice += first * rowStride;
        at += (nint)first * _width * _channels;
        for (int y = first; y < end; y++, slice += rowStride)
        {
            for (int x = 0; x < _width; x++, at += _channels)
            {
                TVec d = Derivative<TSimd, TVec>(at, inside);
                sum = TSimd.Add(sum, d);
                TSimd.Store(d, slice + (x * Line));
            }
        }
        return sum;
    }

    // Windows that overlap add up, in the order of the outputs. One that reaches over the rows' first has had its sum taken with those above.
    private TVec Unpool<TSimd, TVec>(float* slice, nint rowStride, nint at, int inside, int first, int end, TVec sum)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        bool overlaps = _pool.StrideHeight < _pool.WindowHeight || _pool.StrideWidth < _pool.WindowWidth;
        bool isTwoByTwo = _tiles && (_pool.WindowHeight, _pool.WindowWidth, _pool.PadLeft) == (2, 2, 0) && 2 * _outputWidth == _width;
        // The windows that see any of these rows.
        int firstWindow = Math.Max(0, (first + _pool.PadTop - _pool.WindowHeight + _pool.StrideHeight) / _pool.StrideHeight);
        int endWindow = Math.Min(_pool.OutputHeight, ((end - 1 + _pool.PadTop) / _pool.StrideHeight) + 1);
        nint outputRow = (nint)_outputWidth * _channels;
        at += firstWindow * outputRow;
        for (int oy = firstWindow; oy < endWindow; oy++, at += outputRow)
        {
            int top = (oy * _pool.StrideHeight) - _pool.PadTop;
            int y0 = Math.Max(top, first), y1 = Math.Min(top + _pool.WindowHeight, end);
            if (isTwoByTwo && top >= first && y1 - y0 == 2)
            {
                sum = TwoByTwo<TSimd, TVec>(slice + (y0 * rowStride), rowStride, at, inside, sum);
                continue;
            }
            bool begins = Math.Max(top, 0) >= first;
            nint o = at;
            for (int ox = 0; ox < _outputWidth; ox++, o += _channels)
            {
                int left = (ox * _pool.StrideWidth) - _pool.PadLeft;
                int x0 = Math.Max(left, 0), x1 = Math.Min(left + _pool.WindowWidth, _width);
                TVec d = Derivative<TSimd, TVec>(o, inside);
                TVec winner = PartialVector.LoadBytes<TSimd, TVec>(_winners + o, inside);
                if (begins)
                    sum = TSimd.Add(sum, d);
                float* row = slice + (y0 * rowStride) + ((nint)x0 * Line), rowEnd = row + ((nint)(x1 - x0) * Line);
                uint firstPlace = (uint)(((y0 - top) * _pool.WindowWidth) + x0 - left);
                for (int y = y0; y < y1; y++, row += rowStride, rowEnd += rowStride, firstPlace += (uint)_pool.WindowWidth)
                {
                    uint place = firstPlace;
                    for (float* target = row; target < rowEnd; target += Line, place++)
                    {
                        TVec part = TSimd.And(TSimd.EqualBits(winner, TSimd.BroadcastBits(place)), d);
                        TSimd.Store(overlaps ? TSimd.Add(TSimd.Load(target), part) : part, target);
                    }
                }
            }
        }
        return sum;
    }

    // A row of windows that cover the picture's columns without overlap or padding: every value is written once, from registers.
    private TVec TwoByTwo<TSimd, TVec>(float* upper, nint rowStride, nint at, int inside, TVec sum)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec one = TSimd.BroadcastBits(1), two = TSimd.BroadcastBits(2), three = TSimd.BroadcastBits(3);
        nint channels = _channels;
        byte* winners = _winners + at;
        for (int left = _outputWidth; left > 0; left--, at += channels, winners += channels, upper += 2 * Line)
        {
            TVec d = Derivative<TSimd, TVec>(at, inside), winner = PartialVector.LoadBytes<TSimd, TVec>(winners, inside);
            sum = TSimd.Add(sum, d);
            TSimd.Store(TSimd.And(TSimd.EqualBits(winner, TSimd.Zero), d), upper);
            TSimd.Store(TSimd.And(TSimd.EqualBits(winner, one), d), upper + Line);
            TSimd.Store(TSimd.And(TSimd.EqualBits(winner, two), d), upper + rowStride);
            TSimd.Store(TSimd.And(TSimd.EqualBits(winner, three), d), upper + rowStride + Line);
        }
        return sum;
    }

    // Then every position is written, and none needs to be cleared first.
    private static bool CoverEachPositionOnce(in PoolGeometry pool) =>
        (pool.StrideHeight, pool.StrideWidth) == (pool.WindowHeight, pool.WindowWidth)
        && (pool.OutputHeight * pool.StrideHeight) - pool.PadTop >= pool.InputHeight
        && (pool.OutputWidth * pool.StrideWidth) - pool.PadLeft >= pool.InputWidth;

    private TVec Derivative<TSimd, TVec>(nint at, int inside)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec d = PartialVector.Load<TSimd, TVec>(_dOutput + at, inside);
        return _activation == ActivationKind.Identity
            ? d
            : ActivationFunctions.Derivative<TSimd, TVec>(_activation, PartialVector.Load<TSimd, TVec>(_output + at, inside), d);
    }
}
