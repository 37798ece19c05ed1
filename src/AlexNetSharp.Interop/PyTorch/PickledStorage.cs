namespace AlexNetSharp.Interop.PyTorch;

/// <summary>A run of values that tensors look into.</summary>
/// <param name="Type">The class of its values, such as <c>FloatStorage</c>.</param>
/// <param name="Key">Its name in the file.</param>
/// <param name="Length">Its values in the file.</param>
/// <param name="ViewOffset">The first of them that is meant, where old files mean a part.</param>
/// <param name="ViewLength">How many are meant.</param>
internal sealed record PickledStorage(StorageType Type, string Key, long Length, long ViewOffset, long ViewLength);
