using System.Text.Json.Serialization;

namespace AlexNetSharp.Augmentation;

/// <summary>How training pictures are varied at random. Immutable. What is null is off.</summary>
/// <remarks>
/// Crop, flip, affine and elastic make up one mapping and one resampling; then come brightness, contrast and colour noise, normalisation and
/// erasing, and of the whole batch mixing. Every draw follows from the seed, the epoch and the picture's place in it. See docs/augmentation.md.
/// </remarks>
public sealed record AugmentationOptions
{
    /// <summary>Nothing is varied.</summary>
    public static AugmentationOptions None { get; } = new();

    /// <summary>What comes in from outside of a picture.</summary>
    public PictureFill Fill { get; init; }

    /// <summary>A random place instead of the centre.</summary>
    public RandomCrop? RandomCrop { get; init; }

    /// <summary>A random part of the picture, in place of what <see cref="Models.Preprocessing.Fit"/> says.</summary>
    public RandomResizedCrop? RandomResizedCrop { get; init; }

    /// <summary>Mirroring.</summary>
    public Flip? Flip { get; init; }

    /// <summary>Rotation, shift, scale and shear.</summary>
    public Affine? Affine { get; init; }

    /// <summary>Smooth random displacement.</summary>
    public Elastic? Elastic { get; init; }

    /// <summary>All values multiplied by a random factor.</summary>
    public Brightness? Brightness { get; init; }

    /// <summary>Distances from the picture's mean multiplied by a random factor.</summary>
    public Contrast? Contrast { get; init; }

    /// <summary>Noise along the principal colours; needs a model of three channels.</summary>
    public ColorNoise? ColorNoise { get; init; }

    /// <summary>A random rectangle overwritten.</summary>
    public Erasing? Erasing { get; init; }

    /// <summary>Pictures and labels blended.</summary>
    public Mixup? Mixup { get; init; }

    /// <summary>Rectangles exchanged between pictures. Together with <see cref="Mixup"/>, each step draws one of the two.</summary>
    public CutMix? CutMix { get; init; }

    /// <summary>Whether batches are mixed, so that labels become distributions.</summary>
    [JsonIgnore]
    public bool Mixes => Mixup is not null || CutMix is not null;

    /// <summary>Throws unless every option makes sense.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what it must be.</exception>
    public void Validate()
    {
        Limits.Defined(Fill, "fill");
        if (RandomCrop is not null && RandomResizedCrop is not null)
            throw new ArgumentException("Augmentation: a random crop and a random resized crop are both given. Choose one.");
        RandomCrop?.Validate();
        RandomResizedCrop?.Validate();
        Flip?.Validate();
        Affine?.Validate();
        Elastic?.Validate();
        Brightness?.Validate();
        Contrast?.Validate();
        ColorNoise?.Validate();
        Erasing?.Validate();
        Mixup?.Validate();
        CutMix?.Validate();
    }
}
