namespace AlexNetSharp.Augmentation;

/// <summary>Brightness, contrast and colour noise of one picture.</summary>
internal static class PictureColors
{
    private const int Colors = 3;
    private const float Largest = 255;

    /// <param name="picture">[height, width, channels], 0 to 255, in place.</param>
    /// <param name="channels">Values of a pixel.</param>
    /// <param name="options">What is done.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">The picture's stream.</param>
    public static void Vary(Span<float> picture, int channels, AugmentationOptions options, ulong seed, ulong stream)
    {
        if (options.Brightness is Brightness brightness)
        {
            AugmentationRandom random = new(seed, stream, AugmentationPurpose.Brightness);
            if (random.NextChance(brightness.Probability))
                Scale(picture, (float)random.NextBetween(brightness.MinimalFactor, brightness.MaximalFactor), 0);
        }
        if (options.Contrast is Contrast contrast)
        {
            AugmentationRandom random = new(seed, stream, AugmentationPurpose.Contrast);
            if (random.NextChance(contrast.Probability))
            {
                float factor = (float)random.NextBetween(contrast.MinimalFactor, contrast.MaximalFactor);
                Scale(picture, factor, (1 - factor) * MeanGrey(picture, channels));
            }
        }
        if (options.ColorNoise is ColorNoise noise)
            AddNoise(picture, noise, new AugmentationRandom(seed, stream, AugmentationPurpose.ColorNoise));
    }

    private static void Scale(Span<float> picture, float factor, float offset)
    {
        for (int i = 0; i < picture.Length; i++)
            picture[i] = Math.Clamp((factor * picture[i]) + offset, 0, Largest);
    }

    private static float MeanGrey(ReadOnlySpan<float> picture, int channels)
    {
        double sum = 0;
        if (channels == Colors)
        {
            for (int i = 0; i < picture.Length; i += Colors)
                sum += Luma.Of(picture[i], picture[i + 1], picture[i + 2]);
            return (float)(sum / (picture.Length / Colors));
        }
        foreach (float value in picture)
            sum += value;
        return (float)(sum / picture.Length);
    }

    private static void AddNoise(Span<float> picture, ColorNoise noise, AugmentationRandom random)
    {
        Span<float> shift = stackalloc float[Colors];
        for (int color = 0; color < Colors; color++)
        {
            double weight = random.NextNormal() * noise.Deviation * noise.Colors.Eigenvalues[color] * Largest;
            for (int channel = 0; channel < Colors; channel++)
                shift[channel] += (float)(weight * noise.Colors.Eigenvectors[(channel * Colors) + color]);
        }
        float red = shift[0], green = shift[1], blue = shift[2];
        for (int i = 0; i < picture.Length; i += Colors)
        {
            picture[i] += red;
            picture[i + 1] += green;
            picture[i + 2] += blue;
        }
    }
}
