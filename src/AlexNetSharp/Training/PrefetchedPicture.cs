using AlexNetSharp.Images;

namespace AlexNetSharp.Training;

/// <summary>A picture that was read ahead, or what kept it from being read.</summary>
/// <param name="Index">Its place in the set.</param>
/// <param name="Image">The picture; empty where there is a problem.</param>
/// <param name="Problem">What is wrong with it, naming it; null where nothing is.</param>
public readonly record struct PrefetchedPicture(int Index, StoredImage Image, string? Problem);
