using AlexNetSharp.Models;

namespace AlexNetSharp.Augmentation;

/// <summary>What <see cref="Erasing"/> does to a picture.</summary>
internal static class RectangleErasing
{
    private const int Tries = 10;
    private const double LeastAspect = 0.3;

    /// <param name="options">What is done.</param>
    /// <param name="random">The picture's numbers.</param>
    /// <param name="input">The picture's shape.</param>
    /// <param name="values">What a random byte is to the model.</param>
    /// <param name="picture">[height, width, channels], normalised, in place.</param>
    public static void Erase(Erasing options, AugmentationRandom random, FeatureShape input, PixelValues values, Span<float> picture)
    {
        if (!random.NextChance(options.Probability))
            return;
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            double area = random.NextBetween(options.MinimalArea, options.MaximalArea) * input.Height * input.Width;
            double aspect = random.NextLogBetween(LeastAspect, 1 / LeastAspect);
            int width = (int)Math.Round(Math.Sqrt(area * aspect)), height = (int)Math.Round(Math.Sqrt(area / aspect));
            if (width < 1 || height < 1 || width > input.Width || height > input.Height)
                continue;
            int left = random.NextInt32(input.Width - width + 1), top = random.NextInt32(input.Height - height + 1);
            for (int row = top; row < top + height; row++)
            {
                Span<float> part = picture.Slice(((row * input.Width) + left) * input.Channels, width * input.Channels);
                if (options.Fill == ErasingFill.Mean)
                {
                    part.Clear();
                    continue;
                }
                for (int i = 0; i < part.Length; i++)
                    part[i] = values.Of(random.NextInt32(PixelValues.Levels), i % input.Channels);
            }
            return;
        }
    }
}
