namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>LRN and, for inference, BatchNormalization.</summary>
internal static class NormalizationOperators
{
    /// <summary>
    /// y = x / (bias + alpha / size · Σ x²)^beta over the channels c − ⌊(size − 1) / 2⌋ to c + ⌈(size − 1) / 2⌉ that there are.
    /// </summary>
    public static void Lrn(OnnxCall call)
    {
        OnnxTensor x = call.FloatInput(0);
        double alpha = call.Attributes.Float("alpha", 0.0001f);
        double beta = call.Attributes.Float("beta", 0.75f);
        double bias = call.Attributes.Float("bias", 1);
        long size = call.Attributes.Integer("size", 0);
        if (x.Rank < 2 || size is < 1 or > int.MaxValue)
            throw call.Error($"its input is {x}, and size is {size}; [batch, channels, ...] and a size of at least 1 were expected.");
        int channels = x.Dims[1];
        int inner = OnnxShape.Count(x.Dims.AsSpan(2));
        call.ReturnDoubles(x.ElementType, [.. x.Dims], OnnxBudget.Product(x.Count, Math.Min(size, channels)), _ =>
        {
            double[] input = x.ToDoubles();
            double[] output = new double[input.Length];
            for (int i = 0; i < input.Length; i++)
            {
                int c = i / inner % channels;
                int first = (int)Math.Max(0, c - ((size - 1) / 2));
                int last = (int)Math.Min(channels - 1, c + (size / 2));
                double sum = 0;
                for (int other = first; other <= last; other++)
                    sum += input[i + ((other - c) * inner)] * input[i + ((other - c) * inner)];
                output[i] = input[i] / Math.Pow(bias + (alpha / size * sum), beta);
            }
            return output;
        });
    }

    /// <summary>y = scale · (x − mean) / √(var + epsilon) + B, per channel; with spatial = 0 (operator sets 7 and 8) per element of a picture.</summary>
    public static void BatchNormalization(OnnxCall call)
    {
        if (call.Attributes.Integer("training_mode", 0) != 0)
            throw call.Error("training_mode is not 0; only inference is read. Export the model in evaluation mode.");
        OnnxTensor x = call.FloatInput(0);
        double epsilon = call.Attributes.Float("epsilon", 1e-5f);
        if (x.Rank < 2)
            throw call.Error($"its input is {x}; [batch, channels, ...] was expected.");
        bool isSpatial = call.Attributes.Integer("spatial", 1) != 0;
        int inner = isSpatial ? OnnxShape.Count(x.Dims.AsSpan(2)) : 1;
        int parameters = isSpatial ? x.Dims[1] : OnnxShape.Count(x.Dims.AsSpan(1));
        for (int i = 1; i <= 4; i++)
        {
            if (call.FloatInput(i).Count != parameters)
                throw call.Error($"input {i} is {call.Input(i)}; {parameters} numbers were expected.");
        }
        call.ReturnDoubles(x.ElementType, [.. x.Dims], 0, _ =>
        {
            double[] output = x.ToDoubles();
            double[] scale = call.Input(1).ToDoubles();
            double[] shift = call.Input(2).ToDoubles();
            double[] mean = call.Input(3).ToDoubles();
            double[] variance = call.Input(4).ToDoubles();
            for (int i = 0; i < output.Length; i++)
            {
                int p = i / inner % parameters;
                output[i] = (scale[p] * (output[i] - mean[p]) / Math.Sqrt(variance[p] + epsilon)) + shift[p];
            }
            return output;
        });
    }
}
