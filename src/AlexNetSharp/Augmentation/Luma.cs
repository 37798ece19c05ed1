namespace AlexNetSharp.Augmentation;

/// <summary>Brightness of a colour (ITU-R BT.601).</summary>
internal static class Luma
{
    // By whole numbers, so that a grey colour keeps its level to the bit.
    public static float Of(float red, float green, float blue) => ((299 * red) + (587 * green) + (114 * blue)) / 1000;
}
