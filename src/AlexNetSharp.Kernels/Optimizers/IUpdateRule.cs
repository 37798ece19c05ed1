using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Optimizers;

/// <summary>An optimiser's arithmetic on one vector: a value with its constants worked out.</summary>
/// <remarks>An element's bits do not depend on how a buffer is cut, so a kernel may move weights as soon as their gradient is known.</remarks>
internal unsafe interface IUpdateRule
{
    /// <summary>Moves a vector of weights and its state, in place.</summary>
    /// <param name="weights">A whole vector.</param>
    /// <param name="first">Adam's first moment, or the velocity.</param>
    /// <param name="second">Adam's second moment; not touched by rules that have one state.</param>
    /// <param name="gradient">∂L/∂weights.</param>
    void Move<TSimd, TVec>(float* weights, float* first, float* second, TVec gradient)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;
}
