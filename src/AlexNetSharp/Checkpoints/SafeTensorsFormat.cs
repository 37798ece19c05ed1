using System.Collections.Frozen;

namespace AlexNetSharp.Checkpoints;

/// <summary>Constants of the safetensors format.</summary>
internal static class SafeTensorsFormat
{
    /// <summary>The header's entry for free text.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>The name of IEEE single precision.</summary>
    public const string Float32 = "F32";

    /// <summary>The name of IEEE half precision.</summary>
    public const string Float16 = "F16";

    /// <summary>The name of the upper half of IEEE single precision.</summary>
    public const string BFloat16 = "BF16";

    /// <summary>The largest header that the format allows, in bytes.</summary>
    public const long MaximalHeaderLength = 100_000_000;

    /// <summary>Bits of a value, by the name of its type.</summary>
    public static FrozenDictionary<string, int> Bits { get; } = new Dictionary<string, int>
    {
        ["F4"] = 4,
        ["F6_E2M3"] = 6,
        ["F6_E3M2"] = 6,
        ["BOOL"] = 8,
        ["U8"] = 8,
        ["I8"] = 8,
        ["F8_E5M2"] = 8,
        ["F8_E4M3"] = 8,
        ["F8_E8M0"] = 8,
        ["I16"] = 16,
        ["U16"] = 16,
        [Float16] = 16,
        [BFloat16] = 16,
        ["I32"] = 32,
        ["U32"] = 32,
        [Float32] = 32,
        ["I64"] = 64,
        ["U64"] = 64,
        ["F64"] = 64,
        ["C64"] = 64,
    }.ToFrozenDictionary();

    /// <summary>The product of all sizes; 1 for a scalar.</summary>
    /// <exception cref="OverflowException">It exceeds 63 bits.</exception>
    public static long ElementCount(IEnumerable<int> shape) => shape.Aggregate(1L, (product, size) => checked(product * size));
}
