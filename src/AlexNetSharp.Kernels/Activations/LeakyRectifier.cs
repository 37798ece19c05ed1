using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Activations;

/// <summary>The leaky rectifier y = x where x is positive, else slope · x, forward and backward (Maas, Hannun and Ng 2013, "Rectifier Nonlinearities Improve Neural Network Acoustic Models").</summary>
/// <remarks>The derivative is 1 where x is positive, else the slope, at 0 too. NaN stays NaN.</remarks>
public static class LeakyRectifier
{
    /// <summary>output = f(input).</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="output">The same length; may be <paramref name="input"/> itself.</param>
    /// <param name="slope">What negative values are multiplied by; finite.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, the spans overlap with an offset, or the slope is not finite.</exception>
    public static void Forward(ReadOnlySpan<float> input, Span<float> output, float slope, ThreadTeam team) =>
        ElementFunctions.Forward(Function(slope), input, output, team);

    /// <summary>dInput = dOutput · f'(x).</summary>
    /// <param name="values">The input x; or, unless the slope is negative, what <see cref="Forward"/> gave: it is positive where x is.</param>
    /// <param name="dOutput">∂L/∂output, the same length.</param>
    /// <param name="dInput">∂L/∂input, the same length; may be <paramref name="dOutput"/> itself.</param>
    /// <param name="slope">As in the forward pass.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, the spans overlap with an offset, or the slope is not finite.</exception>
    public static void Backward(ReadOnlySpan<float> values, ReadOnlySpan<float> dOutput, Span<float> dInput, float slope, ThreadTeam team) =>
        ElementFunctions.Backward(Function(slope), values, dOutput, dInput, team);

    private static Leaky Function(float slope) =>
        float.IsFinite(slope) ? new Leaky(slope) : throw new ArgumentException($"Leaky rectifier: the slope is {slope}; it must be a finite number.", nameof(slope));

    private readonly struct Leaky(float slope) : IElementFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVec Apply<TSimd, TVec>(TVec x)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged => Derivative<TSimd, TVec>(x, x);

        // f(x) = x · f'(x): the same formula serves both.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVec Derivative<TSimd, TVec>(TVec value, TVec dOutput)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged =>
            TSimd.Select(TSimd.GreaterThan(value, TSimd.Zero), dOutput, TSimd.Multiply(TSimd.Broadcast(slope), dOutput));
    }
}
