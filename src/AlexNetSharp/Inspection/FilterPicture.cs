using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Inspection;

/// <summary>A network's first filters as pictures: what its first convolution looks for.</summary>
/// <remarks>
/// Mid-grey is a weight of 0, white the filter's largest absolute weight, black its negative. Each filter has a scale of its own: what is shown is a
/// filter's form, not its strength. Filters of three channels are shown in colour, on one scale for the three.
/// </remarks>
public static class FilterPicture
{
    private const int Grey = 1, Colors = 3;

    /// <summary>Draws the filters of the first convolution, row by row, enlarged by a whole factor.</summary>
    /// <param name="network">The network.</param>
    /// <returns>RGB.</returns>
    /// <exception cref="InvalidModelException">The model has no convolution, or its first one's filters have neither 1 nor 3 channels.</exception>
    public static StoredImage Draw(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        LayerShape layer = network.Shapes.FirstOrDefault(shape => shape.Layer is Convolution2D)
            ?? throw new InvalidModelException($"Model '{network.Spec.Name}' has no convolution, and so no filters to show.");
        Parameter weight = network.Find(layer.Parameters[0].Name);
        ImmutableArray<int> shape = weight.Spec.Shape;
        (int filters, int height, int width, int channels) = (shape[0], shape[1], shape[2], shape[3]);
        if (channels is not (Grey or Colors))
            throw new InvalidModelException($"Convolution '{layer.Layer.Name}': its filters have {channels} channels; only those of 1 (grey) and 3 (RGB) can be shown as pictures.");
        float[] values = network.Read(weight);
        int length = height * width * channels;
        float[] largest = [.. Enumerable.Range(0, filters).Select(filter => Largest(values.AsSpan(filter * length, length)))];
        return Mosaic.Draw(filters, height, width, (filter, y, x) =>
        {
            int first = (filter * length) + (((y * width) + x) * channels);
            byte Level(int channel) => (byte)MathF.Round(127.5f * (1 + (largest[filter] == 0 ? 0 : values[first + channel] / largest[filter])));
            return channels == Grey ? (Level(0), Level(0), Level(0)) : (Level(0), Level(1), Level(2));
        });
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        float largest = 0;
        foreach (float value in values)
            largest = Math.Max(largest, Math.Abs(value));
        return largest;
    }
}
