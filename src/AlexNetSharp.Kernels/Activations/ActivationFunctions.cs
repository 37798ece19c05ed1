using System.Runtime.CompilerServices;
using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Activations;

/// <summary>The functions and their derivatives on one vector.</summary>
internal static class ActivationFunctions
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Apply<TSimd, TVec>(ActivationKind kind, TVec x)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => kind switch
        {
            ActivationKind.Identity => x,
            ActivationKind.Relu => Relu<TSimd, TVec>(x),
            ActivationKind.Tanh => Tanh<TSimd, TVec>(x),
            _ => Sigmoid<TSimd, TVec>(x),
        };

    /// <summary>∂L/∂x from y = f(x) and ∂L/∂y: every function here has a derivative that its value gives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Derivative<TSimd, TVec>(ActivationKind kind, TVec y, TVec dOutput)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => kind switch
        {
            ActivationKind.Identity => dOutput,
            ActivationKind.Relu => TSimd.And(TSimd.GreaterThan(y, TSimd.Zero), dOutput),
            ActivationKind.Tanh => TSimd.Multiply(dOutput, TSimd.Subtract(TSimd.Broadcast(1), TSimd.Multiply(y, y))),
            _ => TSimd.Multiply(dOutput, TSimd.Multiply(y, TSimd.Subtract(TSimd.Broadcast(1), y))),
        };

    // A comparison, not a maximum: a NaN stays a NaN, so that a run that diverges is seen to.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Relu<TSimd, TVec>(TVec x)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => TSimd.Select(TSimd.GreaterThan(TSimd.Zero, x), TSimd.Zero, x);

    // Near zero 1 − e^−2x cancels; there an odd polynomial (Cephes tanhf, Moshier 1989) keeps full relative precision.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVec Tanh<TSimd, TVec>(TVec x)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec one = TSimd.Broadcast(1), magnitude = TSimd.Abs(x), square = TSimd.Multiply(x, x);
        TVec e = TSimd.Exp(TSimd.Multiply(TSimd.Broadcast(-2), magnitude));
        TVec large = TSimd.Divide(TSimd.Subtract(one, e), TSimd.Add(one, e));
        large = TSimd.Xor(large, TSimd.And(x, TSimd.BroadcastBits(0x80000000)));
        TVec p = TSimd.MultiplyAdd(TSimd.Broadcast(-5.70498872745e-3f), square, TSimd.Broadcast(2.06390887954e-2f));
        p = TSimd.MultiplyAdd(p, square, TSimd.Broadcast(-5.37397155531e-2f));
        p = TSimd.MultiplyAdd(p, square, TSimd.Broadcast(1.33314422036e-1f));
        p = TSimd.MultiplyAdd(p, square, TSimd.Broadcast(-3.33332819422e-1f));
        TVec small = TSimd.MultiplyAdd(TSimd.Multiply(p, square), x, x);
        return TSimd.Select(TSimd.GreaterThan(magnitude, TSimd.Broadcast(0.625f)), large, small);
    }

    // e^−|x| never overflows; the sign picks 1/(1+e) or e/(1+e).
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVec Sigmoid<TSimd, TVec>(TVec x)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        TVec one = TSimd.Broadcast(1);
        TVec e = TSimd.Exp(TSimd.Subtract(TSimd.Zero, TSimd.Abs(x)));
        TVec numerator = TSimd.Select(TSimd.GreaterThan(TSimd.Zero, x), e, one);
        return TSimd.Divide(numerator, TSimd.Add(one, e));
    }
}
