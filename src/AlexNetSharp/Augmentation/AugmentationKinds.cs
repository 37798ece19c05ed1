using System.Text.Json.Serialization;

namespace AlexNetSharp.Augmentation;

/// <summary>A random place in the picture, drawn in whole pixels, so that pictures of the input's size are copied exactly.</summary>
/// <param name="Padding">Pixels that the place may lie outside of the picture on each side, 0 to 1024; 4 is usual for CIFAR's.</param>
public sealed record RandomCrop(int Padding = 0);

/// <summary>A random part of the picture, resampled to the input's size (Szegedy et al. 2015, §6).</summary>
/// <remarks>Ten draws that may not fit into the picture, then its centre within the bounds of the aspect.</remarks>
/// <param name="MinimalArea">Least share of the picture's area, above 0.</param>
/// <param name="MaximalArea">Largest share, at most 1.</param>
/// <param name="MinimalAspect">Least width / height, above 0; its logarithm is drawn evenly.</param>
/// <param name="MaximalAspect">Largest width / height.</param>
public sealed record RandomResizedCrop(float MinimalArea = 0.08f, float MaximalArea = 1, float MinimalAspect = 3f / 4, float MaximalAspect = 4f / 3);

/// <summary>Mirroring.</summary>
/// <param name="Probability">Of left and right being exchanged, 0 to 1.</param>
/// <param name="VerticalProbability">Of top and bottom being exchanged, 0 to 1.</param>
public sealed record Flip(float Probability = 0.5f, float VerticalProbability = 0);

/// <summary>A random affine mapping about the picture's centre.</summary>
/// <param name="RotationDegrees">The largest angle to either side, 0 to 180.</param>
/// <param name="Shift">The largest shift to either side as a share of the input's side, 0 to 1.</param>
/// <param name="MinimalScale">The least magnification, above 0; its logarithm is drawn evenly.</param>
/// <param name="MaximalScale">The largest magnification, at most 10.</param>
/// <param name="ShearDegrees">The largest slant of what is upright to either side, 0 to 60.</param>
/// <param name="Probability">0 to 1.</param>
public sealed record Affine(float RotationDegrees = 0, float Shift = 0, float MinimalScale = 1, float MaximalScale = 1, float ShearDegrees = 0, float Probability = 1);

/// <summary>A smooth random displacement (Simard, Steinkraus, Platt 2003).</summary>
/// <param name="Sigma">The deviation in pixels of the Gaussian that smooths alike, 0.5 to 1000: small ones tremble, large ones bend.</param>
/// <param name="Amplitude">The root mean square of the displacement in each direction, in pixels of the input.</param>
/// <param name="Probability">0 to 1.</param>
public sealed record Elastic(float Sigma = 4, float Amplitude = 1, float Probability = 1);

/// <summary>All values times a factor, cut off at 0 and 1.</summary>
/// <param name="MinimalFactor">The least, above 0.</param>
/// <param name="MaximalFactor">The largest, at most 10.</param>
/// <param name="Probability">0 to 1.</param>
public sealed record Brightness(float MinimalFactor = 0.6f, float MaximalFactor = 1.4f, float Probability = 1);

/// <summary>Distances from the mean grey of the picture times a factor, cut off at 0 and 1.</summary>
/// <param name="MinimalFactor">The least, above 0.</param>
/// <param name="MaximalFactor">The largest, at most 10.</param>
/// <param name="Probability">0 to 1.</param>
public sealed record Contrast(float MinimalFactor = 0.6f, float MaximalFactor = 1.4f, float Probability = 1);

/// <summary>The same colour added to all pixels of a picture: Σ α·λ·p over the principal colours p, α ~ N(0, deviation) (Krizhevsky et al. 2012, §4.1).</summary>
/// <param name="Deviation">Of α; the paper's is 0.1.</param>
/// <param name="Colors">The principal colours; null for ImageNet's.</param>
public sealed record ColorNoise(float Deviation = 0.1f, PrincipalColors? Colors = null)
{
    /// <summary>The principal colours, in units of 255.</summary>
    public PrincipalColors Colors { get; init => field = value ?? PrincipalColors.ImageNet; } = Colors ?? PrincipalColors.ImageNet;
}

/// <summary>What an erased rectangle holds.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ErasingFill>))]
public enum ErasingFill
{
    /// <summary>The mean that the model's preprocessing takes off, which gives 0.</summary>
    [JsonStringEnumMemberName("mean")]
    Mean,

    /// <summary>Random bytes.</summary>
    [JsonStringEnumMemberName("noise")]
    Noise,
}

/// <summary>A random rectangle overwritten (Zhong et al. 2017). Its aspect lies between 0.3 and 1 / 0.3.</summary>
/// <param name="Probability">0 to 1.</param>
/// <param name="MinimalArea">Least share of the input's area, above 0.</param>
/// <param name="MaximalArea">Largest share, at most 1.</param>
/// <param name="Fill">What it then holds.</param>
public sealed record Erasing(float Probability = 0.5f, float MinimalArea = 0.02f, float MaximalArea = 0.4f, ErasingFill Fill = ErasingFill.Mean);

/// <summary>Pictures and labels blended, λ ~ Beta(α, α) (Zhang et al. 2018).</summary>
/// <param name="Alpha">Above 0, at most 100; small ones leave one of the two nearly alone.</param>
public sealed record Mixup(float Alpha = 0.2f);

/// <summary>A rectangle of 1 − λ of the area exchanged, λ ~ Beta(α, α), and labels weighed by the area that is there (Yun et al. 2019).</summary>
/// <param name="Alpha">Above 0, at most 100; 1 draws all areas evenly.</param>
public sealed record CutMix(float Alpha = 1);
