using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Pooling;

/// <summary>2-D average pooling over windows of one size, forward and backward.</summary>
/// <remarks>y = Σ x / n over a window, with n the positions that count (<see cref="AveragePoolGeometry"/>); dx = Σ dy / n over the windows that hold x.</remarks>
public static unsafe class AveragePooling
{
    /// <summary>output[p] = the mean of window p, channel by channel.</summary>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="output">[N, output height, output width, C], overwritten.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, the geometry is invalid, or the spans overlap.</exception>
    public static void Forward(ReadOnlySpan<float> input, Span<float> output, in AveragePoolGeometry geometry, ThreadTeam team)
    {
        geometry.Validate();
        PoolGeometry windows = geometry.Windows;
        Check.Length(input, windows.InputLength, nameof(input));
        Check.Length((ReadOnlySpan<float>)output, windows.OutputLength, nameof(output));
        Check.Apart(input, output, nameof(output));
        fixed (float* x = input, y = output)
            VectorJob.Run(team, windows.Batch * windows.OutputHeight, new ForwardJob(geometry, x, y));
    }

    /// <summary>dInput receives from each window that holds it the output's gradient over the positions that count.</summary>
    /// <param name="dOutput">[N, output height, output width, C].</param>
    /// <param name="dInput">[N, H, W, C], overwritten.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, the geometry is invalid, or the spans overlap.</exception>
    public static void Backward(ReadOnlySpan<float> dOutput, Span<float> dInput, in AveragePoolGeometry geometry, ThreadTeam team)
    {
        geometry.Validate();
        PoolGeometry windows = geometry.Windows;
        Check.Length(dOutput, windows.OutputLength, nameof(dOutput));
        Check.Length((ReadOnlySpan<float>)dInput, windows.InputLength, nameof(dInput));
        Check.Apart(dOutput, dInput, nameof(dInput));
        fixed (float* dy = dOutput, dx = dInput)
            VectorJob.Run(team, windows.Batch * windows.InputHeight, new BackwardJob(geometry, dy, dx));
    }

    // One task: one output row of one picture.
    private readonly struct ForwardJob(AveragePoolGeometry geometry, float* x, float* y) : IVectorJob
    {
        private readonly AveragePoolGeometry _average = geometry;
        private readonly PoolGeometry _g = geometry.Windows;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            (int picture, int oy) = Math.DivRem(task, _g.OutputHeight);
            float* image = _x + ((nint)picture * _g.InputHeight * _g.InputWidth * _g.Channels);
            int top = (oy * _g.StrideHeight) - _g.PadTop;
            int y0 = Math.Max(top, 0), y1 = Math.Min(top + _g.WindowHeight, _g.InputHeight);
            float rows = _average.CountedRows(oy);
            for (int ox = 0; ox < _g.OutputWidth; ox++)
            {
                int left = (ox * _g.StrideWidth) - _g.PadLeft;
                int x0 = Math.Max(left, 0), x1 = Math.Min(left + _g.WindowWidth, _g.InputWidth);
                TVec positions = TSimd.Broadcast(rows * _average.CountedColumns(ox));
                float* target = _y + ((((nint)task * _g.OutputWidth) + ox) * _g.Channels);
                for (int c = 0; c < _g.Channels; c += TSimd.Width)
                {
                    int inside = _g.Channels - c;
                    TVec sum = TSimd.Zero;
                    for (int iy = y0; iy < y1; iy++)
                    {
                        float* source = image + ((((nint)iy * _g.InputWidth) + x0) * _g.Channels) + c;
                        for (int ix = x0; ix < x1; ix++, source += _g.Channels)
                            sum = TSimd.Add(sum, PartialVector.Load<TSimd, TVec>(source, inside));
                    }
                    PartialVector.Store<TSimd, TVec>(TSimd.Divide(sum, positions), target + c, inside);
                }
            }
        }
    }

    // One task: one input row of one picture. Each input position asks the windows that hold it, so no two tasks write the same place, and
    // sums over overlapping windows have a fixed order.
    private readonly struct BackwardJob(AveragePoolGeometry geometry, float* dy, float* dx) : IVectorJob
    {
        private readonly AveragePoolGeometry _average = geometry;
        private readonly PoolGeometry _g = geometry.Windows;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            (int picture, int iy) = Math.DivRem(task, _g.InputHeight);
            (int oy0, int oy1) = _g.WindowsOfRow(iy);
            float* outputs = _dy + ((nint)picture * _g.OutputHeight * _g.OutputWidth * _g.Channels);
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
                        float rows = _average.CountedRows(oy);
                        for (int ox = ox0; ox <= ox1; ox++)
                        {
                            TVec dOutput = PartialVector.Load<TSimd, TVec>(outputs + ((((nint)oy * _g.OutputWidth) + ox) * _g.Channels) + c, inside);
                            sum = TSimd.Add(sum, TSimd.Divide(dOutput, TSimd.Broadcast(rows * _average.CountedColumns(ox))));
                        }
                    }
                    PartialVector.Store<TSimd, TVec>(sum, target + c, inside);
                }
            }
        }
    }
}
