namespace AlexNetSharp.Data;

/// <summary>How far work on a data set's pictures has got.</summary>
/// <param name="Done">Pictures that are done.</param>
/// <param name="Total">Pictures in all.</param>
public readonly record struct PictureProgress(int Done, int Total);
