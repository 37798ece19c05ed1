using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Pooling;

/// <summary>2-D max pooling, forward and backward.</summary>
/// <remarks>The first maximum in row-major window order wins, as in TensorFlow and PyTorch; its place in the window is kept in a byte.</remarks>
public static unsafe class MaxPooling
{
    /// <summary>output[p] = the largest input in window p, channel by channel.</summary>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="output">[N, output height, output width, C], overwritten.</param>
    /// <param name="winners">The same shape: ky · window width + kx of the maximum, kept for <see cref="Backward"/>; empty in inference.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or the geometry is invalid.</exception>
    public static void Forward(ReadOnlySpan<float> input, Span<float> output, Span<byte> winners, in PoolGeometry geometry, ThreadTeam team)
    {
        geometry.Validate();
        Check.Length(input, geometry.InputLength, nameof(input));
        Check.Length((ReadOnlySpan<float>)output, geometry.OutputLength, nameof(output));
        if (!winners.IsEmpty)
            Check.Length((ReadOnlySpan<byte>)winners, geometry.OutputLength, nameof(winners));
        fixed (float* x = input, y = output)
        fixed (byte* w = winners)
            VectorJob.Run(team, geometry.Batch * geometry.OutputHeight, new ForwardJob(geometry, x, y, w));
    }

    /// <summary>dInput receives each output's gradient where its maximum stood, zero elsewhere.</summary>
    /// <param name="dOutput">[N, output height, output width, C].</param>
    /// <param name="winners">What <see cref="Forward"/> wrote.</param>
    /// <param name="dInput">[N, H, W, C], overwritten.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, or the geometry is invalid.</exception>
    public static void Backward(ReadOnlySpan<float> dOutput, ReadOnlySpan<byte> winners, Span<float> dInput, in PoolGeometry geometry, ThreadTeam team)
    {
        geometry.Validate();
        Check.Length(dOutput, geometry.OutputLength, nameof(dOutput));
        Check.Length(winners, geometry.OutputLength, nameof(winners));
        Check.Length((ReadOnlySpan<float>)dInput, geometry.InputLength, nameof(dInput));
        fixed (float* dy = dOutput, dx = dInput)
        fixed (byte* w = winners)
            VectorJob.Run(team, geometry.Batch * geometry.InputHeight, new BackwardJob(geometry, dy, w, dx));
    }

    // One task: one output row of one picture.
    private readonly struct ForwardJob(PoolGeometry geometry, float* x, float* y, byte* winners) : IVectorJob
    {
        private readonly PoolGeometry _g = geometry;
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly byte* _winners = winners;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            (int picture, int oy) = Math.DivRem(task, _g.OutputHeight);
            float* image = _x + ((nint)picture * _g.InputHeight * _g.InputWidth * _g.Channels);
            int top = (oy * _g.StrideHeight) - _g.PadTop;
            int y0 = Math.Max(top, 0), y1 = Math.Min(top + _g.WindowHeight, _g.InputHeight);
            for (int ox = 0; ox < _g.OutputWidth; ox++)
            {
                int left = (ox * _g.StrideWidth) - _g.PadLeft;
                int x0 = Math.Max(left, 0), x1 = Math.Min(left + _g.WindowWidth, _g.InputWidth);
                nint output = (((nint)task * _g.OutputWidth) + ox) * _g.Channels;
                for (int c = 0; c < _g.Channels; c += TSimd.Width)
                {
                    int inside = _g.Channels - c;
                    // From the first pixel, not from −∞: where all are NaN the output is NaN, so that a run that diverges is seen to.
                    TVec best = PartialVector.Load<TSimd, TVec>(image + ((((nint)y0 * _g.InputWidth) + x0) * _g.Channels) + c, inside);
                    TVec winner = TSimd.BroadcastBits((uint)(((y0 - top) * _g.WindowWidth) + x0 - left));
                    for (int iy = y0; iy < y1; iy++)
                    {
                        float* source = image + ((((nint)iy * _g.InputWidth) + x0) * _g.Channels) + c;
                        uint place = (uint)(((iy - top) * _g.WindowWidth) + x0 - left);
                        for (int ix = x0; ix < x1; ix++, source += _g.Channels, place++)
                        {
                            TVec v = PartialVector.Load<TSimd, TVec>(source, inside);
                            TVec larger = TSimd.GreaterThan(v, best);
                            best = TSimd.Select(larger, v, best);
                            winner = TSimd.Select(larger, TSimd.BroadcastBits(place), winner);
                        }
                    }
                    PartialVector.Store<TSimd, TVec>(best, _y + output + c, inside);
                    if (_winners != null)
                        PartialVector.StoreBytes<TSimd, TVec>(winner, _winners + output + c, inside);
                }
            }
        }
    }

    // One task: one input row of one picture. Each input position asks the windows that hold it whether it won there; so no two tasks
    // write the same place, and sums over overlapping windows have a fixed order.
    private readonly struct BackwardJob(PoolGeometry geometry, float* dy, byte* winners, float* dx) : IVectorJob
    {
        private readonly PoolGeometry _g = geometry;
        private readonly float* _dy = dy;
        private readonly byte* _winners = winners;
        private readonly float* _dx = dx;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            (int picture, int iy) = Math.DivRem(task, _g.InputHeight);
            (int oy0, int oy1) = _g.WindowsOfRow(iy);
            nint outputs = (nint)picture * _g.OutputHeight * _g.OutputWidth;
            for (int ix = 0; ix < _g.InputWidth; ix++)
            {
                (int ox0, int ox1) = _g.WindowsOfColumn(ix);
                float* target = _dx + ((((nint)task * _g.InputWidth) + ix) * _g.Channels);
                for (int c = 0; c < _g.Channels; c += TSimd.Width)
                {
                    int inside = _g.Channels - c;
                    TVec sum = TSimd.Zero;
                    for (int oy = oy0; oy <= oy1; oy++)
                    {
                        for (int ox = ox0; ox <= ox1; ox++)
                        {
                            uint place = (uint)(((iy + _g.PadTop - (oy * _g.StrideHeight)) * _g.WindowWidth) + ix + _g.PadLeft - (ox * _g.StrideWidth));
                            nint output = ((outputs + ((nint)oy * _g.OutputWidth) + ox) * _g.Channels) + c;
                            TVec won = TSimd.EqualBits(PartialVector.LoadBytes<TSimd, TVec>(_winners + output, inside), TSimd.BroadcastBits(place));
                            sum = TSimd.Add(sum, TSimd.And(won, PartialVector.Load<TSimd, TVec>(_dy + output, inside)));
                        }
                    }
                    PartialVector.Store<TSimd, TVec>(sum, target + c, inside);
                }
            }
        }
    }
}
