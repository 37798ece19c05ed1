using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>A stage composed of twins: convolution, pooling, activation; as no activation falls, the order of the last two is free.</summary>
internal sealed class Composed
{
    public Composed(in ConvolutionStage stage, double[] x, double[] w, double[] b)
    {
        double[] sums = ReferenceConvolution2D.Forward(x, w, b, stage.Convolution.Twin());
        if (stage.Pooling is PoolGeometry pool)
            (sums, Winners) = ReferenceMaxPool2D.Forward(sums, pool.Twin());
        Output = stage.Activation switch
        {
            ActivationKind.Relu => ReferenceActivation.ReluForward(sums),
            ActivationKind.Tanh => ReferenceActivation.TanhForward(sums),
            ActivationKind.Sigmoid => ReferenceActivation.SigmoidForward(sums),
            _ => sums,
        };
    }

    public double[] Output { get; }

    public int[] Winners { get; } = [];

    /// <summary>∂L/∂weights and ∂L/∂bias at a given output and given winners: a kernel's own, so that a near tie decided otherwise is no error.</summary>
    public static (double[] Weights, double[] Bias) Gradients(in ConvolutionStage stage, double[] x, double[] y, byte[] winners, double[] dy)
    {
        double[] d = SumsGradient(stage, y, winners, dy);
        return (ReferenceConvolution2D.WeightGradient(x, d, stage.Convolution.Twin()), ReferenceConvolution2D.BiasGradient(d, stage.Convolution.Twin()));
    }

    /// <summary>∂L/∂input, likewise.</summary>
    public static double[] InputGradient(in ConvolutionStage stage, double[] w, double[] y, byte[] winners, double[] dy) =>
        ReferenceConvolution2D.DataGradient(SumsGradient(stage, y, winners, dy), w, stage.Convolution.Twin());

    /// <summary>∂L/∂sums: back through the activation and the pooling.</summary>
    public static double[] SumsGradient(in ConvolutionStage stage, double[] y, byte[] winners, double[] dy)
    {
        double[] d = stage.Activation switch
        {
            ActivationKind.Relu => ReferenceActivation.ReluBackward(y, dy),
            ActivationKind.Tanh => ReferenceActivation.TanhBackward(y, dy),
            ActivationKind.Sigmoid => ReferenceActivation.SigmoidBackward(y, dy),
            _ => dy,
        };
        return Unpool(stage, d, winners);
    }

    /// <summary>Back through the pooling alone.</summary>
    public static double[] Unpool(in ConvolutionStage stage, double[] dy, byte[] winners) => stage.Pooling is PoolGeometry pool
        ? ReferenceMaxPool2D.Backward(dy, [.. winners.Select(place => (int)place)], pool.Twin())
        : dy;
}
