using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Augmentation;

/// <summary>Draws where a training picture is looked at: the crop, within it the affine mapping, after that the flip.</summary>
internal static class MappingDraw
{
    /// <param name="options">What is drawn.</param>
    /// <param name="image">The stored picture.</param>
    /// <param name="input">What the model takes.</param>
    /// <param name="preprocessing">How pictures become that where nothing is drawn.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">The picture's stream.</param>
    public static PictureMapping Draw(AugmentationOptions options, StoredImage image, FeatureShape input, Preprocessing preprocessing, ulong seed, ulong stream)
    {
        PictureMapping mapping = Crop(options, image, input, preprocessing, new AugmentationRandom(seed, stream, AugmentationPurpose.Crop));
        if (options.Affine is Affine affine)
        {
            AugmentationRandom random = new(seed, stream, AugmentationPurpose.Affine);
            if (random.NextChance(affine.Probability))
                mapping = mapping.After(Distortion(affine, input, ref random));
        }
        if (options.Flip is Flip flip)
        {
            AugmentationRandom random = new(seed, stream, AugmentationPurpose.Flip);
            if (random.NextChance(flip.Probability))
                mapping = mapping.After(PictureMapping.Mirror(input));
            if (random.NextChance(flip.VerticalProbability))
                mapping = mapping.After(PictureMapping.VerticalMirror(input));
        }
        return mapping;
    }

    private static PictureMapping Crop(AugmentationOptions options, StoredImage image, FeatureShape input, Preprocessing preprocessing, AugmentationRandom random)
    {
        if (options.RandomResizedCrop is RandomResizedCrop part)
            return ResizedCrop.Draw(part, image.Height, image.Width, input, ref random);
        if (options.RandomCrop is not RandomCrop crop)
            return PictureMapping.OfView(image, TestView.Center, input, preprocessing);
        ImageSize resized = PictureMapping.Resized(image, input, preprocessing);
        int left = random.NextInt32(resized.Width - input.Width + (2 * crop.Padding) + 1) - crop.Padding;
        int top = random.NextInt32(resized.Height - input.Height + (2 * crop.Padding) + 1) - crop.Padding;
        return PictureMapping.OfPlace(image, resized, left, top);
    }

    private static PictureMapping Distortion(Affine affine, FeatureShape input, ref AugmentationRandom random)
    {
        double radians = random.NextBetween(-affine.RotationDegrees, affine.RotationDegrees) * (Math.PI / 180);
        double slant = Math.Tan(random.NextBetween(-affine.ShearDegrees, affine.ShearDegrees) * (Math.PI / 180));
        double scale = random.NextLogBetween(affine.MinimalScale, affine.MaximalScale);
        double right = random.NextBetween(-affine.Shift, affine.Shift) * input.Width, down = random.NextBetween(-affine.Shift, affine.Shift) * input.Height;
        return PictureMapping.OfAffine(radians, slant, scale, right, down, input);
    }
}
