namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Cast between the element types that are read.</summary>
internal static class CastOperator
{
    /// <summary>
    /// Floating point is rounded to nearest, or cut towards zero on its way to an integer; integers wrap around; what is not zero is true.
    /// Saturate and round_mode concern types of eight bits that are not read, and change nothing.
    /// </summary>
    public static void Cast(OnnxCall call)
    {
        OnnxTensor x = call.Input(0);
        long to = call.Attributes.Integer("to", 0);
        if (to is < 0 or > int.MaxValue || !OnnxElementTypes.IsKnown((int)to))
            throw call.Error($"to is {to}; the types that are read are {OnnxElementTypes.Names}.");
        OnnxElementType type = (OnnxElementType)to;
        if (type == x.ElementType)
            call.Return(x);
        else if (x.ElementType.IsFloatingPoint() || (x.ElementType == OnnxElementType.UInt64 && type.IsFloatingPoint()))
            call.ReturnDoubles(type, [.. x.Dims], 0, _ => x.ToDoubles());
        else
            call.ReturnIntegers(type, [.. x.Dims], 0, _ => x.ToIntegers());
    }
}
