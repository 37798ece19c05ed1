namespace AlexNetSharp.Training;

/// <summary>From bytes to what a model sees.</summary>
internal static class PixelScaling
{
    /// <summary>destination[i] = source[i] / 255.</summary>
    public static void ToUnit(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = source[i] / 255f;
    }
}
