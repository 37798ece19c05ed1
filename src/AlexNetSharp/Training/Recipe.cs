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

    /// <summary>The highest accuracy on MNIST: digits turned, shifted, scaled, slanted and bent a little differently each time, thirty epochs, averaged weights.</summary>
    public static Recipe MnistBest { get; } = new(
        "mnist-best",
        "the highest accuracy on MNIST: affine and elastic distortion, thirty epochs, averaged weights",
        new TrainingOptions
        {
            BatchSize = 128,
            Epochs = 30,
            Schedule = new CosineSchedule { WarmUpSteps = 400 },
            Averaging = new AveragingOptions { Decay = 0.999f },
            Augmentation = new AugmentationOptions
            {
                Affine = new Affine(RotationDegrees: 15, Shift: 0.1f, MinimalScale: 0.83f, MaximalScale: 1.2f, ShearDegrees: 12),
                Elastic = new Elastic(Sigma: 3.9f, Amplitude: 0.96f),
            },
        });

    /// <summary>The highest accuracy on Fashion-MNIST: mirrored, moved by up to two pixels, rectangles erased, thirty epochs, averaged weights.</summary>
    public static Recipe FashionBest { get; } = new(
        "fashion-best",
        "the highest accuracy on Fashion-MNIST: mirroring, shifts and random erasing, thirty epochs, averaged weights",
        new TrainingOptions
        {
            BatchSize = 128,
            Epochs = 30,
            Schedule = new CosineSchedule { WarmUpSteps = 400 },
            Averaging = new AveragingOptions { Decay = 0.999f },
            LabelSmoothing = 0.1f,
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

    /// <summary>All recipes.</summary>
    public static ImmutableArray<Recipe> All { get; } = [Default, Seed, MnistBest, FashionBest];

    /// <summary>The recipe called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static Recipe Find(string name) =>
        All.FirstOrDefault(recipe => recipe.Name == name)
        ?? throw new ArgumentException($"There is no recipe called '{name}'. Known are: {string.Join(", ", All.Select(recipe => recipe.Name))}.");
}
