using System.Collections.Immutable;
using AlexNetSharp.Models;

namespace AlexNetSharp.Checkpoints;

/// <summary>Converts parameters between this engine's layouts and PyTorch's, at the border where files are read and written.</summary>
/// <remarks>
/// Convolution weights: O, kernel height, kernel width, I here; O, I, kernel height, kernel width there. Dense weights: [in, out] here; [out, in]
/// there, and where the inputs are a flattened picture they count in H, W, C order here and in C, H, W order there.
/// </remarks>
internal static class PyTorchLayout
{
    /// <summary>The shape that PyTorch gives a parameter.</summary>
    public static ImmutableArray<int> Shape(ParameterSpec parameter) => parameter.Shape switch
    {
        [int filters, int height, int width, int channels] => [filters, channels, height, width],
        [int inputs, int outputs] => [outputs, inputs],
        _ => parameter.Shape,
    };

    /// <summary>This engine's values in PyTorch's order.</summary>
    public static float[] ToPyTorch(LayerShape layer, ParameterSpec parameter, ReadOnlySpan<float> values)
    {
        float[] result = new float[values.Length];
        int[] places = Places(layer, parameter);
        for (int i = 0; i < places.Length; i++)
            result[places[i]] = values[i];
        return result;
    }

    /// <summary>PyTorch's values in this engine's order.</summary>
    public static float[] FromPyTorch(LayerShape layer, ParameterSpec parameter, ReadOnlySpan<float> source)
    {
        float[] values = new float[parameter.Length];
        int[] places = Places(layer, parameter);
        for (int i = 0; i < places.Length; i++)
            values[i] = source[places[i]];
        return values;
    }

    /// <summary>For each value here, its place there.</summary>
    private static int[] Places(LayerShape layer, ParameterSpec parameter)
    {
        int[] places = new int[parameter.Length];
        int at = 0;
        switch (parameter.Shape)
        {
            case [int filters, int height, int width, int channels]:
                for (int o = 0; o < filters; o++)
                {
                    for (int position = 0; position < height * width; position++)
                    {
                        for (int i = 0; i < channels; i++)
                            places[at++] = (((o * channels) + i) * height * width) + position;
                    }
                }
                break;
            case [int inputs, int outputs]:
                // Inputs that are no flattened picture are one of a single position.
                FeatureShape picture = layer.FlattenedFrom ?? new FeatureShape(1, 1, inputs);
                int positions = picture.Height * picture.Width;
                for (int i = 0; i < inputs; i++)
                {
                    int input = (i % picture.Channels * positions) + (i / picture.Channels);
                    for (int o = 0; o < outputs; o++)
                        places[at++] = (o * inputs) + input;
                }
                break;
            default:
                for (; at < places.Length; at++)
                    places[at] = at;
                break;
        }
        return places;
    }
}
