using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Inspection;

/// <summary>Maps of what speaks for a class, laid over their picture.</summary>
public static class HeatOverlay
{
    // Heat prevails, and the picture's edges stay visible under it.
    private const float HeatShare = 0.65f;

    // Small pictures are enlarged to about this many pixels a side.
    private const int ReadableSide = 336;

    private const int Gap = 8;

    private const int Colors = 3;

    /// <summary>Blends a map, in the colours of <see cref="HeatColors"/>, over a picture of any size.</summary>
    /// <param name="picture">RGB.</param>
    /// <param name="map">The map, stretched over all of the picture.</param>
    /// <returns>RGB, of the picture's size.</returns>
    /// <exception cref="ArgumentException">The picture is not RGB.</exception>
    public static StoredImage Draw(StoredImage picture, ClassActivationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (picture.Pixels.Length != (long)picture.Height * picture.Width * Colors)
            throw new ArgumentException($"{picture.Pixels.Length} bytes, but {picture.Height}x{picture.Width} pixels of RGB need {(long)picture.Height * picture.Width * Colors}.", nameof(picture));
        float[] heat = map.Resize(picture.Height, picture.Width);
        byte[] pixels = picture.Pixels.ToArray();
        for (int i = 0; i < heat.Length; i++)
        {
            (byte red, byte green, byte blue) = HeatColors.At(heat[i]);
            Span<byte> pixel = pixels.AsSpan(i * Colors, Colors);
            (pixel[0], pixel[1], pixel[2]) = (Blend(pixel[0], red), Blend(pixel[1], green), Blend(pixel[2], blue));
        }
        return new StoredImage(picture.Height, picture.Width, pixels);

        static byte Blend(byte below, byte above) => (byte)MathF.Round(float.Lerp(below, above, HeatShare));
    }

    /// <summary>The picture as the network sees it, and to the right of it the same under each map; small ones enlarged by a whole factor.</summary>
    /// <param name="model">The model; of 1 or 3 channels.</param>
    /// <param name="input">[height, width, channels], prepared as the model asks for.</param>
    /// <param name="maps">What a <see cref="NetworkInspector"/> made of it.</param>
    /// <returns>RGB.</returns>
    /// <exception cref="ArgumentException">The length is not that of the model's input.</exception>
    /// <exception cref="InvalidModelException">The model has neither 1 nor 3 channels.</exception>
    public static StoredImage DrawBesidePicture(ModelSpec model, ReadOnlySpan<float> input, params ReadOnlySpan<ClassActivationMap> maps)
    {
        ArgumentNullException.ThrowIfNull(model);
        int scale = Math.Max(1, ReadableSide / Math.Max(model.Input.Height, model.Input.Width));
        StoredImage picture = InputPicture.Draw(model, input, scale);
        int width = (picture.Width * (maps.Length + 1)) + (Gap * maps.Length);
        byte[] pixels = new byte[checked(picture.Height * width * Colors)];
        pixels.AsSpan().Fill(byte.MaxValue);
        Place(picture, pixels, width, 0);
        for (int i = 0; i < maps.Length; i++)
            Place(Draw(picture, maps[i]), pixels, width, (i + 1) * (picture.Width + Gap));
        return new StoredImage(picture.Height, width, pixels);
    }

    private static void Place(StoredImage part, Span<byte> pixels, int width, int left)
    {
        int row = part.Width * Colors;
        for (int y = 0; y < part.Height; y++)
            part.Pixels.Span.Slice(y * row, row).CopyTo(pixels[(((y * width) + left) * Colors)..]);
    }
}
