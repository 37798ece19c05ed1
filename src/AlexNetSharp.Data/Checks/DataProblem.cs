namespace AlexNetSharp.Data;

/// <summary>Something that is wrong with a data set.</summary>
/// <param name="Path">The file or folder, or what a set in memory calls the picture.</param>
/// <param name="Problem">What is wrong with it, naming it, and how to mend it.</param>
public sealed record DataProblem(string Path, string Problem);
