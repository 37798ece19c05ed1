using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Pooling;

namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>Stages for the kernels that compute convolution, activation and pooling together.</summary>
internal static class Stages
{
    /// <summary>A convolution, ReLU and a pooling of square windows without padding.</summary>
    public static ConvolutionStage Pooled(in ConvolutionGeometry g, int window, int stride) => new(g, ActivationKind.Relu, Pool(g, window, stride));

    /// <summary>The same with as much padding before rows and columns, and as much after them.</summary>
    public static ConvolutionStage Padded(in ConvolutionGeometry g, int window, int stride, int before, int after) => new(
        g, ActivationKind.Relu, Pool(g, window, stride) with { PadTop = before, PadLeft = before, PadBottom = after, PadRight = after });

    /// <summary>A pooling of what a convolution gives.</summary>
    public static PoolGeometry Pool(in ConvolutionGeometry g, int window, int stride) => new()
    {
        Batch = g.Batch,
        InputHeight = g.OutputHeight,
        InputWidth = g.OutputWidth,
        Channels = g.OutputChannels,
        WindowHeight = window,
        WindowWidth = window,
        StrideHeight = stride,
        StrideWidth = stride,
    };

    /// <summary>The same stage for another number of pictures.</summary>
    public static ConvolutionStage WithBatch(in ConvolutionStage stage, int batch) => stage with
    {
        Convolution = stage.Convolution with { Batch = batch },
        Pooling = stage.Pooling is PoolGeometry pool ? pool with { Batch = batch } : null,
    };

    /// <summary>Input, weights, bias and ∂L/∂output.</summary>
    public static (float[] X, float[] W, float[] B, float[] DY) Operands(in ConvolutionStage stage, Func<int, long, float[]> draw)
    {
        ConvolutionGeometry g = stage.Convolution;
        return (draw(1, g.InputLength), draw(2, g.WeightLength), draw(3, g.OutputChannels), draw(4, stage.OutputLength));
    }

    /// <summary>The same, each from −1 to 1.</summary>
    public static (float[] X, float[] W, float[] B, float[] DY) Operands(in ConvolutionStage stage, Func<int, long, float, float, float[]> draw) =>
        Operands(stage, (seed, length) => draw(seed, length, -1, 1));
}
