namespace AlexNetSharp.Data;

/// <summary>The pictures of an IDX file.</summary>
/// <param name="Count">Number of pictures.</param>
/// <param name="Height">Rows of a picture.</param>
/// <param name="Width">Columns of a picture.</param>
/// <param name="Pixels">[count, height, width], 0 to 255.</param>
public sealed record IdxImages(int Count, int Height, int Width, byte[] Pixels);
