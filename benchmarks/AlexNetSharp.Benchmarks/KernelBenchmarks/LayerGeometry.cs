using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Models;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>The kernels' sizes of a layer.</summary>
internal static class LayerGeometry
{
    /// <summary>The sizes of a <see cref="Convolution2D"/>.</summary>
    public static ConvolutionGeometry Convolution(LayerCase of)
    {
        Convolution2D layer = (Convolution2D)of.Shape.Layer;
        FeatureShape input = of.Shape.Input;
        (int top, int left, int bottom, int right) = layer.Padding.Resolve(input.Height, input.Width, layer.Kernel, layer.Kernel, layer.Stride);
        return new ConvolutionGeometry
        {
            Batch = of.Batch,
            InputHeight = input.Height,
            InputWidth = input.Width,
            InputChannels = input.Channels,
            OutputChannels = layer.Filters,
            KernelHeight = layer.Kernel,
            KernelWidth = layer.Kernel,
            StrideHeight = layer.Stride,
            StrideWidth = layer.Stride,
            PadTop = top,
            PadLeft = left,
            PadBottom = bottom,
            PadRight = right,
            Groups = layer.Groups,
        };
    }

    /// <summary>The sizes of a <see cref="MaxPool2D"/>.</summary>
    public static PoolGeometry Pooling(LayerCase of)
    {
        MaxPool2D layer = (MaxPool2D)of.Shape.Layer;
        FeatureShape input = of.Shape.Input;
        (int top, int left, int bottom, int right) = layer.Padding.Resolve(input.Height, input.Width, layer.Window, layer.Window, layer.Stride);
        return new PoolGeometry
        {
            Batch = of.Batch,
            InputHeight = input.Height,
            InputWidth = input.Width,
            Channels = input.Channels,
            WindowHeight = layer.Window,
            WindowWidth = layer.Window,
            StrideHeight = layer.Stride,
            StrideWidth = layer.Stride,
            PadTop = top,
            PadLeft = left,
            PadBottom = bottom,
            PadRight = right,
        };
    }

    /// <summary>A convolution with ReLU and the pooling that follows it in its model, if one does.</summary>
    public static ConvolutionStage Stage(LayerCase of)
    {
        LayerShape? next = ModelCatalog.Create(of.Model).InferShapes()
            .SkipWhile(shape => shape.Layer.Name != of.Shape.Layer.Name)
            .Skip(1)
            .FirstOrDefault(shape => shape.Layer is not ActivationLayer);
        PoolGeometry? pooling = next is { Layer: MaxPool2D } ? Pooling(of with { Shape = next }) : null;
        return new ConvolutionStage(Convolution(of), ActivationKind.Relu, pooling);
    }
}
