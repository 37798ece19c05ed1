using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Normalization;

/// <summary>LRN with any radius and exponent: a pixel's values are laid between two margins of zeros, so that every window is the same few loads.</summary>
internal static unsafe class LrnStage
{
    /// <summary>y = x · s^−β, pixel by pixel.</summary>
    public static void Forward<TSimd, TVec>(in LrnGeometry geometry, float* x, float* y, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int channels = geometry.Channels, length = StageLength(geometry, TSimd.Width);
        float* squares = stackalloc float[length];
        new Span<float>(squares, length).Clear();
        squares += geometry.Radius;
        TVec alpha = TSimd.Broadcast(geometry.Alpha), bias = TSimd.Broadcast(geometry.Bias);
        for (; pixels > 0; pixels--, x += channels, y += channels)
        {
            StageSquares<TSimd, TVec>(x, squares, channels);
            for (int c = 0; c < channels; c += TSimd.Width)
            {
                TVec s = TSimd.MultiplyAdd(alpha, WindowSum<TSimd, TVec>(squares + c, geometry.Radius), bias);
                TVec values = PartialVector.Load<TSimd, TVec>(x + c, channels - c);
                PartialVector.Store<TSimd, TVec>(TSimd.Multiply(values, PowerOfMinusBeta<TSimd, TVec>(s, geometry.Beta)), y + c, channels - c);
            }
        }
    }

    /// <summary>dx = dy · s^−β − 2αβ · x · Σ dy · x · s^(−β−1), pixel by pixel.</summary>
    public static void Backward<TSimd, TVec>(in LrnGeometry geometry, float* x, float* dy, float* dx, int pixels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int channels = geometry.Channels, length = StageLength(geometry, TSimd.Width);
        float* squares = stackalloc float[length];
        float* ratios = stackalloc float[length]; // dy · x · s^(−β−1)
        float* direct = stackalloc float[channels + TSimd.Width]; // dy · s^−β
        new Span<float>(squares, length).Clear();
        new Span<float>(ratios, length).Clear();
        squares += geometry.Radius;
        ratios += geometry.Radius;
        TVec alpha = TSimd.Broadcast(geometry.Alpha), bias = TSimd.Broadcast(geometry.Bias);
        TVec factor = TSimd.Broadcast(-2 * geometry.Alpha * geometry.Beta);
        for (; pixels > 0; pixels--, x += channels, dy += channels, dx += channels)
        {
            StageSquares<TSimd, TVec>(x, squares, channels);
            for (int c = 0; c < channels; c += TSimd.Width)
            {
                TVec s = TSimd.MultiplyAdd(alpha, WindowSum<TSimd, TVec>(squares + c, geometry.Radius), bias);
                TVec values = PartialVector.Load<TSimd, TVec>(x + c, channels - c);
                TVec d = TSimd.Multiply(PartialVector.Load<TSimd, TVec>(dy + c, channels - c), PowerOfMinusBeta<TSimd, TVec>(s, geometry.Beta));
                TSimd.Store(d, direct + c);
                PartialVector.Store<TSimd, TVec>(TSimd.Divide(TSimd.Multiply(d, values), s), ratios + c, channels - c);
            }
            for (int c = 0; c < channels; c += TSimd.Width)
            {
                TVec values = PartialVector.Load<TSimd, TVec>(x + c, channels - c);
                TVec sum = WindowSum<TSimd, TVec>(ratios + c, geometry.Radius);
                PartialVector.Store<TSimd, TVec>(TSimd.MultiplyAdd(TSimd.Multiply(factor, values), sum, TSimd.Load(direct + c)), dx + c, channels - c);
            }
        }
    }

    // The last vector starts below `channels`, and its window reaches radius + width − 1 past that.
    private static int StageLength(in LrnGeometry geometry, int width) => geometry.Channels + (2 * geometry.Radius) + width;

    private static void StageSquares<TSimd, TVec>(float* x, float* squares, int channels)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        for (int c = 0; c < channels; c += TSimd.Width)
        {
            TVec values = PartialVector.Load<TSimd, TVec>(x + c, channels - c);
            PartialVector.Store<TSimd, TVec>(TSimd.Multiply(values, values), squares + c, channels - c);
        }
    }

    /// <summary>s^−β; two square roots instead of a power where β is 0.75.</summary>
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
}
