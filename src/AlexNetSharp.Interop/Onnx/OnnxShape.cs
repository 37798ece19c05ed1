namespace AlexNetSharp.Interop.Onnx;

/// <summary>Sizes of tensors: counted with overflow checks, and written as people read them.</summary>
internal static class OnnxShape
{
    /// <summary>The most dimensions that a tensor may have.</summary>
    public const int LargestRank = 16;

    /// <summary>The most bytes that one tensor may take: what one array holds.</summary>
    public const long MostBytes = 0x7fff_ffc7;

    /// <summary>[2,3,4]</summary>
    public static string Text<T>(IEnumerable<T> dims) => $"[{string.Join(',', dims)}]";

    /// <summary>
    /// The dimensions as integers whose product fits, or null: too many, one negative, or too large. Zeros count as ones there, so that loops
    /// over the other dimensions of an empty tensor are bounded too.
    /// </summary>
    public static int[]? Checked(IReadOnlyList<long> dims, int elementSize)
    {
        if (dims.Count > LargestRank)
            return null;
        int[] result = new int[dims.Count];
        long bytes = elementSize;
        for (int i = 0; i < dims.Count; i++)
        {
            if (dims[i] < 0 || dims[i] > MostBytes || Math.Max(1, dims[i]) > MostBytes / bytes)
                return null;
            bytes *= Math.Max(1, dims[i]);
            result[i] = (int)dims[i];
        }
        return result;
    }

    /// <summary>The number of elements of checked dimensions; 1 for a scalar.</summary>
    public static int Count(ReadOnlySpan<int> dims)
    {
        int count = 1;
        foreach (int dim in dims)
            count = checked(count * dim);
        return count;
    }

    /// <summary>The distance in elements between neighbours of each dimension, row-major.</summary>
    public static int[] Strides(ReadOnlySpan<int> dims)
    {
        int[] strides = new int[dims.Length];
        int stride = 1;
        for (int i = dims.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(1, dims[i]);
        }
        return strides;
    }
}
