using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Normalization;

/// <summary>LRN as networks have it, β 0.75 and radius 2 or 4: a pixel's channels pass once, windows are summed in registers.</summary>
/// <remarks>
/// s^0.75 = √s · √√s: both are rounded correctly everywhere, so the bits do not depend on the vector's width, as an estimate's would.
/// The loops take whole vectors and call nothing, for a call would cost all their registers; channels that end inside a vector are copied
/// to rows that do not.
/// </remarks>
internal static unsafe class LrnStream
{
    private const float Beta = 0.75f;

    // Values of the backward pass between its two loops: enough pixels to keep the loops apart, few enough for the first-level cache.
    private const int StageLength = 1024;

    /// <summary>Whether <paramref name="geometry"/> is one of those computed here.</summary>
    public static bool Serves(in LrnGeometry geometry) => geometry.Beta == Beta && geometry.Radius is 2 or 4;

    /// <summary>y = x · s^−β, pixel by pixel.</summary>
    public static void Forward<TSimd, TVec>(in LrnGeometry geometry, float* x, float* y, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int channels = geometry.Channels;
        if (channels % TSimd.Width == 0)
        {
            ForwardRows<TSimd, TVec>(geometry, channels, x, y, pixels);
            return;
        }
        int padded = channels + TSimd.Width - (channels % TSimd.Width);
        float* row = stackalloc float[padded];
        new Span<float>(row, padded).Clear();
        for (; pixels > 0; pixels--, x += channels, y += channels)
        {
            new ReadOnlySpan<float>(x, channels).CopyTo(new Span<float>(row, channels));
            ForwardRows<TSimd, TVec>(geometry, padded, row, row, 1);
            new ReadOnlySpan<float>(row, channels).CopyTo(new Span<float>(y, channels));
        }
    }

    /// <summary>dx = dy · s^−β − 2αβ · x · Σ dy · x · s^(−β−1), pixel by pixel.</summary>
    public static void Backward<TSimd, TVec>(in LrnGeometry geometry, float* x, float* dy, float* dx, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int channels = geometry.Channels;
        if (channels % TSimd.Width == 0)
        {
            BackwardRows<TSimd, TVec>(geometry, channels, x, dy, dx, pixels);
            return;
        }
        int padded = channels + TSimd.Width - (channels % TSimd.Width);
        float* row = stackalloc float[padded], gradients = stackalloc float[padded];
        new Span<float>(row, padded).Clear();
        new Span<float>(gradients, padded).Clear();
        for (; pixels > 0; pixels--, x += channels, dy += channels, dx += channels)
        {
            new ReadOnlySpan<float>(x, channels).CopyTo(new Span<float>(row, channels));
            new ReadOnlySpan<float>(dy, channels).CopyTo(new Span<float>(gradients, channels));
            BackwardRows<TSimd, TVec>(geometry, padded, row, gradients, gradients, 1);
            new ReadOnlySpan<float>(gradients, channels).CopyTo(new Span<float>(dx, channels));
        }
    }

    private static void ForwardRows<TSimd, TVec>(in LrnGeometry geometry, int channels, float* x, float* y, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        if (geometry.Radius == Radius4.Value)
            ForwardRows<TSimd, TVec, Radius4>(geometry, channels, x, y, pixels);
        else
            ForwardRows<TSimd, TVec, Radius2>(geometry, channels, x, y, pixels);
    }

    private static void BackwardRows<TSimd, TVec>(in LrnGeometry geometry, int channels, float* x, float* dy, float* dx, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        if (geometry.Radius == Radius4.Value)
            BackwardRows<TSimd, TVec, Radius4>(geometry, channels, x, dy, dx, pixels);
        else
            BackwardRows<TSimd, TVec, Radius2>(geometry, channels, x, dy, dx, pixels);
    }

    private static void ForwardRows<TSimd, TVec, TRadius>(in LrnGeometry geometry, int channels, float* x, float* y, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
        where TRadius : struct, IWindowRadius
    {
        TVec alpha = TSimd.Broadcast(geometry.Alpha), bias = TSimd.Broadcast(geometry.Bias);
        for (; pixels > 0; pixels--, x += channels, y += channels)
        {
            // A vector's windows are complete when the next vector is there; past the last channel there are zeros.
            SlidingWindow<TSimd, TVec, TRadius> squares = default;
            TVec current = TSimd.Load(x);
            _ = squares.Push(TSimd.Multiply(current, current));
            int c = TSimd.Width;
            for (; c < channels; c += TSimd.Width)
            {
                TVec next = TSimd.Load(x + c);
                TVec root = TSimd.Sqrt(TSimd.MultiplyAdd(alpha, squares.Push(TSimd.Multiply(next, next)), bias));
                TSimd.Store(TSimd.Divide(current, TSimd.Multiply(root, TSimd.Sqrt(root))), y + c - TSimd.Width);
                current = next;
            }
            TVec last = TSimd.Sqrt(TSimd.MultiplyAdd(alpha, squares.Push(TSimd.Zero), bias));
            TSimd.Store(TSimd.Divide(current, TSimd.Multiply(last, TSimd.Sqrt(last))), y + c - TSimd.Width);
        }
    }

    private static void BackwardRows<TSimd, TVec, TRadius>(in LrnGeometry geometry, int channels, float* x, float* dy, float* dx, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
        where TRadius : struct, IWindowRadius
    {
        // Two loops: together, a vector's chain of roots and sums is longer than what a processor looks ahead.
        int block = Math.Clamp(StageLength / channels, 1, pixels);
        float* ratios = stackalloc float[block * channels];
        for (; pixels > 0; pixels -= block)
        {
            block = Math.Min(block, pixels);
            DirectAndRatios<TSimd, TVec, TRadius>(geometry, channels, x, dy, dx, ratios, block);
            AddWindows<TSimd, TVec, TRadius>(geometry, channels, x, ratios, dx, block);
            x += block * channels;
            dy += block * channels;
            dx += block * channels;
        }
    }

    // direct = dy · s^−β, which may be dy; ratios = direct · x / s.
    private static void DirectAndRatios<TSimd, TVec, TRadius>(
        in LrnGeometry geometry, int channels, float* x, float* dy, float* direct, float* ratios, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
        where TRadius : struct, IWindowRadius
    {
        TVec alpha = TSimd.Broadcast(geometry.Alpha), bias = TSimd.Broadcast(geometry.Bias), one = TSimd.Broadcast(1);
        TVec largest = TSimd.Broadcast(float.MaxValue);
        for (; pixels > 0; pixels--, x += channels, dy += channels, direct += channels, ratios += channels)
        {
            SlidingWindow<TSimd, TVec, TRadius> squares = default;
            TVec current = TSimd.Load(x);
            _ = squares.Push(TSimd.Multiply(current, current));
            for (int c = 0; c < channels; c += TSimd.Width)
            {
                TVec next = c + TSimd.Width < channels ? TSimd.Load(x + c + TSimd.Width) : TSimd.Zero;
                TVec s = TSimd.MultiplyAdd(alpha, squares.Push(TSimd.Multiply(next, next)), bias);
                // s^−0.75 = √√s / s: the one division serves the ratio as well.
                TVec inverse = TSimd.Divide(one, s);
                TVec power = TSimd.Multiply(TSimd.Sqrt(TSimd.Sqrt(s)), inverse);
                // Past float's range that is ∞ · 0. What is no number already stays so.
                power = TSimd.Select(TSimd.GreaterThan(s, largest), TSimd.Zero, power);
                TVec d = TSimd.Multiply(TSimd.Load(dy + c), power);
                TSimd.Store(d, direct + c);
                TSimd.Store(TSimd.Multiply(d, TSimd.Multiply(current, inverse)), ratios + c);
                current = next;
            }
        }
    }

    // dx, which holds dy · s^−β, becomes dx − 2αβ · x · Σ ratios.
    private static void AddWindows<TSimd, TVec, TRadius>(in LrnGeometry geometry, int channels, float* x, float* ratios, float* dx, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
        where TRadius : struct, IWindowRadius
    {
        TVec factor = TSimd.Broadcast(-2 * geometry.Alpha * Beta);
        for (; pixels > 0; pixels--, x += channels, ratios += channels, dx += channels)
        {
            SlidingWindow<TSimd, TVec, TRadius> window = default;
            _ = window.Push(TSimd.Load(ratios));
            for (int c = 0; c < channels; c += TSimd.Width)
            {
                TVec next = c + TSimd.Width < channels ? TSimd.Load(ratios + c + TSimd.Width) : TSimd.Zero;
                TVec sum = window.Push(next);
                TSimd.Store(TSimd.MultiplyAdd(TSimd.Multiply(factor, TSimd.Load(x + c)), sum, TSimd.Load(dx + c)), dx + c);
            }
        }
    }
}
