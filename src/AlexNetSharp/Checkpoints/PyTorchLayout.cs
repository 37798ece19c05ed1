using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Models;

namespace AlexNetSharp.Checkpoints;

/// <summary>Converts parameters between this engine's layouts and PyTorch's, at the border where files are read and written.</summary>
/// <remarks>
/// Convolution weights: O, kernel height, kernel width, I here; O, I, kernel height, kernel width there. Dense weights: [in, out] here; [out, in]
/// there, and where the inputs are a flattened picture they count in H, W, C order here and in C, H, W order there.
/// </remarks>
public static class PyTorchLayout
{
    // A cache line of values here, and as many lines there, which stay in cache until all of them is read or written.
    private const int OutputsAtATime = DenseLayer.PanelOutputs;

    /// <summary>The shape that PyTorch gives a parameter.</summary>
    public static ImmutableArray<int> Shape(ParameterSpec parameter) => parameter.Shape switch
    {
        [int filters, int height, int width, int channels] => [filters, channels, height, width],
        [int inputs, int outputs] => [outputs, inputs],
        _ => parameter.Shape,
    };

    /// <summary>This engine's values in PyTorch's order.</summary>
    /// <param name="layer">The layer in its place: what its inputs are decides their order.</param>
    /// <param name="parameter">One of its parameters.</param>
    /// <param name="values">As many as that has.</param>
    public static float[] ToPyTorch(LayerShape layer, ParameterSpec parameter, ReadOnlySpan<float> values)
    {
        float[] result = new float[values.Length];
        Convert(layer, parameter, values, result, toPyTorch: true);
        return result;
    }

    /// <summary>PyTorch's values in this engine's order.</summary>
    /// <param name="layer">The layer in its place: what its inputs are decides their order.</param>
    /// <param name="parameter">One of its parameters.</param>
    /// <param name="source">As many values as that has.</param>
    public static float[] FromPyTorch(LayerShape layer, ParameterSpec parameter, ReadOnlySpan<float> source)
    {
        float[] values = new float[parameter.Length];
        Convert(layer, parameter, source, values, toPyTorch: false);
        return values;
    }

    /// <summary>Puts PyTorch's values into a network; of a dense layer's weights, by far the most, no second copy is made.</summary>
    /// <param name="network">The network.</param>
    /// <param name="layer">One of its layers.</param>
    /// <param name="parameter">One of that layer's parameters.</param>
    /// <param name="source">As many values as that has.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public static void Load(Network network, LayerShape layer, ParameterSpec parameter, ReadOnlySpan<float> source)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (source.Length != parameter.Length)
            throw new ArgumentException($"{source.Length} values for parameter '{parameter.Name}'; it has {parameter.Length}.", nameof(source));
        Parameter target = network.Find(parameter.Name);
        if (parameter.Shape is not [int inputs, int outputs])
        {
            network.Write(target, FromPyTorch(layer, parameter, source));
            return;
        }
        FeatureShape picture = layer.FlattenedFrom ?? new FeatureShape(1, 1, inputs);
        int positions = picture.Height * picture.Width;
        float[] values = new float[inputs * OutputsAtATime];
        for (int first = 0; first < outputs; first += OutputsAtATime)
        {
            int count = Math.Min(OutputsAtATime, outputs - first);
            for (int i = 0; i < inputs; i++)
            {
                int there = (first * inputs) + (i % picture.Channels * positions) + (i / picture.Channels);
                for (int o = 0; o < count; o++)
                    values[(i * count) + o] = source[there + (o * inputs)];
            }
            network.WriteOutputs(target, first, count, values.AsSpan(0, inputs * count));
        }
    }

    /// <summary>A parameter's values in PyTorch's order, in parts: of a dense layer's weights, by far the most, a few outputs at a time, in one buffer.</summary>
    internal static IEnumerable<ReadOnlyMemory<float>> Parts(Network network, LayerShape layer, ParameterSpec parameter)
    {
        Parameter source = network.Find(parameter.Name);
        if (parameter.Shape is not [int inputs, int outputs])
        {
            yield return ToPyTorch(layer, parameter, network.Read(source));
            yield break;
        }
        float[] here = new float[inputs * OutputsAtATime], there = new float[here.Length];
        for (int first = 0; first < outputs; first += OutputsAtATime)
        {
            int count = Math.Min(OutputsAtATime, outputs - first), length = inputs * count;
            network.ReadOutputs(source, first, count, here.AsSpan(0, length));
            Convert(layer, parameter with { Shape = [inputs, count] }, here.AsSpan(0, length), there, toPyTorch: true);
            yield return there.AsMemory(0, length);
        }
    }

    private static void Convert(LayerShape layer, ParameterSpec parameter, ReadOnlySpan<float> source, Span<float> target, bool toPyTorch)
    {
        switch (parameter.Shape)
        {
            case [int filters, int height, int width, int channels]:
                int taps = height * width, filter = taps * channels;
                for (int o = 0; o < filters; o++)
                {
                    // [taps, channels] here, [channels, taps] there.
                    ReadOnlySpan<float> from = source.Slice(o * filter, filter);
                    Span<float> to = target.Slice(o * filter, filter);
                    (int rows, int columns) = toPyTorch ? (taps, channels) : (channels, taps);
                    for (int r = 0; r < rows; r++)
                    {
                        for (int c = 0; c < columns; c++)
                            to[(c * rows) + r] = from[(r * columns) + c];
                    }
                }
                break;
            case [int inputs, int outputs]:
                // Inputs that are no flattened picture are one of a single position.
                FeatureShape picture = layer.FlattenedFrom ?? new FeatureShape(1, 1, inputs);
                int positions = picture.Height * picture.Width;
                for (int first = 0; first < outputs; first += OutputsAtATime)
                {
                    int end = Math.Min(outputs, first + OutputsAtATime);
                    for (int i = 0; i < inputs; i++)
                    {
                        int here = i * outputs, there = (i % picture.Channels * positions) + (i / picture.Channels);
                        for (int o = first; o < end; o++)
                        {
                            if (toPyTorch)
                                target[(o * inputs) + there] = source[here + o];
                            else
                                target[here + o] = source[(o * inputs) + there];
                        }
                    }
                }
                break;
            default:
                source.CopyTo(target);
                break;
        }
    }
}
