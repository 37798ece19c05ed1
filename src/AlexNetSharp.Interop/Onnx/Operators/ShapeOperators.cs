namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Flatten, Reshape, Squeeze, Unsqueeze, Transpose, Shape: the elements stay what they are.</summary>
internal static class ShapeOperators
{
    /// <summary>A matrix: the dimensions before the axis, and those from it on.</summary>
    public static void Flatten(OnnxCall call)
    {
        OnnxTensor x = call.Input(0);
        long axis = call.Attributes.Integer("axis", 1);
        long smallest = call.Opset >= 11 ? -x.Rank : 0;
        if (axis < smallest || axis > x.Rank)
            throw call.Error($"axis is {axis}; {smallest} to {x.Rank} was expected.");
        int split = (int)(axis < 0 ? axis + x.Rank : axis);
        call.Return(x.Reshaped([OnnxShape.Count(x.Dims.AsSpan(0, split)), OnnxShape.Count(x.Dims.AsSpan(split))]));
    }

    /// <summary>Other dimensions: 0 takes the input's (with allowzero it is a zero), −1 stands once for what is left.</summary>
    public static void Reshape(OnnxCall call)
    {
        OnnxTensor x = call.Input(0);
        long[] shape = call.OptionalIntegers(1) ?? throw call.Error("input 1 is missing.");
        string wanted = OnnxShape.Text(shape.Take(OnnxShape.LargestRank + 1));
        bool allowsZero = call.Attributes.Integer("allowzero", 0) != 0;
        for (int i = 0; i < shape.Length && !allowsZero; i++)
        {
            if (shape[i] == 0)
                shape[i] = i < x.Rank ? x.Dims[i] : throw call.Error($"{x} cannot become {wanted}: it has no dimension {i} to copy.");
        }
        int free = Array.IndexOf(shape, -1);
        if (free >= 0)
        {
            shape[free] = 1;
            int[] others = call.Checked(x.ElementType, shape);
            int known = OnnxShape.Count(others);
            if (known == 0 || x.Count % known != 0)
                throw call.Error($"{x} cannot become {wanted}: {x.Count} elements are no multiple of {known}.");
            shape[free] = x.Count / known;
        }
        int[] dims = call.Checked(x.ElementType, shape);
        if (OnnxShape.Count(dims) != x.Count)
            throw call.Error($"{x} cannot become {wanted}: {x.Count} elements are not {OnnxShape.Count(dims)}.");
        call.Return(x.Reshaped(dims));
    }

    /// <summary>Drops the named dimensions, which must be 1; without names all that are 1.</summary>
    public static void Squeeze(OnnxCall call)
    {
        OnnxTensor x = call.Input(0);
        int[]? axes = Axes(call, x.Rank);
        foreach (int axis in axes ?? [])
        {
            if (x.Dims[axis] != 1)
                throw call.Error($"dimension {axis} of {x} is not 1.");
        }
        call.Return(x.Reshaped([.. x.Dims.Where((dim, i) => axes is null ? dim != 1 : !axes.Contains(i))]));
    }

    /// <summary>Puts dimensions of 1 where the result shall have them.</summary>
    public static void Unsqueeze(OnnxCall call)
    {
        OnnxTensor x = call.Input(0);
        int count = (call.Opset < 13 ? call.Attributes.Integers("axes") : call.OptionalIntegers(1))?.Length ?? throw call.Error("axes is missing.");
        if (count > OnnxShape.LargestRank - x.Rank)
            throw call.Error($"{x} and {count} more dimensions are too many; at most {OnnxShape.LargestRank} are read.");
        int[] axes = Axes(call, x.Rank + count)!;
        Queue<int> dims = new(x.Dims);
        call.Return(x.Reshaped([.. Enumerable.Range(0, x.Rank + count).Select(i => axes.Contains(i) ? 1 : dims.Dequeue())]));
    }

    /// <summary>Dimensions in another order; without perm in the opposite one.</summary>
    public static void Transpose(OnnxCall call)
    {
        OnnxTensor x = call.Input(0);
        long[] perm = call.Attributes.Integers("perm") ?? [.. Enumerable.Range(0, x.Rank).Reverse().Select(i => (long)i)];
        if (!perm.Order().SequenceEqual(Enumerable.Range(0, x.Rank).Select(i => (long)i)))
            throw call.Error($"perm is {OnnxShape.Text(perm.Take(OnnxShape.LargestRank + 1))}; the numbers 0 to {x.Rank - 1}, each once, were expected.");
        call.ReturnBytes(x.ElementType, [.. perm.Select(p => (long)x.Dims[p])], 0, (dims, bytes) =>
        {
            int[] strides = OnnxShape.Strides(x.Dims);
            int size = x.ElementType.Size();
            ReadOnlySpan<byte> input = x.Data.Span;
            for (int i = 0; i < x.Count; i++)
            {
                int source = 0;
                int rest = i;
                for (int d = dims.Length - 1; d >= 0; d--)
                {
                    source += rest % dims[d] * strides[perm[d]];
                    rest /= dims[d];
                }
                input.Slice(source * size, size).CopyTo(bytes.AsSpan(i * size));
            }
        });
    }

    /// <summary>The input's dimensions as int64, or those from start to before end.</summary>
    public static void Shape(OnnxCall call)
    {
        OnnxTensor x = call.Input(0);
        int start = Bound(call.Attributes.Integer("start", 0), x.Rank);
        int end = Bound(call.Attributes.Integer("end", x.Rank), x.Rank);
        long[] dims = [.. x.Dims.Skip(start).Take(end - start).Select(d => (long)d)];
        call.Return(OnnxTensor.Of([dims.Length], dims));
    }

    private static int Bound(long at, int rank) => (int)Math.Clamp(at < 0 ? at + rank : at, 0, rank);

    /// <summary>The axes from the attribute or, from operator set 13 on, from the input; null where neither is there.</summary>
    private static int[]? Axes(OnnxCall call, int rank)
    {
        long[]? axes = call.Opset < 13 ? call.Attributes.Integers("axes") : call.OptionalIntegers(1);
        int[]? checkedAxes = axes is null ? null : [.. axes.Select(a => call.Axis(a, rank, "an axis"))];
        return checkedAxes is null || checkedAxes.Distinct().Count() == checkedAxes.Length
            ? checkedAxes
            : throw call.Error($"the axes {OnnxShape.Text(axes!.Take(OnnxShape.LargestRank))} name a dimension twice.");
    }
}
