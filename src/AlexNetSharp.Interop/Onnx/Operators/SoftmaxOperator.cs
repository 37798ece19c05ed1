namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Softmax in both its meanings.</summary>
internal static class SoftmaxOperator
{
    /// <summary>
    /// e^x / Σ e^x. Before operator set 13 the sum runs over the axis and all that follow (default: 1), from then on over the axis alone
    /// (default: the last).
    /// </summary>
    public static void Softmax(OnnxCall call)
    {
        OnnxTensor x = call.FloatInput(0);
        bool isFlattened = call.Opset < 13;
        int axis = call.Axis(call.Attributes.Integer("axis", isFlattened ? 1 : -1), x.Rank);
        int size = isFlattened ? OnnxShape.Count(x.Dims.AsSpan(axis)) : x.Dims[axis];
        int inner = isFlattened ? 1 : OnnxShape.Count(x.Dims.AsSpan(axis + 1));
        call.ReturnDoubles(x.ElementType, [.. x.Dims], 0, _ =>
        {
            double[] values = x.ToDoubles();
            for (int line = 0; size > 0 && line < values.Length / size; line++)
            {
                int first = (line / inner * size * inner) + (line % inner);
                double largest = double.NegativeInfinity;
                for (int i = 0; i < size; i++)
                    largest = Math.Max(largest, values[first + (i * inner)]);
                double sum = 0;
                for (int i = 0; i < size; i++)
                    sum += values[first + (i * inner)] = Math.Exp(values[first + (i * inner)] - largest);
                for (int i = 0; i < size; i++)
                    values[first + (i * inner)] /= sum;
            }
            return values;
        });
    }
}
