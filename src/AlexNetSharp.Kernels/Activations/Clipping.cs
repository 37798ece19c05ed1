using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Kernels.Activations;

/// <summary>Clipping y = min(max(x, minimum), maximum), forward and backward; from 0 to 6 it is ReLU6.</summary>
/// <remarks>The derivative is 1 between the bounds and 0 at them and beyond, as PyTorch has it for <c>Hardtanh</c> and <c>ReLU6</c>. NaN stays NaN.</remarks>
public static class Clipping
{
    /// <summary>output = f(input).</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="output">The same length; may be <paramref name="input"/> itself.</param>
    /// <param name="minimum">The lower bound.</param>
    /// <param name="maximum">The upper bound, above the lower.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, the spans overlap with an offset, or the bounds are in no order.</exception>
    public static void Forward(ReadOnlySpan<float> input, Span<float> output, float minimum, float maximum, ThreadTeam team) =>
        ElementFunctions.Forward(Function(minimum, maximum), input, output, team);

    /// <summary>dInput = dOutput · f'(x), from the function's own output.</summary>
    /// <param name="output">What <see cref="Forward"/> gave.</param>
    /// <param name="dOutput">∂L/∂output, the same length.</param>
    /// <param name="dInput">∂L/∂input, the same length; may be <paramref name="dOutput"/> itself.</param>
    /// <param name="minimum">As in the forward pass.</param>
    /// <param name="maximum">As in the forward pass.</param>
    /// <param name="team">The threads to compute with.</param>
    /// <exception cref="ArgumentException">Lengths differ, the spans overlap with an offset, or the bounds are in no order.</exception>
    public static void Backward(ReadOnlySpan<float> output, ReadOnlySpan<float> dOutput, Span<float> dInput, float minimum, float maximum, ThreadTeam team) =>
        ElementFunctions.Backward(Function(minimum, maximum), output, dOutput, dInput, team);

    private static Clip Function(float minimum, float maximum) => minimum < maximum
        ? new Clip(minimum, maximum)
        : throw new ArgumentException($"Clipping: from {minimum} to {maximum}; the minimum must be below the maximum.", nameof(minimum));

    private readonly struct Clip(float minimum, float maximum) : IElementFunction
    {
        // Comparisons, not a minimum and a maximum: a NaN stays a NaN, so that a run that diverges is seen to.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVec Apply<TSimd, TVec>(TVec x)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            TVec low = TSimd.Broadcast(minimum), high = TSimd.Broadcast(maximum);
            TVec raised = TSimd.Select(TSimd.GreaterThan(low, x), low, x);
            return TSimd.Select(TSimd.GreaterThan(raised, high), high, raised);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVec Derivative<TSimd, TVec>(TVec value, TVec dOutput)
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged => TSimd.And(
                TSimd.And(TSimd.GreaterThan(value, TSimd.Broadcast(minimum)), TSimd.GreaterThan(TSimd.Broadcast(maximum), value)), dOutput);
    }
}
