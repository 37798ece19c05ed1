using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Pooling;

namespace AlexNetSharp.Kernels.Convolution;

/// <summary>A convolution with what follows it before anything is written to memory: bias, activation and, if wanted, max pooling.</summary>
/// <remarks>
/// Every activation here rises monotonically, so the largest sum of a window is the largest value: pooling comes first and the activation is
/// computed for the winners only. Where two sums differ and their activations do not (two negative ones under ReLU), the winner may be
/// another than that of a pooling on its own; the gradient is zero there.
/// </remarks>
/// <param name="Convolution">The convolution.</param>
/// <param name="Activation">Applied after the bias.</param>
/// <param name="Pooling">The pooling, its input the convolution's output; null for none.</param>
public readonly record struct ConvolutionStage(ConvolutionGeometry Convolution, ActivationKind Activation, PoolGeometry? Pooling = null)
{
    /// <summary>Floats of what the stage writes.</summary>
    public long OutputLength => Pooling?.OutputLength ?? Convolution.OutputLength;

    /// <summary>Positions a picture in what the stage writes.</summary>
    internal int OutputPositions => Pooling is PoolGeometry pool ? pool.OutputHeight * pool.OutputWidth : Convolution.OutputHeight * Convolution.OutputWidth;

    /// <summary>Throws unless both geometries make sense and fit together.</summary>
    /// <exception cref="ArgumentException">Names the size at fault.</exception>
    public void Validate()
    {
        Convolution.Validate();
        if (Pooling is not PoolGeometry pool)
            return;
        pool.Validate();
        if ((pool.Batch, pool.InputHeight, pool.InputWidth, pool.Channels)
            != (Convolution.Batch, Convolution.OutputHeight, Convolution.OutputWidth, Convolution.OutputChannels))
        {
            throw new ArgumentException(
                $"The pooling's input is [{pool.Batch},{pool.InputHeight},{pool.InputWidth},{pool.Channels}]; the convolution gives "
                + $"[{Convolution.Batch},{Convolution.OutputHeight},{Convolution.OutputWidth},{Convolution.OutputChannels}].");
        }
    }
}
