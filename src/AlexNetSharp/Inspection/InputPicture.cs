using System.Collections.Immutable;
using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Inspection;

/// <summary>A model's input made a picture again: what the network sees.</summary>
public static class InputPicture
{
    private const int Grey = 1, Colors = 3;

    /// <summary>Draws an input, normalisation undone.</summary>
    /// <param name="model">The model; of 1 or 3 channels.</param>
    /// <param name="input">[height, width, channels], prepared as the model asks for.</param>
    /// <param name="scale">Each pixel becomes a square of so many rows and columns.</param>
    /// <returns>RGB.</returns>
    /// <exception cref="ArgumentException">The length is not that of the model's input, or the scale is below one.</exception>
    /// <exception cref="InvalidModelException">The model has neither 1 nor 3 channels.</exception>
    public static StoredImage Draw(ModelSpec model, ReadOnlySpan<float> input, int scale = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        (int height, int width, int channels) = model.Input;
        if (channels is not (Grey or Colors))
            throw new InvalidModelException($"Model '{model.Name}' takes {channels} channels; only 1 (grey) and 3 (RGB) can be shown as a picture.");
        if (input.Length != model.Input.Length)
            throw new ArgumentException($"The picture has {input.Length} values; model '{model.Name}' takes {model.Input}, {model.Input.Length} values.", nameof(input));
        ImmutableArray<float> means = model.Preprocessing.Mean, deviations = model.Preprocessing.Deviation;
        byte[] pixels = new byte[checked(height * scale * width * scale * Colors)];
        for (int i = 0; i < pixels.Length; i++)
        {
            int y = i / Colors / (width * scale) / scale, x = i / Colors % (width * scale) / scale, channel = i % Colors % channels;
            float value = input[(((y * width) + x) * channels) + channel];
            value = (value * (deviations.IsEmpty ? 1 : deviations[channel])) + (means.IsEmpty ? 0 : means[channel]);
            pixels[i] = (byte)MathF.Round(Math.Clamp(value, 0, 1) * byte.MaxValue);
        }
        return new StoredImage(height * scale, width * scale, pixels);
    }
}
