using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>Takes a slice of a convolution's sums (all positions of one picture, 16 channels) to the stage's output.</summary>
/// <param name="stage">The stage.</param>
/// <param name="bias">[O]; null for none.</param>
/// <param name="output">[N, positions, O].</param>
/// <param name="winners">The same shape, the winners' places as <see cref="MaxPooling"/> keeps them; null in inference or without pooling.</param>
internal readonly unsafe struct StageOutput(in ConvolutionStage stage, float* bias, float* output, byte* winners)
{
    private const int Line = PanelLayout.Columns;

    private readonly int _channels = stage.Convolution.OutputChannels;
    private readonly int _width = stage.Convolution.OutputWidth;
    private readonly int _positions = stage.OutputPositions;
    private readonly int _rows = stage.Pooling?.OutputHeight ?? stage.Convolution.OutputHeight;
    private readonly ActivationKind _activation = stage.Activation;
    private readonly bool _pools = stage.Pooling is not null;
    private readonly PoolGeometry _pool = stage.Pooling.GetValueOrDefault();
    private readonly int _outputWidth = stage.Pooling?.OutputWidth ?? stage.Convolution.OutputWidth;
    private readonly int _wholeFirst = stage.Pooling is PoolGeometry pool ? WholeWindows(pool).First : 0;
    private readonly int _wholeEnd = stage.Pooling is PoolGeometry same ? WholeWindows(same).End : 0;
    private readonly float* _bias = bias;
    private readonly float* _output = output;
    private readonly byte* _winners = winners;

    /// <summary>Writes one slice.</summary>
    /// <param name="slice">[rows][row stride / 16 columns][16]; of each row only the convolution's columns are read.</param>
    /// <param name="rowStride">Floats from one of the slice's rows to the next.</param>
    /// <param name="picture">Which picture.</param>
    /// <param name="channel">The slice's first channel, a multiple of 16.</param>
    public void Write<TSimd, TVec>(float* slice, nint rowStride, int picture, int channel)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => WriteRows<TSimd, TVec>(slice, rowStride, 0, picture, channel, 0, _rows);

    /// <summary>Writes some rows of the stage's output.</summary>
    /// <param name="rows">[rows][row stride / 16 columns][16]: at least the rows that those see.</param>
    /// <param name="rowStride">Floats from one of the slice's rows to the next.</param>
    /// <param name="firstRow">Which of the convolution's rows the first of them is.</param>
    /// <param name="picture">Which picture.</param>
    /// <param name="channel">The slice's first channel, a multiple of 16.</param>
    /// <param name="first">The first output row.</param>
    /// <param name="end">The row after the last.</param>
    public void WriteRows<TSimd, TVec>(float* rows, nint rowStride, int firstRow, int picture, int channel, int first, int end)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        // Where row 0 would stand; rows that are not there are not read.
        float* slice = rows - (firstRow * rowStride);
        for (int lane = 0; lane < Line && channel + lane < _channels; lane += TSimd.Width)
        {
            int c = channel + lane, inside = _channels - c;
            TVec bias = _bias == null ? TSimd.Zero : PartialVector.Load<TSimd, TVec>(_bias + c, inside);
            nint at = ((nint)picture * _positions * _channels) + c;
            if (_pools)
                Pool<TSimd, TVec>(slice + lane, rowStride, bias, at, inside, first, end);
            else
                Copy<TSimd, TVec>(slice + lane, rowStride, bias, at, inside, first, end);
        }
    }

    // The windows of an output row that lie within the picture's columns.
    private static (int First, int End) WholeWindows(in PoolGeometry pool)
    {
        int first = Math.Min(pool.OutputWidth, (pool.PadLeft + pool.StrideWidth - 1) / pool.StrideWidth);
        int room = pool.InputWidth + pool.PadLeft - pool.WindowWidth;
        return (first, room < 0 ? first : Math.Clamp((room / pool.StrideWidth) + 1, first, pool.OutputWidth));
    }

    private void Copy<TSimd, TVec>(float* slice, nint rowStride, TVec bias, nint at, int inside, int first, int end)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        nint channels = _channels;
        float* output = _output + at + ((nint)first * _width * channels);
        TVec floor = Floor<TSimd, TVec>();
        bool isCurve = _activation > ActivationKind.Relu;
        for (int y = first; y < end; y++)
        {
            float* source = slice + (y * rowStride);
            for (int x = _width; x > 0; x--, source += Line, output += channels)
                PartialVector.Store<TSimd, TVec>(Finish<TSimd, TVec>(TSimd.Load(source), bias, floor, isCurve), output, inside);
        }
    }

    private void Pool<TSimd, TVec>(float* slice, nint rowStride, TVec bias, nint at, int inside, int first, int end)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        nint outputRow = (nint)_outputWidth * _channels;
        at += first * outputRow;
        bool isTwoByTwo = (_pool.WindowHeight, _pool.WindowWidth) == (2, 2);
        for (int oy = first; oy < end; oy++, at += outputRow)
        {
            int top = (oy * _pool.StrideHeight) - _pool.PadTop;
            int y0 = Math.Max(top, 0), y1 = Math.Min(top + _pool.WindowHeight, _pool.InputHeight);
            float* source = slice + (y0 * rowStride);
            int place = (y0 - top) * _pool.WindowWidth;
            if (isTwoByTwo && y1 - y0 == 2)
            {
                Windows<TSimd, TVec>(source, rowStride, 2, place, bias, at, inside, 0, _wholeFirst);
                if (_winners != null)
                    TwoByTwo<TSimd, TVec>(source, rowStride, bias, at, inside);
                else
                    TwoByTwoInference<TSimd, TVec>(source, rowStride, bias, at, inside);
                Windows<TSimd, TVec>(source, rowStride, 2, place, bias, at, inside, _wholeEnd, _outputWidth);
            }
            else
            {
                Windows<TSimd, TVec>(source, rowStride, y1 - y0, place, bias, at, inside, 0, _outputWidth);
            }
        }
    }

    // Any windows of an output row, from `first` to before `end`. `firstPlace` is the place in a window of its first row inside the picture.
    private void Windows<TSimd, TVec>(float* source, nint rowStride, int rows, int firstPlace, TVec bias, nint at, int inside, int first, int end)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec floor = Floor<TSimd, TVec>();
        bool isCurve = _activation > ActivationKind.Relu;
        int window = _pool.WindowWidth;
        for (int ox = first; ox < end; ox++)
        {
            int left = (ox * _pool.StrideWidth) - _pool.PadLeft;
            int x0 = Math.Max(left, 0), x1 = Math.Min(left + window, _width);
            float* line = source + ((nint)x0 * Line), lineEnd = line + ((nint)(x1 - x0) * Line), bottom = source + (rows * rowStride);
            uint place = (uint)(firstPlace + x0 - left);
            // From the first pixel, not from −∞: where all are NaN the output is NaN, so that a run that diverges is seen to.
            TVec best = TSimd.Load(line), winner = TSimd.BroadcastBits(place);
            for (; line < bottom; line += rowStride, lineEnd += rowStride, place += (uint)window)
            {
                uint p = place;
                for (float* v = line; v < lineEnd; v += Line, p++)
                {
                    TVec value = TSimd.Load(v), larger = TSimd.GreaterThan(value, best);
                    best = TSimd.Select(larger, value, best);
                    winner = TSimd.Select(larger, TSimd.BroadcastBits(p), winner);
                }
            }
            nint o = at + ((nint)ox * _channels);
            PartialVector.Store<TSimd, TVec>(Finish<TSimd, TVec>(best, bias, floor, isCurve), _output + o, inside);
            if (_winners != null)
                PartialVector.StoreBytes<TSimd, TVec>(winner, _winners + o, inside);
        }
    }

    // The windows of an output row that neither padding nor the edge cuts; the four values are compared in the same order as above.
    private void TwoByTwo<TSimd, TVec>(float* source, nint rowStride, TVec bias, nint at, int inside)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec floor = Floor<TSimd, TVec>(), one = TSimd.BroadcastBits(1), two = TSimd.BroadcastBits(2), three = TSimd.BroadcastBits(3);
        bool isCurve = _activation > ActivationKind.Relu;
        nint step = (nint)_pool.StrideWidth * Line, channels = _channels;
        source += (((nint)_wholeFirst * _pool.StrideWidth) - _pool.PadLeft) * Line;
        at += _wholeFirst * channels;
        float* output = _output + at;
        byte* winners = _winners + at;
        for (int left = _wholeEnd - _wholeFirst; left > 0; left--, source += step, output += channels, winners += channels)
        {
            TVec best = TSimd.Load(source), v = TSimd.Load(source + Line), larger = TSimd.GreaterThan(v, best);
            best = TSimd.Select(larger, v, best);
            TVec winner = TSimd.Select(larger, one, TSimd.Zero);
            v = TSimd.Load(source + rowStride);
            larger = TSimd.GreaterThan(v, best);
            best = TSimd.Select(larger, v, best);
            winner = TSimd.Select(larger, two, winner);
            v = TSimd.Load(source + rowStride + Line);
            larger = TSimd.GreaterThan(v, best);
            best = TSimd.Select(larger, v, best);
            winner = TSimd.Select(larger, three, winner);
            PartialVector.Store<TSimd, TVec>(Finish<TSimd, TVec>(best, bias, floor, isCurve), output, inside);
            PartialVector.StoreBytes<TSimd, TVec>(winner, winners, inside);
        }
    }

    private void TwoByTwoInference<TSimd, TVec>(float* source, nint rowStride, TVec bias, nint at, int inside)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec floor = Floor<TSimd, TVec>();
        bool isCurve = _activation > ActivationKind.Relu;
        nint step = (nint)_pool.StrideWidth * Line, channels = _channels;
        source += (((nint)_wholeFirst * _pool.StrideWidth) - _pool.PadLeft) * Line;
        float* output = _output + at + (_wholeFirst * channels);
        for (int left = _wholeEnd - _wholeFirst; left > 0; left--, source += step, output += channels)
        {
            TVec best = Larger<TSimd, TVec>(TSimd.Load(source), TSimd.Load(source + Line));
            best = Larger<TSimd, TVec>(best, TSimd.Load(source + rowStride));
            best = Larger<TSimd, TVec>(best, TSimd.Load(source + rowStride + Line));
            PartialVector.Store<TSimd, TVec>(Finish<TSimd, TVec>(best, bias, floor, isCurve), output, inside);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Larger<TSimd, TVec>(TVec best, TVec v)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => TSimd.Select(TSimd.GreaterThan(v, best), v, best);

    // Identity and ReLU are one comparison, with −∞ and with 0, and no branch; as in ReLU, a NaN stays a NaN.
    private TVec Floor<TSimd, TVec>()
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => _activation == ActivationKind.Identity ? TSimd.Broadcast(float.NegativeInfinity) : TSimd.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TVec Finish<TSimd, TVec>(TVec sum, TVec bias, TVec floor, bool isCurve)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec v = TSimd.Add(sum, bias);
        return isCurve ? ActivationFunctions.Apply<TSimd, TVec>(_activation, v) : TSimd.Select(TSimd.GreaterThan(floor, v), floor, v);
    }
}
