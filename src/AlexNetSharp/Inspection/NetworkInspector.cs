using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Inspection;

/// <summary>Looks inside a network while it sees a picture: every layer's output, and where it sees what speaks for a class.</summary>
/// <remarks>The values are those of inference, dropout off, to the rounding of float32. Use an inspector from one thread at a time.</remarks>
public sealed class NetworkInspector : IDisposable
{
    private readonly LayerwisePlan _plan;

    // The layer whose feature maps are weighed; −1 without a convolution.
    private readonly int _mapped;

    /// <summary>Prepares for a network.</summary>
    /// <param name="network">The weights, read where they lie; must outlive the inspector.</param>
    /// <param name="team">The threads; must outlive the inspector.</param>
    public NetworkInspector(Network network, ThreadTeam team)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
        ImmutableArray<LayerShape> layers = network.Shapes;
        for (_mapped = layers.Length - 1; _mapped >= 0 && layers[_mapped].Layer is not Convolution2D;)
            _mapped--;
        if (_mapped >= 0 && _mapped + 1 < layers.Length && layers[_mapped + 1].Layer is ActivationLayer or LeakyRelu or Clip)
            _mapped++;
        _plan = new LayerwisePlan(network, _mapped >= 0 ? _mapped : layers.Length - 1, team);
    }

    /// <summary>The network that is looked at.</summary>
    public Network Network { get; }

    /// <summary>Whether there is a convolution, and so feature maps that <see cref="GradCam"/> and <see cref="HiResCam"/> can weigh.</summary>
    public bool HasConvolution => _mapped >= 0;

    /// <summary>Shows the network a picture.</summary>
    /// <param name="input">[height, width, channels], prepared as the model asks for.</param>
    /// <returns>Every layer's output, first to last; the last one's are the logits. Layers that do nothing in inference repeat what they were given.</returns>
    /// <exception cref="ArgumentException">The length is not that of the model's input.</exception>
    public ImmutableArray<LayerActivation> Run(ReadOnlySpan<float> input)
    {
        Forward(input);
        return [.. Network.Shapes.Select((shape, i) => new LayerActivation(shape, _plan.Output(i).ToArray()))];
    }

    /// <summary>Grad-CAM: which parts of a picture speak for a class, the last feature maps weighed channel by channel.</summary>
    /// <remarks>
    /// With A[y, x, k] the maps and w[k] the mean over y and x of ∂logit/∂A[y, x, k], it is max(0, Σ w[k] · A[y, x, k]) (Selvaraju et al. 2017, "Grad-CAM: Visual
    /// Explanations from Deep Networks via Gradient-based Localization", §3). The mean suits networks that average over positions themselves; dense
    /// layers weigh each position differently, and there <see cref="HiResCam"/> says more.
    /// </remarks>
    /// <param name="input">[height, width, channels], prepared as the model asks for.</param>
    /// <param name="label">The class, an index into the model's; null for the one that the network predicts.</param>
    /// <exception cref="ArgumentException">The length is not that of the model's input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="InvalidModelException">The model has no convolution.</exception>
    public ClassActivationMap GradCam(ReadOnlySpan<float> input, int? label = null) => Explain(input, label, averages: true);

    /// <summary>HiResCAM: as <see cref="GradCam"/>, each value of the feature maps weighed by its own gradient.</summary>
    /// <remarks>
    /// max(0, Σ ∂logit/∂A[y, x, k] · A[y, x, k]), k over the channels (Draelos and Carin 2020, "Use HiResCAM instead of Grad-CAM for faithful explanations of
    /// convolutional neural networks"). Where all positions have the same weights, as before a global average, it is Grad-CAM.
    /// </remarks>
    /// <inheritdoc cref="GradCam"/>
    public ClassActivationMap HiResCam(ReadOnlySpan<float> input, int? label = null) => Explain(input, label, averages: false);

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    private ClassActivationMap Explain(ReadOnlySpan<float> input, int? label, bool averages)
    {
        if (!HasConvolution)
            throw new InvalidModelException($"Model '{Network.Spec.Name}' has no convolution, and so no feature maps that speak for a class.");
        if (label is int asked)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)asked, (uint)Network.Spec.Classes.Length, nameof(label));
        Forward(input);
        int explained = label ?? Prediction.Largest(_plan.Output(Network.Shapes.Length - 1));
        float[] dLogits = new float[Network.Spec.Classes.Length];
        dLogits[explained] = 1;
        ReadOnlySpan<float> maps = _plan.Output(_mapped), gradient = _plan.Differentiate(dLogits);
        (Layer layer, (int height, int width, int channels)) = (Network.Shapes[_mapped].Layer, Network.Shapes[_mapped].Output);
        double[] means = new double[channels], sums = new double[height * width];
        for (int i = 0; i < gradient.Length; i++)
            means[i % channels] += gradient[i] / (double)sums.Length;
        for (int i = 0; i < maps.Length; i++)
            sums[i / channels] += maps[i] * (averages ? means[i % channels] : gradient[i]);
        return new ClassActivationMap(explained, layer.Name, height, width, Array.ConvertAll(sums, sum => (float)Math.Max(0, sum)));
    }

    private void Forward(ReadOnlySpan<float> input)
    {
        if (input.Length != Network.Spec.Input.Length)
            throw new ArgumentException($"The picture has {input.Length} values; model '{Network.Spec.Name}' takes {Network.Spec.Input}, {Network.Spec.Input.Length} values.", nameof(input));
        input.CopyTo(_plan.Input);
        _plan.Forward();
    }
}
