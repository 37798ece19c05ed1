namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Concat and Gather: slices along an axis, put together.</summary>
internal static class JoiningOperators
{
    /// <summary>The inputs one after the other along the axis.</summary>
    public static void Concat(OnnxCall call)
    {
        if (!call.Attributes.Has("axis"))
            throw call.Error("the attribute axis is missing.");
        OnnxTensor first = call.Input(0);
        int axis = call.Axis(call.Attributes.Integer("axis", 0), first.Rank);
        OnnxTensor[] inputs = [.. Enumerable.Range(0, call.InputCount).Select(call.Input)];
        long joined = 0;
        foreach (OnnxTensor input in inputs)
        {
            if (input.ElementType != first.ElementType || input.Rank != first.Rank
                || Enumerable.Range(0, first.Rank).Any(d => d != axis && input.Dims[d] != first.Dims[d]))
            {
                throw call.Error($"{first} and {input} cannot be joined along dimension {axis}.");
            }
            joined += input.Dims[axis];
        }
        int outer = OnnxShape.Count(first.Dims.AsSpan(0, axis));
        long[] shape = [.. first.Dims[..axis], joined, .. first.Dims[(axis + 1)..]];
        call.ReturnBytes(first.ElementType, shape, OnnxBudget.Product(outer, inputs.Length), (_, bytes) =>
        {
            int at = 0;
            for (int o = 0; o < outer; o++)
            {
                foreach (OnnxTensor input in inputs)
                {
                    int length = input.Data.Length / outer;
                    input.Data.Span.Slice(o * length, length).CopyTo(bytes.AsSpan(at));
                    at += length;
                }
            }
        });
    }

    /// <summary>The slices of the data that the indices name; the indices' dimensions take the axis' place.</summary>
    public static void Gather(OnnxCall call)
    {
        OnnxTensor data = call.Input(0);
        OnnxTensor indices = call.Input(1, type => type is OnnxElementType.Int32 or OnnxElementType.Int64);
        int axis = call.Axis(call.Attributes.Integer("axis", 0), data.Rank);
        int size = data.Dims[axis];
        call.ReturnBytes(data.ElementType, [.. data.Dims[..axis], .. indices.Dims, .. data.Dims[(axis + 1)..]], 0, (_, bytes) =>
        {
            int outer = OnnxShape.Count(data.Dims.AsSpan(0, axis));
            int length = OnnxShape.Count(data.Dims.AsSpan(axis + 1)) * data.ElementType.Size();
            int[] picked = [.. indices.ToIntegers().Select(i => call.Axis(i, size, "an index"))];
            int at = 0;
            for (int o = 0; o < outer && length > 0; o++)
            {
                foreach (int index in picked)
                {
                    data.Data.Span.Slice(((o * size) + index) * length, length).CopyTo(bytes.AsSpan(at));
                    at += length;
                }
            }
        });
    }
}
