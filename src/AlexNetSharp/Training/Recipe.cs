using System.Collections.Immutable;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Models;

namespace AlexNetSharp.Training;

/// <summary>Named training options, with the model and the data that they were found for.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Summary">One sentence for people.</param>
/// <param name="Options">The options.</param>
public sealed record Recipe(string Name, string Summary, TrainingOptions Options)
{
    /// <summary>The name of the model; another may be asked for.</summary>
    public string Model { get; init; } = ModelCatalog.AlexNetMnistName;

    /// <summary>The name of the data; others may be asked for. Null where people have to bring their own.</summary>
    public string? Data { get; init; } = "mnist";

    /// <summary>The views that the test pictures are judged by at the end.</summary>
    public TestTimeAugmentation TestTimeAugmentation { get; init; } = TestTimeAugmentation.None;

    /// <summary>The tutorial to the letter: N(0, 1) weights and biases, constant rate, 300,000 images.</summary>
    public static Recipe Seed { get; } = new(
        "seed",
        "the tutorial to the letter: every weight and bias from N(0,1), Adam at a constant 0.001, 300,000 images",
        new TrainingOptions
        {
            BatchSize = 64,
            Images = 300_000,
            LearningRate = 0.001f,
            Schedule = LearningRateSchedule.Constant,
            Optimizer = new AdamOptions { Form = AdamForm.EpsilonHat },
            Initialization = Initialization.StandardNormal,
        });

    /// <summary>The tutorial's network with its initialisation and learning rate repaired.</summary>
    public static Recipe Default { get; } = new(
        "default",
        "the same network with He initialisation and a cosine learning rate from 0.001 to 0, two epochs",
        new TrainingOptions());

    /// <summary>The highest accuracy on MNIST: digits turned, shifted, scaled, slanted and bent a little differently each time, 36 epochs of all 60,000, averaged weights, seventeen views in the test.</summary>
    public static Recipe MnistBest { get; } = new(
        "mnist-best",
        "the highest accuracy on MNIST: affine and elastic distortion, 36 epochs of all 60,000, averaged weights, seventeen views in the test",
        new TrainingOptions
        {
            Epochs = 36,
            Schedule = new CosineSchedule { WarmUpSteps = 400 },
            Averaging = new AveragingOptions { Decay = 0.9995f },
            TrainOnValidation = true,
            Augmentation = new AugmentationOptions
            {
                Affine = new Affine(RotationDegrees: 12, Shift: 0.05f, MinimalScale: 0.88f, MaximalScale: 1.14f, ShearDegrees: 10),
                Elastic = new Elastic(Sigma: 3.9f, Amplitude: 0.96f),
            },
        })
    {
        TestTimeAugmentation = TestTimeAugmentation.Glyphs,
    };

    /// <summary>The highest accuracy on Fashion-MNIST: mirrored, moved by up to two pixels, rectangles erased, 60 epochs of all 60,000, averaged weights, two views in the test.</summary>
    public static Recipe FashionBest { get; } = new(
        "fashion-best",
        "the highest accuracy on Fashion-MNIST: mirroring, shifts and random erasing, 60 epochs of all 60,000, averaged weights, two views in the test",
        new TrainingOptions
        {
            Epochs = 60,
            Schedule = new CosineSchedule { WarmUpSteps = 400 },
            Averaging = new AveragingOptions { Decay = 0.9995f },
            LabelSmoothing = 0.1f,
            TrainOnValidation = true,
            Augmentation = new AugmentationOptions
            {
                RandomCrop = new RandomCrop(Padding: 2),
                Flip = new Flip(),
                Erasing = new Erasing(Probability: 0.5f, MinimalArea: 0.02f, MaximalArea: 0.25f, ErasingFill.Noise),
            },
        })
    {
        Data = "fashion-mnist",
        TestTimeAugmentation = TestTimeAugmentation.Flip,
    };

    /// <summary>At least 99 % on MNIST in one pass over all 60,000 training pictures: the learning rate goes up and down once.</summary>
    public static Recipe MnistFast { get; } = new(
        "mnist-fast",
        "99 % on MNIST in the least time: one epoch of all 60,000, one cycle of the learning rate",
        new TrainingOptions
        {
            BatchSize = 32,
            Epochs = 1,
            LearningRate = 0.002f,
            Schedule = new OneCycleSchedule { PeakAt = 0.2f },
            TrainOnValidation = true,
        });

    /// <summary>People's own colour pictures: random parts of them, mirrored; the best epoch's weights are kept.</summary>
    public static Recipe Pictures { get; } = new(
        "pictures",
        "folders of colour pictures: random parts of them, mirrored, thirty epochs of AdamW, the best epoch kept",
        new TrainingOptions
        {
            Epochs = 30,
            LearningRate = 3e-4f,
            Schedule = new CosineSchedule { WarmUpSteps = 200 },
            Optimizer = new AdamOptions { Form = AdamForm.Epsilon, WeightDecay = 0.01f, DecaysBiases = false },
            NormalizePixels = true,
            ClipNorm = 1,
            LabelSmoothing = 0.1f,
            Keep = KeptWeights.Best,
            Augmentation = new AugmentationOptions
            {
                Fill = PictureFill.Reflect,
                RandomResizedCrop = new RandomResizedCrop(MinimalArea: 0.35f),
                Flip = new Flip(),
            },
        })
    {
        Model = ModelCatalog.AlexNetOwtName,
        Data = null,
        TestTimeAugmentation = TestTimeAugmentation.Flip,
    };

    /// <summary>ImageNet as Krizhevsky et al. 2012 trained on it (§4 and §5), for those who have it.</summary>
    public static Recipe ImageNet2012 { get; } = new(
        "imagenet-2012",
        "the paper's schedule for ImageNet: SGD with momentum 0.9 and weight decay 0.0005, 0.01 divided by ten on plateaus, 90 epochs, ten views in the test",
        new TrainingOptions
        {
            BatchSize = 128,
            Epochs = 90,
            LearningRate = 0.01f,
            Schedule = new PlateauSchedule { Factor = 0.1f, Patience = 3 },
            Optimizer = new SgdOptions { Momentum = 0.9f, WeightDecay = 5e-4f, Form = MomentumForm.WeightVelocity },
            Initialization = Initialization.Krizhevsky2012,
            Augmentation = new AugmentationOptions
            {
                RandomCrop = new RandomCrop(),
                Flip = new Flip(),
                ColorNoise = new ColorNoise(Deviation: 0.1f),
            },
        })
    {
        Model = ModelCatalog.AlexNet2012Name,
        Data = null,
        TestTimeAugmentation = TestTimeAugmentation.TenCrop,
    };

    /// <summary>All recipes.</summary>
    public static ImmutableArray<Recipe> All { get; } = [Default, Seed, MnistFast, MnistBest, FashionBest, Pictures, ImageNet2012];

    /// <summary>The recipe called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static Recipe Find(string name) =>
        All.FirstOrDefault(recipe => recipe.Name == name)
        ?? throw new ArgumentException($"There is no recipe called '{name}'. Known are: {string.Join(", ", All.Select(recipe => recipe.Name))}.");
}
