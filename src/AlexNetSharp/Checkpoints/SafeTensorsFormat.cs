namespace AlexNetSharp.Checkpoints;

/// <summary>Constants of the safetensors format.</summary>
internal static class SafeTensorsFormat
{
    /// <summary>The header's entry for free text.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>The name of IEEE single precision.</summary>
    public const string Float32 = "F32";

    /// <summary>The largest header that the format allows, in bytes.</summary>
    public const long MaximalHeaderLength = 100_000_000;

    /// <summary>The product of all sizes; 1 for a scalar.</summary>
    /// <exception cref="OverflowException">It exceeds 63 bits.</exception>
    public static long ElementCount(IEnumerable<int> shape) => shape.Aggregate(1L, (product, size) => checked(product * size));
}
