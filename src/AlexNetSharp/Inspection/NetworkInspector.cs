using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Training;

namespace AlexNetSharp.Inspection;

/// <summary>Looks inside a network while it sees a picture: every layer's output, and Grad-CAM.</summary>
/// <remarks>The values are those of inference, dropout off, to the rounding of float32. Use an inspector from one thread at a time.</remarks>
public sealed class NetworkInspector : IDisposable
{
    private readonly LayerwisePlan _plan;

    // The layer whose feature maps Grad-CAM weighs; −1 without a convolution.
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
        if (_mapped >= 0 && _mapped + 1 < layers.Length && layers[_mapped + 1].Layer is ActivationLayer)
            _mapped++;
        _plan = new LayerwisePlan(network, _mapped >= 0 ? _mapped : layers.Length - 1, team);
    }

    /// <summary>The network that is looked at.</summary>
    public Network Network { get; }

    /// <summary>Whether there is a convolution, and so feature maps that <see cref="GradCam"/> can weigh.</summary>
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

    /// <summary>Shows the network a picture, and says which parts of it speak for a class.</summary>
    /// <param name="input">[height, width, channels], prepared as the model asks for.</param>
    /// <param name="label">The class, an index into the model's; null for the one that the network predicts.</param>
    /// <exception cref="ArgumentException">The length is not that of the model's input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    /// <exception cref="InvalidModelException">The model has no convolution.</exception>
    public ClassActivationMap GradCam(ReadOnlySpan<float> input, int? label = null)
    {
        if (!HasConvolution)
            throw new InvalidModelException($"Model '{Network.Spec.Name}' has no convolution; Grad-CAM weighs the feature maps of one.");
        if (label is int asked)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)asked, (uint)Network.Spec.Classes.Length, nameof(label));
        Forward(input);
        int explained = label ?? Prediction.Largest(_plan.Output(Network.Shapes.Length - 1));
        float[] dLogits = new float[Network.Spec.Classes.Length];
        dLogits[explained] = 1;
        LayerShape mapped = Network.Shapes[_mapped];
        (float[] weights, float[] map) = Weigh(_plan.Output(_mapped), _plan.Differentiate(dLogits), mapped.Output);
        return new ClassActivationMap(explained, mapped.Layer.Name, mapped.Output.Height, mapped.Output.Width, weights, map);
    }

    /// <inheritdoc/>
    public void Dispose() => _plan.Dispose();

    private void Forward(ReadOnlySpan<float> input)
    {
        if (input.Length != Network.Spec.Input.Length)
            throw new ArgumentException($"The picture has {input.Length} values; model '{Network.Spec.Name}' takes {Network.Spec.Input}, {Network.Spec.Input.Length} values.", nameof(input));
        input.CopyTo(_plan.Input);
        _plan.Forward();
    }

    private static (float[] Weights, float[] Map) Weigh(ReadOnlySpan<float> maps, ReadOnlySpan<float> gradient, FeatureShape shape)
    {
        int positions = shape.Height * shape.Width;
        double[] weights = new double[shape.Channels];
        for (int i = 0; i < gradient.Length; i++)
            weights[i % shape.Channels] += gradient[i] / (double)positions;
        float[] map = new float[positions];
        for (int position = 0; position < positions; position++)
        {
            double sum = 0;
            for (int channel = 0; channel < weights.Length; channel++)
                sum += weights[channel] * maps[(position * weights.Length) + channel];
            map[position] = (float)Math.Max(0, sum);
        }
        return ([.. weights.Select(weight => (float)weight)], map);
    }
}
