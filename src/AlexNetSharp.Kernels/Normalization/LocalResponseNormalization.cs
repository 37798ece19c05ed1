using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Normalization;

/// <summary>Local response normalisation across channels, forward and backward.</summary>
/// <remarks>
/// y[c] = x[c] · s[c]^−β with s[c] = bias + α · Σ x[j]², j over the 2 · radius + 1 channels around c, clipped at the ends.
/// α is not divided by the window's size (TensorFlow, and Krizhevsky et al. 2012, §3.3); PyTorch, Caffe and ONNX divide it:
/// <see cref="LrnGeometry.FromAveragedAlpha"/>. β = 0.75 takes two square roots instead of a power.
/// A pixel's squares are laid between two margins of zeros, so that every window is the same few unaligned loads.
/// </remarks>
public static unsafe class LocalResponseNormalization
{
    private const int PixelsPerTask = 128;

    /// <summary>Normalises every pixel.</summary>
    /// <param name="input">[positions, channels], channels contiguous.</param>
    /// <param name="output">The same shape, overwritten; may be <paramref name="input"/> itself.</param>
    /// <param name="scale">The same shape, out: s, kept for <see cref="Backward"/>; empty in inference.</param>
    /// <param name="geometry">The constants.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, or are no multiple of <c>geometry.Channels</c>.</exception>
    public static void Forward(ReadOnlySpan<float> input, Span<float> output, Span<float> scale, in LrnGeometry geometry, ThreadTeam team)
    {
        int pixels = Pixels(input, geometry);
        Check.Length((ReadOnlySpan<float>)output, input.Length, nameof(output));
        Check.SameOrApart(input, output, nameof(output));
        if (!scale.IsEmpty)
            Check.Length((ReadOnlySpan<float>)scale, input.Length, nameof(scale));
        fixed (float* x = input, y = output, s = scale)
            VectorJob.Run(team, Tasks(pixels), new ForwardJob(geometry, x, y, s, pixels));
    }

    /// <summary>dInput = ∂L/∂input.</summary>
    /// <remarks>dx[c] = dy[c] · s[c]^−β − 2αβ · x[c] · Σ dy[j] · x[j] · s[j]^(−β−1), j over the channels whose windows hold c.</remarks>
    /// <param name="input">What <see cref="Forward"/> was given.</param>
    /// <param name="scale">What <see cref="Forward"/> wrote.</param>
    /// <param name="dOutput">∂L/∂output, the same shape.</param>
    /// <param name="dInput">The same shape, overwritten; may be <paramref name="dOutput"/> itself.</param>
    /// <param name="geometry">The constants.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, or are no multiple of <c>geometry.Channels</c>.</exception>
    public static void Backward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> scale, ReadOnlySpan<float> dOutput, Span<float> dInput, in LrnGeometry geometry, ThreadTeam team)
    {
        int pixels = Pixels(input, geometry);
        Check.Length(scale, input.Length, nameof(scale));
        Check.Length(dOutput, input.Length, nameof(dOutput));
        Check.Length((ReadOnlySpan<float>)dInput, input.Length, nameof(dInput));
        Check.SameOrApart(dOutput, dInput, nameof(dInput));
        fixed (float* x = input, s = scale, dy = dOutput, dx = dInput)
            VectorJob.Run(team, Tasks(pixels), new BackwardJob(geometry, x, s, dy, dx, pixels));
    }

    private static int Tasks(int pixels) => (pixels + PixelsPerTask - 1) / PixelsPerTask;

    private static int Pixels(ReadOnlySpan<float> input, in LrnGeometry geometry)
    {
        geometry.Validate();
        if (input.Length % geometry.Channels != 0)
            throw new ArgumentException($"LRN: {input.Length} elements are no whole number of pixels of {geometry.Channels} channels.", nameof(input));
        return input.Length / geometry.Channels;
    }

    /// <summary>s^−β.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec PowerOfMinusBeta<TSimd, TVec>(TVec s, float beta)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        if (beta == 0.75f)
        {
            TVec root = TSimd.Sqrt(s);
            return TSimd.Divide(TSimd.Broadcast(1), TSimd.Multiply(root, TSimd.Sqrt(root)));
        }
        return TSimd.Exp(TSimd.Multiply(TSimd.Broadcast(-beta), TSimd.Log(s)));
    }

    /// <summary>The sum of the 2 · radius + 1 values around <paramref name="middle"/>, lane by lane, lowest channel first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec WindowSum<TSimd, TVec>(float* middle, int radius)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec sum = TSimd.Load(middle - radius);
        for (int d = 1 - radius; d <= radius; d++)
            sum = TSimd.Add(sum, TSimd.Load(middle + d));
        return sum;
    }

    private readonly struct ForwardJob(LrnGeometry geometry, float* x, float* y, float* scale, int pixels) : IVectorJob
    {
        private readonly LrnGeometry _g = geometry;
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly float* _scale = scale;
        private readonly int _pixels = pixels;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int channels = _g.Channels;
            // In bounds: the last vector starts below `channels` and its window reaches radius + width − 1 past that.
            int length = channels + (2 * _g.Radius) + TSimd.Width;
            float* squares = stackalloc float[length];
            new Span<float>(squares, length).Clear();
            squares += _g.Radius;
            TVec alpha = TSimd.Broadcast(_g.Alpha), bias = TSimd.Broadcast(_g.Bias);
            int end = Math.Min(_pixels, (task + 1) * PixelsPerTask);
            for (int pixel = task * PixelsPerTask; pixel < end; pixel++)
            {
                nint at = (nint)pixel * channels;
                for (int c = 0; c < channels; c += TSimd.Width)
                {
                    TVec x = PartialVector.Load<TSimd, TVec>(_x + at + c, channels - c);
                    PartialVector.Store<TSimd, TVec>(TSimd.Multiply(x, x), squares + c, channels - c);
                }
                for (int c = 0; c < channels; c += TSimd.Width)
                {
                    int inside = channels - c;
                    TVec s = TSimd.MultiplyAdd(alpha, WindowSum<TSimd, TVec>(squares + c, _g.Radius), bias);
                    TVec x = PartialVector.Load<TSimd, TVec>(_x + at + c, inside);
                    PartialVector.Store<TSimd, TVec>(TSimd.Multiply(x, PowerOfMinusBeta<TSimd, TVec>(s, _g.Beta)), _y + at + c, inside);
                    if (_scale != null)
                        PartialVector.Store<TSimd, TVec>(s, _scale + at + c, inside);
                }
            }
        }
    }

    private readonly struct BackwardJob(LrnGeometry geometry, float* x, float* scale, float* dy, float* dx, int pixels) : IVectorJob
    {
        private readonly LrnGeometry _g = geometry;
        private readonly float* _x = x;
        private readonly float* _scale = scale;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;
        private readonly int _pixels = pixels;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int channels = _g.Channels;
            int length = channels + (2 * _g.Radius) + TSimd.Width;
            float* ratios = stackalloc float[length]; // dy · x · s^(−β−1)
            float* direct = stackalloc float[channels + TSimd.Width]; // dy · s^−β
            new Span<float>(ratios, length).Clear();
            ratios += _g.Radius;
            TVec factor = TSimd.Broadcast(-2 * _g.Alpha * _g.Beta);
            int end = Math.Min(_pixels, (task + 1) * PixelsPerTask);
            for (int pixel = task * PixelsPerTask; pixel < end; pixel++)
            {
                nint at = (nint)pixel * channels;
                for (int c = 0; c < channels; c += TSimd.Width)
                {
                    int inside = channels - c;
                    TVec s = PartialVector.Load<TSimd, TVec>(_scale + at + c, inside);
                    TVec x = PartialVector.Load<TSimd, TVec>(_x + at + c, inside);
                    TVec dy = PartialVector.Load<TSimd, TVec>(_dy + at + c, inside);
                    TVec d = TSimd.Multiply(dy, PowerOfMinusBeta<TSimd, TVec>(s, _g.Beta));
                    TSimd.Store(d, direct + c);
                    // A part of a vector past the last channel divides 0 by 0; it is not stored.
                    PartialVector.Store<TSimd, TVec>(TSimd.Divide(TSimd.Multiply(d, x), s), ratios + c, inside);
                }
                for (int c = 0; c < channels; c += TSimd.Width)
                {
                    int inside = channels - c;
                    TVec x = PartialVector.Load<TSimd, TVec>(_x + at + c, inside);
                    TVec sum = WindowSum<TSimd, TVec>(ratios + c, _g.Radius);
                    PartialVector.Store<TSimd, TVec>(TSimd.MultiplyAdd(TSimd.Multiply(factor, x), sum, TSimd.Load(direct + c)), _dx + at + c, inside);
                }
            }
        }
    }
}
