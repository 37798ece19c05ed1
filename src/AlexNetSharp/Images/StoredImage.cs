namespace AlexNetSharp.Images;

/// <summary>A picture as a set keeps it: bytes, before anything is done to them for a model.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Pixels">[height, width, channels of its set], 0 to 255.</param>
public readonly record struct StoredImage(int Height, int Width, ReadOnlyMemory<byte> Pixels);
