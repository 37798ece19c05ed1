using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Pooling;

/// <summary>2-D average pooling to a given output size, forward and backward.</summary>
/// <remarks>The windows are those of PyTorch's <c>AdaptiveAvgPool2d</c>; see <see cref="AdaptivePoolGeometry"/>.</remarks>
public static unsafe class AdaptiveAveragePooling
{
    /// <summary>output[p] = the mean of the inputs in window p, channel by channel.</summary>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="output">[N, output height, output width, C], overwritten.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, the geometry is invalid, or the spans overlap.</exception>
    public static void Forward(ReadOnlySpan<float> input, Span<float> output, in AdaptivePoolGeometry geometry, ThreadTeam team)
    {
        geometry.Validate();
        Check.Length(input, geometry.InputLength, nameof(input));
        Check.Length((ReadOnlySpan<float>)output, geometry.OutputLength, nameof(output));
        Check.Apart(input, output, nameof(output));
        fixed (float* x = input, y = output)
            VectorJob.Run(team, geometry.Batch * geometry.OutputHeight, new ForwardJob(geometry, x, y));
    }

    /// <summary>dInput receives from each window that sees it the output's gradient over the window's positions.</summary>
    /// <param name="dOutput">[N, output height, output width, C].</param>
    /// <param name="dInput">[N, H, W, C], overwritten.</param>
    /// <param name="geometry">The sizes.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">A length does not fit the geometry, the geometry is invalid, or the spans overlap.</exception>
    public static void Backward(ReadOnlySpan<float> dOutput, Span<float> dInput, in AdaptivePoolGeometry geometry, ThreadTeam team)
    {
        geometry.Validate();
        Check.Length(dOutput, geometry.OutputLength, nameof(dOutput));
        Check.Length((ReadOnlySpan<float>)dInput, geometry.InputLength, nameof(dInput));
        Check.Apart(dOutput, dInput, nameof(dInput));
        fixed (float* dy = dOutput, dx = dInput)
            VectorJob.Run(team, geometry.Batch * geometry.InputHeight, new BackwardJob(geometry, dy, dx));
    }

    // One task: one output row of one picture.
    private readonly struct ForwardJob(AdaptivePoolGeometry geometry, float* x, float* y) : IVectorJob
    {
        private readonly AdaptivePoolGeometry _g = geometry;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            (int picture, int oy) = Math.DivRem(task, _g.OutputHeight);
            (int y0, int y1) = _g.Rows(oy);
            float* image = _x + ((nint)picture * _g.InputHeight * _g.InputWidth * _g.Channels);
            for (int ox = 0; ox < _g.OutputWidth; ox++)
            {
                (int x0, int x1) = _g.Columns(ox);
                TVec positions = TSimd.Broadcast((float)(y1 - y0) * (x1 - x0));
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

    // One task: one input row of one picture. Each input position asks the windows that see it, so no two tasks write the same place, and sums
    // over overlapping windows have a fixed order.
    private readonly struct BackwardJob(AdaptivePoolGeometry geometry, float* dy, float* dx) : IVectorJob
    {
        private readonly AdaptivePoolGeometry _g = geometry;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            (int picture, int iy) = Math.DivRem(task, _g.InputHeight);
            (int oy0, int oy1) = _g.RowsThatSee(iy);
            float* outputs = _dy + ((nint)picture * _g.OutputHeight * _g.OutputWidth * _g.Channels);
            for (int ix = 0; ix < _g.InputWidth; ix++)
            {
                (int ox0, int ox1) = _g.ColumnsThatSee(ix);
                float* target = _dx + ((((nint)task * _g.InputWidth) + ix) * _g.Channels);
                for (int c = 0; c < _g.Channels; c += TSimd.Width)
                {
                    int inside = _g.Channels - c;
                    TVec sum = TSimd.Zero;
                    for (int oy = oy0; oy < oy1; oy++)
                    {
                        (int y0, int y1) = _g.Rows(oy);
                        for (int ox = ox0; ox < ox1; ox++)
                        {
                            (int x0, int x1) = _g.Columns(ox);
                            float* source = outputs + ((((nint)oy * _g.OutputWidth) + ox) * _g.Channels) + c;
                            TVec positions = TSimd.Broadcast((float)(y1 - y0) * (x1 - x0));
                            sum = TSimd.Add(sum, TSimd.Divide(PartialVector.Load<TSimd, TVec>(source, inside), positions));
                        }
                    }
                    PartialVector.Store<TSimd, TVec>(sum, target + c, inside);
                }
            }
        }
    }
}
