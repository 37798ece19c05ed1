using AlexNetSharp.Models;

namespace AlexNetSharp.Augmentation;

/// <summary>The draw of <see cref="RandomResizedCrop"/>.</summary>
internal static class ResizedCrop
{
    private const int Tries = 10;

    public static PictureMapping Draw(RandomResizedCrop options, int height, int width, FeatureShape input, ref AugmentationRandom random)
    {
        (int left, int top, int columns, int rows) = Part(options, height, width, ref random);
        return PictureMapping.OfPart(left, top, columns, rows, input);
    }

    /// <summary>Whole pixels of the stored picture.</summary>
    public static (int Left, int Top, int Width, int Height) Part(RandomResizedCrop options, int height, int width, ref AugmentationRandom random)
    {
        for (int attempt = 0; attempt < Tries; attempt++)
        {
            double area = random.NextBetween(options.MinimalArea, options.MaximalArea) * height * width;
            double aspect = random.NextLogBetween(options.MinimalAspect, options.MaximalAspect);
            int columns = (int)Math.Round(Math.Sqrt(area * aspect)), rows = (int)Math.Round(Math.Sqrt(area / aspect));
            if (columns >= 1 && rows >= 1 && columns <= width && rows <= height)
                return (random.NextInt32(width - columns + 1), random.NextInt32(height - rows + 1), columns, rows);
        }
        double whole = width / (double)height, kept = Math.Clamp(whole, options.MinimalAspect, options.MaximalAspect);
        int keptWidth = whole > kept ? Math.Max(1, (int)Math.Round(height * kept)) : width, keptHeight = whole < kept ? Math.Max(1, (int)Math.Round(width / kept)) : height;
        return ((width - keptWidth) / 2, (height - keptHeight) / 2, keptWidth, keptHeight);
    }
}
