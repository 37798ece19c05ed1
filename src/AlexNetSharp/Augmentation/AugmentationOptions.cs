using System.Text.Json.Serialization;

namespace AlexNetSharp.Augmentation;

/// <summary>What a place outside of a picture holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PictureFill>))]
public enum PictureFill
{
    /// <summary>Byte 0, before normalisation: right for glyphs on black.</summary>
    [JsonStringEnumMemberName("black")]
    Black,

    /// <summary>The nearest pixel of the edge.</summary>
    [JsonStringEnumMemberName("edge")]
    Edge,

    /// <summary>The picture mirrored at the centre of its edge pixels.</summary>
    [JsonStringEnumMemberName("reflect")]
    Reflect,
}

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
        if (!Enum.IsDefined(Fill))
            throw new ArgumentException($"Augmentation: fill is {Fill}; it must be one of {string.Join(", ", Enum.GetNames<PictureFill>())}.");
        if (RandomCrop is not null && RandomResizedCrop is not null)
            throw new ArgumentException("Augmentation: a random crop and a random resized crop are both given. Choose one.");
        if (RandomCrop is not null && (RandomCrop.Padding < 0 || RandomCrop.Padding > 1024))
            throw new ArgumentException($"Augmentation: the random crop's padding is {RandomCrop.Padding}; it must lie between 0 and 1024.");
        if (RandomResizedCrop is RandomResizedCrop part)
        {
            Range(part.MinimalArea, part.MaximalArea, 0, 1, "random resized crop's area");
            Range(part.MinimalAspect, part.MaximalAspect, 0, 100, "random resized crop's aspect");
        }
        if (Flip is not null)
        {
            Share(Flip.Probability, "flip's probability");
            Share(Flip.VerticalProbability, "flip's vertical probability");
        }
        if (Affine is not null)
        {
            Share(Affine.Probability, "affine's probability");
            Within(Affine.RotationDegrees, 0, 180, "affine's rotation");
            Within(Affine.ShearDegrees, 0, 60, "affine's shear");
            Share(Affine.Shift, "affine's shift");
            Range(Affine.MinimalScale, Affine.MaximalScale, 0, 10, "affine's scale");
        }
        if (Elastic is not null)
        {
            Share(Elastic.Probability, "elastic's probability");
            Within(Elastic.Sigma, 0.5f, 1000, "elastic's sigma");
            Within(Elastic.Amplitude, 0, 1000, "elastic's amplitude");
        }
        if (Brightness is not null)
            Factors(Brightness.Probability, Brightness.MinimalFactor, Brightness.MaximalFactor, "brightness");
        if (Contrast is not null)
            Factors(Contrast.Probability, Contrast.MinimalFactor, Contrast.MaximalFactor, "contrast");
        if (ColorNoise is not null)
        {
            Within(ColorNoise.Deviation, 0, 10, "colour noise's deviation");
            ColorNoise.Colors.Validate();
        }
        if (Erasing is not null)
        {
            Share(Erasing.Probability, "erasing's probability");
            Range(Erasing.MinimalArea, Erasing.MaximalArea, 0, 1, "erasing's area");
            if (!Enum.IsDefined(Erasing.Fill))
                throw new ArgumentException($"Augmentation: erasing's fill is {Erasing.Fill}; it must be one of {string.Join(", ", Enum.GetNames<ErasingFill>())}.");
        }
        if (Mixup is not null)
            Range(Mixup.Alpha, Mixup.Alpha, 0, 100, "mixup's alpha");
        if (CutMix is not null)
            Range(CutMix.Alpha, CutMix.Alpha, 0, 100, "cut-mix's alpha");
    }

    private static void Share(float value, string name) => Within(value, 0, 1, name);

    private static void Factors(float probability, float minimum, float maximum, string name)
    {
        Share(probability, name + "'s probability");
        Range(minimum, maximum, 0, 10, name + "'s factor");
    }

    private static void Within(float value, float least, float most, string name)
    {
        if (!(value >= least) || value > most)
            throw new ArgumentException($"Augmentation: {name} is {value}; it must lie between {least} and {most}.");
    }

    private static void Range(float minimum, float maximum, float above, float most, string name)
    {
        if (!(minimum > above) || !(maximum <= most) || minimum > maximum)
            throw new ArgumentException($"Augmentation: {name} goes from {minimum} to {maximum}; it must lie above {above}, end at {most} or below, and not fall.");
    }
}
