namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Constant, ConstantOfShape, Identity.</summary>
internal static class ConstantOperators
{
    /// <summary>The value that stands in the node: a tensor or, from operator set 12 on, numbers.</summary>
    public static void Constant(OnnxCall call)
    {
        OnnxAttributes attributes = call.Attributes;
        if (attributes.Names.Count != 1)
            throw call.Error($"it has {attributes.Names.Count} values; one was expected.");
        call.Return(attributes.Names.Single() switch
        {
            "value" => attributes.Tensor("value")!,
            "value_float" => OnnxTensor.Of([], attributes.Float("value_float", 0)),
            "value_int" => OnnxTensor.Of([], attributes.Integer("value_int", 0)),
            "value_floats" => OnnxTensor.Of([attributes.Floats("value_floats")!.Length], attributes.Floats("value_floats")),
            "value_ints" => OnnxTensor.Of([attributes.Integers("value_ints")!.Length], attributes.Integers("value_ints")),
            var other => throw call.Error($"{other} is not read; a tensor or numbers were expected."),
        });
    }

    /// <summary>A tensor of the shape that the input gives, filled with value: one element of any type, otherwise a float of 0.</summary>
    public static void ConstantOfShape(OnnxCall call)
    {
        long[] shape = call.OptionalIntegers(0) ?? throw call.Error("input 0 is missing.");
        OnnxTensor value = call.Attributes.Tensor("value") ?? OnnxTensor.Of([1], 0f);
        if (value.Count != 1)
            throw call.Error($"value is {value}; one element was expected.");
        call.ReturnBytes(value.ElementType, shape, 0, (_, bytes) =>
        {
            int size = value.ElementType.Size();
            for (int at = 0; at < bytes.Length; at += size)
                value.Data.Span.CopyTo(bytes.AsSpan(at));
        });
    }

    /// <summary>The input.</summary>
    public static void Identity(OnnxCall call) => call.Return(call.Input(0));
}
