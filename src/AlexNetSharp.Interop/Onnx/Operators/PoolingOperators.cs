namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>MaxPool, AveragePool, GlobalAveragePool over [N, C, spatial].</summary>
internal static class PoolingOperators
{
    /// <summary>The largest element of each window; padding counts as minus infinity. Its second output, the indices, is not computed.</summary>
    public static void MaxPool(OnnxCall call)
    {
        if (call.Attributes.Integer("storage_order", 0) != 0)
            throw call.Error("storage_order is not 0; it says how the output Indices counts, which is not computed here.");
        OnnxTensor x = call.Input(0, type => type.IsFloatingPoint() || type is OnnxElementType.Int8 or OnnxElementType.UInt8);
        double smallest = x.ElementType switch
        {
            OnnxElementType.UInt8 => byte.MinValue,
            OnnxElementType.Int8 => sbyte.MinValue,
            _ => double.NegativeInfinity,
        };
        Pool(call, x, (channel, window, _) =>
        {
            double largest = smallest;
            foreach ((int at, int _) in window)
                largest = Math.Max(largest, channel[at]);
            return largest;
        });
    }

    /// <summary>
    /// The mean of each window: of what lies inside the input, or with count_include_pad of what lies inside the input or its padding, but never
    /// of what ceil_mode lets a window reach beyond.
    /// </summary>
    public static void AveragePool(OnnxCall call)
    {
        bool countsPadding = call.Attributes.Integer("count_include_pad", 0) != 0;
        Pool(call, call.FloatInput(0), (channel, window, inPadding) =>
        {
            double sum = 0;
            foreach ((int at, int _) in window)
                sum += channel[at];
            return sum / (countsPadding ? inPadding : window.Count);
        });
    }

    /// <summary>The mean of each channel.</summary>
    public static void GlobalAveragePool(OnnxCall call)
    {
        OnnxTensor x = call.FloatInput(0);
        if (x.Rank < 3)
            throw call.Error($"its input is {x}; [batch, channels, spatial] was expected.");
        int size = OnnxShape.Count(x.Dims.AsSpan(2));
        call.ReturnDoubles(x.ElementType, [x.Dims[0], x.Dims[1], .. Enumerable.Repeat(1L, x.Rank - 2)], 0, dims =>
        {
            double[] input = x.ToDoubles();
            double[] means = new double[OnnxShape.Count(dims)];
            for (int channel = 0; channel < means.Length; channel++)
            {
                double sum = 0;
                for (int i = 0; i < size; i++)
                    sum += input[(channel * size) + i];
                means[channel] = sum / size;
            }
            return means;
        });
    }

    private delegate double Reduction(ReadOnlySpan<double> channel, List<(int Input, int Kernel)> window, int inPadding);

    private static void Pool(OnnxCall call, OnnxTensor x, Reduction reduce)
    {
        WindowGeometry geometry = WindowGeometry.Read(call, x, weights: null);
        long steps = OnnxBudget.Product(geometry.Positions, geometry.Taps, Math.Max(1, (long)x.Dims[0] * x.Dims[1]));
        call.ReturnDoubles(x.ElementType, [x.Dims[0], x.Dims[1], .. geometry.Output], steps, dims =>
        {
            double[] input = x.ToDoubles();
            int channels = x.Dims[0] * x.Dims[1];
            int size = OnnxShape.Count(x.Dims.AsSpan(2));
            int positions = (int)geometry.Positions;
            double[] output = new double[OnnxShape.Count(dims)];
            List<(int Input, int Kernel)> window = [];
            for (int position = 0; position < positions && output.Length > 0; position++)
            {
                int inPadding = geometry.Window(position, window);
                for (int channel = 0; channel < channels; channel++)
                    output[(channel * positions) + position] = reduce(input.AsSpan(channel * size, size), window, inPadding);
            }
            return output;
        });
    }
}
