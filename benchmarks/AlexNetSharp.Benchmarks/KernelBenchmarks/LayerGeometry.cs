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
        (int top, int left, int bottom, int right) = layer.Padding.Resolve(
            input.Height, input.Width, ((layer.Kernel.Height - 1) * layer.Dilation.Height) + 1, ((layer.Kernel.Width - 1) * layer.Dilation.Width) + 1, layer.Stride);
        return new ConvolutionGeometry
        {
            Batch = of.Batch,
            InputHeight = input.Height,
            InputWidth = input.Width,
            InputChannels = input.Channels,
            OutputChannels = layer.Filters,
            KernelHeight = layer.Kernel.Height,
            KernelWidth = layer.Kernel.Width,
            StrideHeight = layer.Stride.Height,
            StrideWidth = layer.Stride.Width,
            PadTop = top,
            PadLeft = left,
            PadBottom = bottom,
            PadRight = right,
            DilationHeight = layer.Dilation.Height,
            DilationWidth = layer.Dilation.Width,
            Groups = layer.Groups,
        };
    }

    /// <summary>The sizes of a <see cref="MaxPool2D"/>.</summary>
    public static PoolGeometry Pooling(LayerCase of)
    {
        MaxPool2D layer = (MaxPool2D)of.Shape.Layer;
        FeatureShape input = of.Shape.Input;
        (int top, int left, int bottom, int right) = layer.Padding.Resolve(input.Height, input.Width, layer.Window.Height, layer.Window.Width, layer.Stride);
        return new PoolGeometry
        {
            Batch = of.Batch,
            InputHeight = input.Height,
            InputWidth = input.Width,
            Channels = input.Channels,
            WindowHeight = layer.Window.Height,
            WindowWidth = layer.Window.Width,
            StrideHeight = layer.Stride.Height,
            StrideWidth = layer.Stride.Width,
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
