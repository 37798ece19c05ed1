namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Pad: elements put around a tensor, or cut off where a number is negative.</summary>
internal static class PadOperator
{
    /// <summary>
    /// Fills with a constant, the mirrored tensor (reflect, the edge not repeated), its edge, or from operator set 19 on the tensor over again
    /// (wrap). What is cut off is cut off first: mirror and edge are those of what is left.
    /// </summary>
    public static void Pad(OnnxCall call)
    {
        OnnxTensor x = call.Input(0);
        string mode = call.Attributes.Text("mode", "constant");
        if (mode is not ("constant" or "reflect" or "edge") && (mode != "wrap" || call.Opset < 19))
            throw call.Error($"mode is '{mode}'; constant, reflect, edge or, from operator set 19 on, wrap was expected.");
        (long[] begin, long[] end) = Amounts(call, x);
        long[] shape = [.. x.Dims.Select((dim, d) => dim + begin[d] + end[d])];
        for (int d = 0; d < x.Rank; d++)
            CheckAmounts(call, x, d, mode, begin[d], end[d]);
        byte[] filling = mode == "constant" ? Filling(call, x) : [];
        call.ReturnBytes(x.ElementType, shape, 0, (dims, bytes) =>
        {
            if (bytes.Length == 0)
                return;
            int[][] sources = [.. dims.Select((_, d) => Sources(x.Dims[d], dims[d], begin[d], end[d], mode))];
            int[] strides = OnnxShape.Strides(x.Dims);
            int size = x.ElementType.Size();
            for (int at = 0; at < bytes.Length; at += size)
            {
                int rest = at / size;
                int source = 0;
                bool isInside = true;
                for (int d = dims.Length - 1; d >= 0; d--)
                {
                    int from = sources[d][rest % dims[d]];
                    isInside &= from >= 0;
                    source += from * strides[d];
                    rest /= dims[d];
                }
                (isInside ? x.Data.Span.Slice(source * size, size) : filling).CopyTo(bytes.AsSpan(at));
            }
        });
    }

    /// <summary>What is put before and after each dimension.</summary>
    private static (long[] Begin, long[] End) Amounts(OnnxCall call, OnnxTensor x)
    {
        long[] pads = (call.Opset < 11 ? call.Attributes.Integers("pads") : call.OptionalIntegers(1)) ?? throw call.Error("pads is missing.");
        int[] axes = call.OptionalIntegers(3, OnnxElementType.Int32) is { } named
            ? [.. named.Select(a => call.Axis(a, x.Rank, "an axis"))]
            : [.. Enumerable.Range(0, x.Rank)];
        if (pads.Length != 2 * axes.Length || axes.Distinct().Count() != axes.Length || pads.Any(p => p is < -OnnxShape.MostBytes or > OnnxShape.MostBytes))
        {
            throw call.Error(
                $"pads has {pads.Length} numbers, the smallest {pads.Append(0).Min()} and the largest {pads.Append(0).Max()}; " +
                $"{2 * axes.Length} were expected, each axis once.");
        }
        long[] begin = new long[x.Rank];
        long[] end = new long[x.Rank];
        for (int i = 0; i < axes.Length; i++)
            (begin[axes[i]], end[axes[i]]) = (pads[i], pads[i + axes.Length]);
        return (begin, end);
    }

    private static void CheckAmounts(OnnxCall call, OnnxTensor x, int d, string mode, long begin, long end)
    {
        long left = x.Dims[d] + Math.Min(0, begin) + Math.Min(0, end);
        if (left < 0)
            throw call.Error($"dimension {d} of {x} is cut by {begin} and {end}, which is more than there is.");
        long most = mode switch
        {
            "constant" => long.MaxValue,
            "reflect" => left - 1,
            _ => left > 0 ? long.MaxValue : 0,
        };
        if (Math.Max(begin, end) > Math.Max(0, most))
            throw call.Error($"mode {mode} cannot pad dimension {d} of {x} by {begin} and {end}; {left} elements are left to take from.");
    }

    private static byte[] Filling(OnnxCall call, OnnxTensor x)
    {
        if (call.Opset < 11)
            return OnnxTensor.FromDoubles(x.ElementType, [1], [call.Attributes.Float("value", 0)]).Data.ToArray();
        return call.Optional(2) switch
        {
            null => new byte[x.ElementType.Size()],
            { Count: 1, HasData: true } value when value.ElementType == x.ElementType => value.Data.ToArray(),
            var other => throw call.Error($"the constant is {other}; one known {x.ElementType.Name()} was expected."),
        };
    }

    /// <summary>For each place along a dimension the place it takes its value from, or −1.</summary>
    private static int[] Sources(int size, int padded, long begin, long end, string mode)
    {
        long first = Math.Max(0, -begin);
        long left = size + Math.Min(0, begin) + Math.Min(0, end);
        int[] sources = new int[padded];
        for (int i = 0; i < padded; i++)
        {
            long at = i - Math.Max(0, begin);
            bool isInside = at >= 0 && at < left;
            sources[i] = !isInside && mode == "constant" ? -1 : (int)(first + (isInside ? at : mode switch
            {
                "reflect" => at < 0 ? -at : (2 * (left - 1)) - at,
                "edge" => at < 0 ? 0 : left - 1,
                _ => ((at % left) + left) % left,
            }));
        }
        return sources;
    }
}
