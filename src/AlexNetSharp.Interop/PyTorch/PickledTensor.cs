namespace AlexNetSharp.Interop.PyTorch;

/// <summary>A tensor as a pickle describes it, checked to lie within its storage.</summary>
/// <param name="Storage">Where its values are.</param>
/// <param name="Offset">The place of its first value.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Strides">How far apart neighbours lie, for each dimension.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, int[] Shape, long[] Strides)
{
    /// <summary>Values in all; they can be counted, or there would be no such tensor.</summary>
    public long Length => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether the values lie one after another.</summary>
    public bool IsContiguous
    {
        get
        {
            long expected = 1;
            for (int i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                    return false;
                expected *= Shape[i];
            }
            return true;
        }
    }
}
