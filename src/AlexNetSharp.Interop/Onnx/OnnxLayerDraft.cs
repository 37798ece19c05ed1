using AlexNetSharp.Checkpoints;
using AlexNetSharp.Execution;
using AlexNetSharp.Models;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>A layer while a graph is read: what follows may still be taken into its weights.</summary>
internal sealed class OnnxLayerDraft
{
    /// <summary>The layer.</summary>
    public required Layer Layer { get; init; }

    /// <summary>Its weights as ONNX has them, outputs first; null where it has none.</summary>
    public float[]? Weight { get; init; }

    /// <summary>Its biases, one an output; null where it has none.</summary>
    public float[]? Bias { get; init; }

    /// <summary>The picture whose values are its inputs in C, H, W order; null where they stand in this engine's order.</summary>
    public FeatureShape? FlattenedFrom { get; init; }

    /// <summary>Multiplies what each output gives, and adds to it. Rounded once.</summary>
    public void Scale(double[] scale, double[] shift)
    {
        int inputs = Weight!.Length / Bias!.Length;
        for (int o = 0; o < Bias.Length; o++)
        {
            foreach (ref float weight in Weight.AsSpan(o * inputs, inputs))
                weight = (float)(weight * scale[o]);
            Bias[o] = (float)((Bias[o] * scale[o]) + shift[o]);
        }
    }

    /// <summary>Puts the values into a network's parameters.</summary>
    public void WriteTo(Network network, LayerShape shape)
    {
        foreach (ParameterSpec parameter in shape.Parameters)
        {
            float[] values = parameter.Role == ParameterRole.Weight ? Weight! : Bias!;
            network.Write(network.Find(parameter.Name), PyTorchLayout.FromPyTorch(shape with { FlattenedFrom = FlattenedFrom }, parameter, values));
        }
    }
}
