using AlexNetSharp.Augmentation;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Augmentation;

public sealed class AugmentationOptionsTests
{
    public static TheoryData<AugmentationOptions, string> Senseless => new()
    {
        { new() { Fill = (PictureFill)7 }, "fill is 7; it must be one of Black, Edge, Reflect." },
        { new() { RandomCrop = new(), RandomResizedCrop = new() }, "a random crop and a random resized crop are both given. Choose one." },
        { new() { RandomCrop = new(-1) }, "the random crop's padding is -1; it must lie between 0 and 1024." },
        { new() { RandomCrop = new(1025) }, "the random crop's padding is 1025; it must lie between 0 and 1024." },
        { new() { RandomResizedCrop = new(MinimalArea: 0) }, "random resized crop's area goes from 0 to 1; it must lie above 0, end at 1 or below, and not fall." },
        { new() { RandomResizedCrop = new(MaximalArea: 1.5f) }, "random resized crop's area goes from 0.08 to 1.5; it must lie above 0, end at 1 or below, and not fall." },
        { new() { RandomResizedCrop = new(MinimalAspect: 2, MaximalAspect: 1) }, "random resized crop's aspect goes from 2 to 1; it must lie above 0, end at 100 or below, and not fall." },
        { new() { Flip = new(1.5f) }, "flip's probability is 1.5; it must lie between 0 and 1." },
        { new() { Flip = new(VerticalProbability: float.NaN) }, "flip's vertical probability is NaN; it must lie between 0 and 1." },
        { new() { Affine = new(RotationDegrees: 181) }, "affine's rotation is 181; it must lie between 0 and 180." },
        { new() { Affine = new(ShearDegrees: -1) }, "affine's shear is -1; it must lie between 0 and 60." },
        { new() { Affine = new(Shift: 2) }, "affine's shift is 2; it must lie between 0 and 1." },
        { new() { Affine = new(MinimalScale: 0.05f) }, "affine's least scale is 0.05; it must lie between 0.1 and 10." },
        { new() { Affine = new(MinimalScale: 2) }, "affine's largest scale is 1; it must lie between 2 and 10." },
        { new() { Affine = new(Probability: -0.1f) }, "affine's probability is -0.1; it must lie between 0 and 1." },
        { new() { Elastic = new(Sigma: 0.4f) }, "elastic's sigma is 0.4; it must lie between 0.5 and 1000." },
        { new() { Elastic = new(Amplitude: 101) }, "elastic's amplitude is 101; it must lie between 0 and 100." },
        { new() { Elastic = new(Probability: 2) }, "elastic's probability is 2; it must lie between 0 and 1." },
        { new() { Brightness = new(MinimalFactor: 0) }, "brightness's factor goes from 0 to 1.4; it must lie above 0, end at 10 or below, and not fall." },
        { new() { Brightness = new(Probability: 2) }, "brightness's probability is 2; it must lie between 0 and 1." },
        { new() { Contrast = new(MaximalFactor: float.NaN) }, "contrast's factor goes from 0.6 to NaN; it must lie above 0, end at 10 or below, and not fall." },
        { new() { Contrast = new(Probability: 2) }, "contrast's probability is 2; it must lie between 0 and 1." },
        { new() { ColorNoise = new(-1) }, "colour noise's deviation is -1; it must lie between 0 and 10." },
        { new() { ColorNoise = new(0.1f, new([1, 2], [1])) }, "colour noise has 2 eigenvalues and 1 entries of eigenvectors; 3 and 9 finite numbers are needed." },
        { new() { ColorNoise = new(0.1f, new(default, default)) }, "colour noise has 0 eigenvalues and 0 entries of eigenvectors; 3 and 9 finite numbers are needed." },
        { new() { Erasing = new(Probability: 2) }, "erasing's probability is 2; it must lie between 0 and 1." },
        { new() { Erasing = new(MinimalArea: 0.5f) }, "erasing's area goes from 0.5 to 0.4; it must lie above 0, end at 1 or below, and not fall." },
        { new() { Erasing = new(Fill: (ErasingFill)9) }, "erasing's fill is 9; it must be one of Mean, Noise." },
        { new() { Mixup = new(0) }, "mixup's alpha goes from 0 to 0; it must lie above 0, end at 100 or below, and not fall." },
        { new() { CutMix = new(float.PositiveInfinity) }, "cut-mix's alpha goes from Infinity to Infinity; it must lie above 0, end at 100 or below, and not fall." },
    };

    public static AugmentationOptions All => new()
    {
        Fill = PictureFill.Edge,
        RandomCrop = new(3),
        Flip = new(0.25f, 0.125f),
        Affine = new(1, 0.5f, 0.5f, 2, 3, 0.75f),
        Elastic = new(5, 2, 0.5f),
        Brightness = new(0.5f, 2, 0.5f),
        Contrast = new(0.25f, 3, 0.5f),
        ColorNoise = new(0.5f, new([3, 2, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1])),
        Erasing = new(0.25f, 0.125f, 0.25f, ErasingFill.Noise),
        Mixup = new(0.5f),
        CutMix = new(2),
    };

    [Theory]
    [MemberData(nameof(Senseless))]
    public void Validate_SenselessOption_NamesItItsValueAndTheRange(AugmentationOptions options, string message) =>
        Assert.Equal("Augmentation: " + message, Assert.Throws<ArgumentException>(options.Validate).Message);

    [Fact]
    public void Validate_DefaultsOfEveryKind_AreFine()
    {
        AugmentationOptions options = new()
        {
            RandomCrop = new(),
            Flip = new(),
            Affine = new(),
            Elastic = new(),
            Brightness = new(),
            Contrast = new(),
            ColorNoise = new(),
            Erasing = new(),
            Mixup = new(),
            CutMix = new(),
        };

        Assert.Null(Record.Exception(options.Validate));
        Assert.Null(Record.Exception((options with { RandomCrop = null, RandomResizedCrop = new() }).Validate));
        Assert.Equal(PrincipalColors.ImageNet, new ColorNoise().Colors);
    }

    [Fact]
    public void Json_OfEveryKind_ComesBackTheSame()
    {
        foreach (AugmentationOptions options in new[] { All, All with { RandomCrop = null, RandomResizedCrop = new(0.1f, 0.5f, 0.5f, 2) }, AugmentationOptions.None })
        {
            string json = TrainingOptionsJson.Write(new TrainingOptions { Augmentation = options });

            Assert.Equal(options, new TrainingOptions().With(json, "test").Augmentation);
        }
    }

    [Fact]
    public void Json_WhatIsLeftOut_HasItsDefault()
    {
        AugmentationOptions? options = new TrainingOptions().With(
            """{"augmentation": {"flip": {}, "affine": {"rotation_degrees": 15}, "color_noise": {"colors": null}, "random_resized_crop": {"minimal_area": 0.2}, "fill": "reflect", "erasing": {"fill": "noise"}}}""", "test").Augmentation;

        Assert.Equal(
            new AugmentationOptions { Flip = new(), Affine = new(RotationDegrees: 15), ColorNoise = new(), RandomResizedCrop = new(MinimalArea: 0.2f), Fill = PictureFill.Reflect, Erasing = new(Fill: ErasingFill.Noise) },
            options);
    }

    [Theory]
    [InlineData("""{"augmentation": {"flop": {}}}""", "flop")]
    [InlineData("""{"augmentation": {"affine": {"rotation": 1}}}""", "rotation")]
    [InlineData("""{"augmentation": {"fill": "white"}}""", "fill")]
    public void Json_WhatDoesNotExist_IsNamed(string json, string name)
    {
        string message = Assert.Throws<InvalidDataException>(() => new TrainingOptions().With(json, "some.json")).Message;

        Assert.StartsWith("'some.json', augmentation.", message);
        Assert.Contains(name, message);
    }
}
