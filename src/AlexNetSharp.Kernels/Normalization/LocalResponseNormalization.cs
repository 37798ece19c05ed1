using AlexNetSharp.Kernels.Regularization;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Normalization;

/// <summary>Local response normalisation across channels, forward and backward, alone or with the dropout that follows it.</summary>
/// <remarks>
/// y[c] = x[c] · s[c]^−β with s[c] = bias + α · Σ x[j]², j over the 2 · radius + 1 channels around c, clipped at the ends.
/// α is not divided by the window's size (TensorFlow, and Krizhevsky et al. 2012, §3.3); PyTorch, Caffe and ONNX divide it:
/// <see cref="LrnGeometry.FromAveragedAlpha"/>. The backward pass computes s again: that costs less than to write and read it.
/// With a mask the results are those of <see cref="Dropout.Apply"/> on the normalised values (forward) or on dOutput (backward), bit for bit;
/// it is applied to a few pixels at a time, while they are in the cache.
/// </remarks>
public static unsafe class LocalResponseNormalization
{
    // A task's pixels, once as input and once as output, fit the first-level cache together.
    private const int ElementsPerTask = 4096;

    /// <summary>Normalises every pixel.</summary>
    /// <param name="input">[positions, channels], channels contiguous.</param>
    /// <param name="output">The same shape, overwritten; may be <paramref name="input"/> itself.</param>
    /// <param name="geometry">The constants.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, or are no multiple of <c>geometry.Channels</c>.</exception>
    public static void Forward(ReadOnlySpan<float> input, Span<float> output, in LrnGeometry geometry, ThreadTeam team) =>
        Forward(input, output, geometry, DropoutMask.None, team);

    /// <summary>Normalises every pixel, then drops out.</summary>
    /// <param name="input">[positions, channels], channels contiguous.</param>
    /// <param name="output">The same shape, overwritten; may be <paramref name="input"/> itself.</param>
    /// <param name="geometry">The constants.</param>
    /// <param name="mask">The mask over the whole output; <see cref="DropoutMask.None"/> for none.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, are no multiple of <c>geometry.Channels</c>, or <paramref name="mask"/> is not valid.</exception>
    public static void Forward(ReadOnlySpan<float> input, Span<float> output, in LrnGeometry geometry, in DropoutMask mask, ThreadTeam team)
    {
        int pixels = Pixels(input, geometry);
        Check.Length((ReadOnlySpan<float>)output, input.Length, nameof(output));
        Check.SameOrApart(input, output, nameof(output));
        mask.Validate();
        fixed (float* x = input, y = output)
            VectorJob.Run(team, Tasks(pixels, geometry), new ForwardJob(geometry, mask, x, y, pixels));
    }

    /// <summary>dInput = ∂L/∂input.</summary>
    /// <remarks>dx[c] = dy[c] · s[c]^−β − 2αβ · x[c] · Σ dy[j] · x[j] · s[j]^(−β−1), j over the channels whose windows hold c.</remarks>
    /// <param name="input">What <c>Forward</c> was given.</param>
    /// <param name="dOutput">∂L/∂output, the same shape.</param>
    /// <param name="dInput">The same shape, overwritten; may be <paramref name="dOutput"/> itself, not <paramref name="input"/>.</param>
    /// <param name="geometry">The constants.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, are no multiple of <c>geometry.Channels</c>, or dInput overlaps what it must not.</exception>
    public static void Backward(ReadOnlySpan<float> input, ReadOnlySpan<float> dOutput, Span<float> dInput, in LrnGeometry geometry, ThreadTeam team) =>
        Backward(input, dOutput, dInput, geometry, DropoutMask.None, team);

    /// <summary>dInput = ∂L/∂input of a forward pass with dropout.</summary>
    /// <param name="input">What <c>Forward</c> was given.</param>
    /// <param name="dOutput">∂L/∂output, the same shape.</param>
    /// <param name="dInput">The same shape, overwritten; may be <paramref name="dOutput"/> itself, not <paramref name="input"/>.</param>
    /// <param name="geometry">The constants.</param>
    /// <param name="mask">The forward pass's mask.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">
    /// Lengths differ, are no multiple of <c>geometry.Channels</c>, dInput overlaps what it must not, or <paramref name="mask"/> is not valid.
    /// </exception>
    public static void Backward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> dOutput, Span<float> dInput, in LrnGeometry geometry, in DropoutMask mask, ThreadTeam team)
    {
        int pixels = Pixels(input, geometry);
        Check.Length(dOutput, input.Length, nameof(dOutput));
        Check.Length((ReadOnlySpan<float>)dInput, input.Length, nameof(dInput));
        Check.SameOrApart(dOutput, dInput, nameof(dInput));
        Check.Apart(input, dInput, nameof(dInput));
        mask.Validate();
        fixed (float* x = input, dy = dOutput, dx = dInput)
            VectorJob.Run(team, Tasks(pixels, geometry), new BackwardJob(geometry, mask, x, dy, dx, pixels));
    }

    /// <summary>The forward pass of some pixels that follow one another.</summary>
    /// <param name="geometry">The constants; valid.</param>
    /// <param name="mask">The mask over the whole output; valid.</param>
    /// <param name="x">The pixels.</param>
    /// <param name="y">Their outputs; may be <paramref name="x"/>.</param>
    /// <param name="first">Index of the first pixel's first element in the whole output: where in the mask it stands.</param>
    /// <param name="pixels">How many, at least 1.</param>
    internal static void ForwardPixels<TSimd, TVec>(in LrnGeometry geometry, in DropoutMask mask, float* x, float* y, int first, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        if (LrnStream.Serves(geometry))
            LrnStream.Forward<TSimd, TVec>(geometry, x, y, pixels);
        else
            LrnStage.Forward<TSimd, TVec>(geometry, x, y, pixels);
        Dropout.ApplyRange<TSimd, TVec>(mask, y, y, first, first + (pixels * geometry.Channels));
    }

    /// <summary>The backward pass of some pixels that follow one another.</summary>
    /// <param name="geometry">The constants; valid.</param>
    /// <param name="mask">The mask over the whole output; valid.</param>
    /// <param name="x">The pixels.</param>
    /// <param name="dy">The gradients of their outputs.</param>
    /// <param name="dx">The gradients of the pixels; may be <paramref name="dy"/>.</param>
    /// <param name="first">Index of the first pixel's first element in the whole output: where in the mask it stands.</param>
    /// <param name="pixels">How many, at least 1.</param>
    internal static void BackwardPixels<TSimd, TVec>(in LrnGeometry geometry, in DropoutMask mask, float* x, float* dy, float* dx, int first, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        if (mask.Keep != 1)
        {
            Dropout.ApplyRange<TSimd, TVec>(mask, dy, dx, first, first + (pixels * geometry.Channels));
            dy = dx;
        }
        if (LrnStream.Serves(geometry))
            LrnStream.Backward<TSimd, TVec>(geometry, x, dy, dx, pixels);
        else
            LrnStage.Backward<TSimd, TVec>(geometry, x, dy, dx, pixels);
    }

    private static int PixelsPerTask(in LrnGeometry geometry) => Math.Max(1, ElementsPerTask / geometry.Channels);

    private static int Tasks(int pixels, in LrnGeometry geometry)
    {
        int perTask = PixelsPerTask(geometry);
        return (pixels / perTask) + (pixels % perTask == 0 ? 0 : 1);
    }

    private static int Pixels(ReadOnlySpan<float> input, in LrnGeometry geometry)
    {
        geometry.Validate();
        if (input.Length % geometry.Channels != 0)
            throw new ArgumentException($"LRN: {input.Length} elements are no whole number of pixels of {geometry.Channels} channels.", nameof(input));
        return input.Length / geometry.Channels;
    }

    private readonly struct ForwardJob(LrnGeometry geometry, DropoutMask mask, float* x, float* y, int pixels) : IVectorJob
    {
        private readonly LrnGeometry _geometry = geometry;
        private readonly DropoutMask _mask = mask;
        private readonly float* _x = x;
        private readonly float* _y = y;
        private readonly int _pixels = pixels;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int perTask = PixelsPerTask(_geometry), first = task * perTask * _geometry.Channels;
            ForwardPixels<TSimd, TVec>(_geometry, _mask, _x + first, _y + first, first, Math.Min(perTask, _pixels - (task * perTask)));
        }
    }

    private readonly struct BackwardJob(LrnGeometry geometry, DropoutMask mask, float* x, float* dy, float* dx, int pixels) : IVectorJob
    {
        private readonly LrnGeometry _geometry = geometry;
        private readonly DropoutMask _mask = mask;
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _dx = dx;
        private readonly int _pixels = pixels;

        public void Execute<TSimd, TVec>(int task, int worker)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int perTask = PixelsPerTask(_geometry), first = task * perTask * _geometry.Channels;
            BackwardPixels<TSimd, TVec>(_geometry, _mask, _x + first, _dy + first, _dx + first, first, Math.Min(perTask, _pixels - (task * perTask)));
        }
    }
}
