using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Inspection;

/// <summary>A layer's output as a picture: a tile for each channel; where there is one position only, as after a dense layer, a cell for each unit.</summary>
/// <remarks>
/// Colours are those of <see cref="HeatColors"/> on one scale for the layer, so that channels can be compared with each other: black for 0, the lightest
/// for the absolute value that one in fifty of those that are not 0 exceed. Channels stand in order, row by row.
/// </remarks>
public static class FeatureMapPicture
{
    // Were the lightest colour the largest value's, a single outlier would leave all others dark.
    private const int OneIn = 50;

    /// <summary>Draws a layer's output, enlarged by a whole factor.</summary>
    /// <param name="activation">The output.</param>
    /// <returns>RGB.</returns>
    public static StoredImage Draw(LayerActivation activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        FeatureShape shape = activation.Layer.Output;
        ReadOnlyMemory<float> values = activation.Values;
        float full = FullScale(values.Span);
        return Mosaic.Draw(shape.Channels, shape.Height, shape.Width, (channel, y, x) =>
            HeatColors.At(full == 0 ? 0 : values.Span[(((y * shape.Width) + x) * shape.Channels) + channel] / full));
    }

    private static float FullScale(ReadOnlySpan<float> values)
    {
        List<float> sizes = [];
        foreach (float value in values)
        {
            if (value != 0)
                sizes.Add(Math.Abs(value));
        }
        sizes.Sort();
        return sizes.Count == 0 ? 0 : sizes[^(1 + (sizes.Count / OneIn))];
    }
}
