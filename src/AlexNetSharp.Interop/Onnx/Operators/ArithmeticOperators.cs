namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Add, Sub, Mul, Div: two operands of one type, broadcast as numpy does. Integers wrap around.</summary>
internal static class ArithmeticOperators
{
    /// <summary>A + B.</summary>
    public static void Add(OnnxCall call) => Compute(call, (x, y) => x + y, (x, y) => x + y);

    /// <summary>A − B.</summary>
    public static void Sub(OnnxCall call) => Compute(call, (x, y) => x - y, (x, y) => x - y);

    /// <summary>A · B.</summary>
    public static void Mul(OnnxCall call) => Compute(call, (x, y) => x * y, (x, y) => x * y);

    /// <summary>A / B; the quotient of integers is cut towards zero.</summary>
    public static void Div(OnnxCall call)
    {
        bool isUInt64 = call.Input(0).ElementType == OnnxElementType.UInt64;
        Compute(call, (x, y) => x / y, (x, y) => y switch
        {
            0 => throw call.Error("an integer is divided by zero."),
            _ when isUInt64 => (long)((ulong)x / (ulong)y),
            -1 => -x, // the processor traps at the smallest integer
            _ => x / y,
        });
    }

    private static void Compute(OnnxCall call, Func<double, double, double> real, Func<long, long, long> whole)
    {
        OnnxTensor a = call.Input(0, type => type != OnnxElementType.Bool);
        OnnxTensor b = call.Input(1);
        OnnxElementType type = a.ElementType;
        if (b.ElementType != type)
            throw call.Error($"its operands are {a} and {b}; the same type was expected.");
        long[] shape = Broadcasting.Shape(call, a.Dims, b.Dims);
        if (type.IsFloatingPoint())
            call.ReturnDoubles(type, shape, 0, dims => Combine(a.ToDoubles(), a.Dims, b.ToDoubles(), b.Dims, dims, real));
        else
            call.ReturnIntegers(type, shape, 0, dims => Combine(a.ToIntegers(), a.Dims, b.ToIntegers(), b.Dims, dims, whole));
    }

    private static T[] Combine<T>(T[] a, int[] aDims, T[] b, int[] bDims, int[] dims, Func<T, T, T> combine)
    {
        int[] left = Broadcasting.Sources(aDims, dims);
        int[] right = Broadcasting.Sources(bDims, dims);
        T[] result = new T[left.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = combine(a[left[i]], b[right[i]]);
        return result;
    }
}
