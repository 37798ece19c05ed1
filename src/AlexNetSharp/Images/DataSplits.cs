using System.Collections.Immutable;

namespace AlexNetSharp.Images;

/// <summary>A data set as training uses it.</summary>
/// <param name="Name">The name a user asked for, or the folder's.</param>
/// <param name="Training">What the weights are fitted to.</param>
/// <param name="Validation">What choices are made by; never trained on.</param>
/// <param name="Test">What the final figure is taken from; no choice is made by it.</param>
public sealed record DataSplits(string Name, ImageSet Training, ImageSet Validation, ImageSet Test)
{
    /// <summary>
    /// Whether each picture shows one glyph, brought to size and place the way MNIST was made: a model trained on it has to have pictures of
    /// digits brought to the same form.
    /// </summary>
    public bool ShowsGlyphs { get; init; }

    /// <summary>What was decided in loading that its user should know, a sentence each: how the pictures were divided, for example.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The same data with the validation pictures among the training pictures, after these, and none for validation.</summary>
    public DataSplits WithValidationInTraining()
    {
        ImageSet trained = Training, validated = Validation;
        return this with { Training = new JoinedImages(trained.Name, trained, validated), Validation = validated.Subset([], validated.Name) };
    }
}
