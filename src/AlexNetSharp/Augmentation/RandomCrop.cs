namespace AlexNetSharp.Augmentation;

/// <summary>A random place in the picture, drawn in whole pixels, so that pictures of the input's size are copied exactly.</summary>
/// <param name="Padding">Pixels that the place may lie outside of the picture on each side, 0 to 1024; 4 is usual for CIFAR's.</param>
public sealed record RandomCrop(int Padding = 0)
{
    /// <summary>Throws unless this makes sense.</summary>
    /// <exception cref="ArgumentException">Names the value and what it must be.</exception>
    internal void Validate()
    {
        if (Padding < 0 || Padding > 1024)
            throw new ArgumentException($"Augmentation: the random crop's padding is {Padding}; it must lie between 0 and 1024.");
    }
}
