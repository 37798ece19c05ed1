namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Relu, Tanh, Sigmoid, LeakyRelu, Clip: a function of each element.</summary>
internal static class ActivationOperators
{
    /// <summary>max(0, x); integers from operator set 14 on.</summary>
    public static void Relu(OnnxCall call) => ForEach(call, x => Math.Max(0, x), x => Math.Max(0, x));

    /// <summary>tanh x.</summary>
    public static void Tanh(OnnxCall call) => ForEach(call, Math.Tanh);

    /// <summary>1 / (1 + e^−x).</summary>
    public static void Sigmoid(OnnxCall call) => ForEach(call, x => 1 / (1 + Math.Exp(-x)));

    /// <summary>x, or alpha · x where x is negative.</summary>
    public static void LeakyRelu(OnnxCall call)
    {
        double alpha = call.Attributes.Float("alpha", 0.01f);
        ForEach(call, x => x < 0 ? alpha * x : x);
    }

    /// <summary>min(max(x, min), max) with the bounds in attributes, before operator set 11.</summary>
    public static void ClipByAttributes(OnnxCall call)
    {
        double min = call.Attributes.Float("min", float.MinValue);
        double max = call.Attributes.Float("max", float.MaxValue);
        ForEach(call, x => Math.Min(Math.Max(x, min), max));
    }

    /// <summary>min(max(x, min), max) with the bounds in inputs, either of which may be left out; where they cross, all become max.</summary>
    public static void ClipByInputs(OnnxCall call)
    {
        OnnxTensor? min = Bound(call, 1);
        OnnxTensor? max = Bound(call, 2);
        if (call.Input(0).ElementType == OnnxElementType.UInt64)
        {
            ForEach(call, x => x, x => (long)Math.Min(Math.Max((ulong)x, (ulong)(min?.ToIntegers()[0] ?? 0)), (ulong)(max?.ToIntegers()[0] ?? -1)));
            return;
        }
        ForEach(
            call,
            x => Math.Min(Math.Max(x, min?.ToDoubles()[0] ?? double.NegativeInfinity), max?.ToDoubles()[0] ?? double.PositiveInfinity),
            x => Math.Min(Math.Max(x, min?.ToIntegers()[0] ?? long.MinValue), max?.ToIntegers()[0] ?? long.MaxValue));
    }

    private static OnnxTensor? Bound(OnnxCall call, int index) => call.Optional(index) switch
    {
        null => null,
        { Count: 1 } bound when bound.ElementType == call.Input(0).ElementType => bound,
        var other => throw call.Error($"input {index} is {other}; one {call.Input(0).ElementType.Name()} was expected."),
    };

    private static void ForEach(OnnxCall call, Func<double, double> real, Func<long, long>? whole = null)
    {
        OnnxTensor x = call.Input(0, type => type.IsFloatingPoint() || (whole is not null && type != OnnxElementType.Bool));
        long[] shape = [.. x.Dims];
        if (x.ElementType.IsFloatingPoint())
            call.ReturnDoubles(x.ElementType, shape, 0, _ => Array.ConvertAll(x.ToDoubles(), v => real(v)));
        else
            call.ReturnIntegers(x.ElementType, shape, 0, _ => Array.ConvertAll(x.ToIntegers(), v => whole!(v)));
    }
}
