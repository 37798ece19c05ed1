using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Activations;

/// <summary>A function of one number with constants of its own, and its derivative, on one vector.</summary>
internal interface IElementFunction
{
    /// <summary>y = f(x).</summary>
    TVec Apply<TSimd, TVec>(TVec x)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;

    /// <summary>∂L/∂x from ∂L/∂y and a value that the derivative follows from; which one the function says.</summary>
    TVec Derivative<TSimd, TVec>(TVec value, TVec dOutput)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;
}
