using System.Collections.Immutable;

namespace AlexNetSharp.Interop.PyTorch;

/// <summary>A type of values that PyTorch stores.</summary>
/// <param name="Class">Its class in the module <c>torch</c>.</param>
/// <param name="Name">What safetensors call it.</param>
/// <param name="Size">Bytes a value.</param>
internal sealed record StorageType(string Class, string Name, int Size)
{
    public static StorageType Float { get; } = new("FloatStorage", "F32", 4);

    public static StorageType Half { get; } = new("HalfStorage", "F16", 2);

    public static StorageType BFloat16 { get; } = new("BFloat16Storage", "BF16", 2);

    // Those beside the first three are known so that what nobody needs can be passed over.
    private static readonly ImmutableArray<StorageType> _all =
    [
        Float, Half, BFloat16, new("DoubleStorage", "F64", 8), new("LongStorage", "I64", 8), new("IntStorage", "I32", 4), new("ShortStorage", "I16", 2),
        new("CharStorage", "I8", 1), new("ByteStorage", "U8", 1), new("BoolStorage", "BOOL", 1), new("ComplexFloatStorage", "C64", 8), new("ComplexDoubleStorage", "C128", 16),
    ];

    /// <summary>The type whose class is called so; null where there is none.</summary>
    public static StorageType? Find(string storageClass) => _all.FirstOrDefault(type => type.Class == storageClass);
}
