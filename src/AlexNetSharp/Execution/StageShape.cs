using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Execution;

/// <summary>A convolution layer with what may be computed along: the activation and the pooling that follow it.</summary>
/// <param name="Layer">The convolution.</param>
/// <param name="Activation">What follows it.</param>
/// <param name="Pooling">What follows that; null for no pooling, or for one that is computed on its own.</param>
internal sealed record StageShape(LayerShape Layer, ActivationKind Activation, LayerShape? Pooling)
{
    /// <summary>The layers that are computed together, joined by +.</summary>
    public string Name => Pooling is null ? Layer.Layer.Name : $"{Layer.Layer.Name}+{Pooling.Layer.Name}";

    /// <summary>The stage's output.</summary>
    public FeatureShape Output => Pooling?.Output ?? Layer.Output;

    /// <summary>The sizes for a batch.</summary>
    public ConvolutionStage Stage(int batch) => new(
        Geometry(batch), Activation, Pooling is null ? null : ((MaxPool2D)Pooling.Layer).Geometry(Pooling.Input, batch));

    /// <summary>The convolution's sizes for a batch.</summary>
    public ConvolutionGeometry Geometry(int batch) => ((Convolution2D)Layer.Layer).Geometry(Layer.Input, batch);
}
