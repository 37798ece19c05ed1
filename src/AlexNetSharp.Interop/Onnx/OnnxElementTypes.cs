namespace AlexNetSharp.Interop.Onnx;

/// <summary>Facts about element types.</summary>
internal static class OnnxElementTypes
{
    /// <summary>Bytes of an element.</summary>
    public static int Size(this OnnxElementType type) => type switch
    {
        OnnxElementType.UInt8 or OnnxElementType.Int8 or OnnxElementType.Bool => 1,
        OnnxElementType.UInt16 or OnnxElementType.Int16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => 2,
        OnnxElementType.Float or OnnxElementType.Int32 or OnnxElementType.UInt32 => 4,
        _ => 8,
    };

    /// <summary>The type's name in the specification.</summary>
    public static string Name(this OnnxElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>Whether the elements are floating-point numbers.</summary>
    public static bool IsFloatingPoint(this OnnxElementType type) =>
        type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16 or OnnxElementType.BFloat16;

    /// <summary>Whether <paramref name="number"/>, as it stands in a file, is a type that is read here.</summary>
    public static bool IsKnown(int number) => Enum.IsDefined((OnnxElementType)number);

    /// <summary>The names of all types that are read here, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Enum.GetValues<OnnxElementType>().Select(Name));
}
