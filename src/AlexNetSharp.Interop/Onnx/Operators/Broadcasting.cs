namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>numpy's broadcasting: shapes are aligned at their ends, and a dimension of 1 is repeated.</summary>
internal static class Broadcasting
{
    /// <summary>The shape that both repeat to.</summary>
    /// <exception cref="InvalidDataException">Two dimensions differ, and neither is 1.</exception>
    public static long[] Shape(OnnxCall call, ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        long[] shape = new long[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= shape.Length; i++)
        {
            int left = i <= a.Length ? a[^i] : 1;
            int right = i <= b.Length ? b[^i] : 1;
            if (left != right && left != 1 && right != 1)
                throw call.Error($"the shapes {OnnxShape.Text(a.ToArray())} and {OnnxShape.Text(b.ToArray())} cannot be broadcast: {left} meets {right}.");
            shape[^i] = left == 1 ? right : left;
        }
        return shape;
    }

    /// <summary>For each element of a result of shape <paramref name="to"/>, the element of the operand that it is computed from.</summary>
    public static int[] Sources(int[] from, int[] to)
    {
        int[] strides = OnnxShape.Strides(from);
        int[] sources = new int[OnnxShape.Count(to)];
        for (int i = 0; i < sources.Length; i++)
        {
            int rest = i;
            for (int d = 1; d <= to.Length; d++)
            {
                int at = rest % to[^d];
                rest /= to[^d];
                if (d <= from.Length && from[^d] != 1)
                    sources[i] += at * strides[^d];
            }
        }
        return sources;
    }
}
