namespace AlexNetSharp.Images;

/// <summary>The size of a picture.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>28x28: height before width.</summary>
    public override string ToString() => $"{Height}x{Width}";
}
