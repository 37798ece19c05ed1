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

    private void Copy<TSimd, TVec>(float* slice, nint rowStride, TVec bias, nint at, int inside, int first, int end)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        float* output = _output + at + ((nint)first * _width * _channels);
        for (int y = first; y < end; y++)
        {
            float* source = slice + (y * rowStride);
            for (int x = 0; x < _width; x++, source += Line, output += _channels)
            {
                TVec v = ActivationFunctions.Apply<TSimd, TVec>(_activation, TSimd.Add(TSimd.Load(source), bias));
                PartialVector.Store<TSimd, TVec>(v, output, inside);
            }
        }
    }

    private void Pool<TSimd, TVec>(float* slice, nint rowStride, TVec bias, nint at, int inside, int first, int end)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        at += (nint)first * _pool.OutputWidth * _channels;
        bool isTwoByTwo = (_pool.WindowHeight, _pool.WindowWidth) == (2, 2);
        for (int oy = first; oy < end; oy++)
        {
            int top = (oy * _pool.StrideHeight) - _pool.PadTop;
            int y0 = Math.Max(top, 0), y1 = Math.Min(top + _pool.WindowHeight, _pool.InputHeight);
            for (int ox = 0; ox < _pool.OutputWidth; ox++, at += _channels)
            {
                int left = (ox * _pool.StrideWidth) - _pool.PadLeft;
                int x0 = Math.Max(left, 0), x1 = Math.Min(left + _pool.WindowWidth, _pool.InputWidth);
                float* source = slice + (y0 * rowStride) + (x0 * Line);
                TVec winner;
                TVec best = isTwoByTwo && y1 - y0 == 2 && x1 - x0 == 2
                    ? LargestOfFour<TSimd, TVec>(source, source + rowStride, out winner)
                    : Largest<TSimd, TVec>(source, rowStride, y1 - y0, x1 - x0, ((y0 - top) * _pool.WindowWidth) + x0 - left, out winner);
                PartialVector.Store<TSimd, TVec>(ActivationFunctions.Apply<TSimd, TVec>(_activation, TSimd.Add(best, bias)), _output + at, inside);
                if (_winners != null)
                    PartialVector.StoreBytes<TSimd, TVec>(winner, _winners + at, inside);
            }
        }
    }

    private static TVec LargestOfFour<TSimd, TVec>(float* upper, float* lower, out TVec winner)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec best = TSimd.Load(upper), v = TSimd.Load(upper + Line), larger = TSimd.GreaterThan(v, best);
        best = TSimd.Select(larger, v, best);
        winner = TSimd.And(larger, TSimd.BroadcastBits(1));
        v = TSimd.Load(lower);
        larger = TSimd.GreaterThan(v, best);
        best = TSimd.Select(larger, v, best);
        winner = TSimd.Select(larger, TSimd.BroadcastBits(2), winner);
        v = TSimd.Load(lower + Line);
        larger = TSimd.GreaterThan(v, best);
        winner = TSimd.Select(larger, TSimd.BroadcastBits(3), winner);
        return TSimd.Select(larger, v, best);
    }

    // From the first pixel, not from −∞: where all are NaN the output is NaN, so that a run that diverges is seen to.
    private TVec Largest<TSimd, TVec>(float* source, nint rowStride, int rows, int columns, int firstPlace, out TVec winner)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec best = TSimd.Load(source);
        winner = TSimd.BroadcastBits((uint)firstPlace);
        for (int y = 0; y < rows; y++, source += rowStride, firstPlace += _pool.WindowWidth)
        {
            for (int x = 0; x < columns; x++)
            {
                TVec v = TSimd.Load(source + (x * Line)), larger = TSimd.GreaterThan(v, best);
                best = TSimd.Select(larger, v, best);
                winner = TSimd.Select(larger, TSimd.BroadcastBits((uint)(firstPlace + x)), winner);
            }
        }
        return best;
    }
}
