using System.Collections.Immutable;
using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>What <see cref="DataCheck"/> found.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Pictures">Pictures in all, broken ones among them.</param>
/// <param name="Channels">1 for grey, 3 for RGB.</param>
/// <param name="Problems">All problems, in the order of the pictures; first those that are with no picture of the set.</param>
/// <param name="Classes">One entry a class.</param>
/// <param name="Duplicates">Test pictures that are, pixel for pixel, in the training or validation set too. They flatter the test's figures, but are no problem with reading.</param>
/// <param name="Smallest">The smallest height and the smallest width; null where no picture can be read.</param>
/// <param name="Largest">The largest height and the largest width.</param>
public sealed record DataReport(
    string Name, int Pictures, int Channels, ImmutableArray<DataProblem> Problems, ImmutableArray<ClassCount> Classes, ImmutableArray<DuplicatePicture> Duplicates,
    ImageSize? Smallest, ImageSize? Largest)
{
    /// <summary>What was decided in loading that the set's user should know.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
