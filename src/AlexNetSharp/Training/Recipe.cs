using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Kernels.Optimizers;

namespace AlexNetSharp.Training;

/// <summary>Named training options.</summary>
/// <param name="Name">What it is asked for by.</param>
/// <param name="Summary">One sentence for people.</param>
/// <param name="Options">The options.</param>
public sealed record Recipe(string Name, string Summary, TrainingOptions Options)
{
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

    /// <summary>All recipes.</summary>
    public static ImmutableArray<Recipe> All { get; } = [Default, Seed];

    /// <summary>The recipe called <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those that there are.</exception>
    public static Recipe Find(string name) =>
        All.FirstOrDefault(recipe => recipe.Name == name)
        ?? throw new ArgumentException($"There is no recipe called '{name}'. Known are: {string.Join(", ", All.Select(recipe => recipe.Name))}.");
}
