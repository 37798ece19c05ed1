namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Conv: X [N, C, spatial], W [M, C/group, spatial], B [M] give [N, M, spatial].</summary>
internal static class ConvolutionOperator
{
    /// <summary>y[n, m, p] = b[m] + Σ w[m, c, k] · x[n, c, p + k] over the channels of the filter's group.</summary>
    public static void Conv(OnnxCall call)
    {
        OnnxTensor x = call.FloatInput(0);
        OnnxTensor w = call.Input(1, type => type == x.ElementType);
        OnnxTensor? bias = call.Optional(2);
        long groups = call.Attributes.Integer("group", 1);
        if (w.Rank != x.Rank || x.Rank < 3)
            throw call.Error($"its input is {x} and its filters are {w}; batch, channels and one to three spatial dimensions were expected of both.");
        WindowGeometry geometry = WindowGeometry.Read(call, x, w.Dims[2..]);
        int channels = x.Dims[1];
        int filters = w.Dims[0];
        if (groups < 1 || filters % groups != 0 || channels != w.Dims[1] * groups)
            throw call.Error($"{channels} channels and {filters} filters of {w.Dims[1]} channels do not make {groups} groups.");
        if (bias is not null && (bias.ElementType != x.ElementType || bias.Rank != 1 || bias.Count != filters))
            throw call.Error($"its bias is {bias}; {x.ElementType.Name()} [{filters}] was expected.");

        long steps = OnnxBudget.Product(geometry.Positions, geometry.Taps, Math.Max(1, x.Dims[0]), Math.Max(1, filters), Math.Max(1, w.Dims[1]));
        call.ReturnDoubles(
            x.ElementType,
            [x.Dims[0], filters, .. geometry.Output],
            steps,
            _ => Compute(x, w, bias?.ToDoubles() ?? new double[filters], (int)groups, geometry));
    }

    private static double[] Compute(OnnxTensor x, OnnxTensor w, double[] bias, int groups, WindowGeometry geometry)
    {
        double[] input = x.ToDoubles();
        double[] weights = w.ToDoubles();
        int filters = w.Dims[0];
        int groupChannels = w.Dims[1];
        int taps = (int)geometry.Taps;
        int positions = (int)geometry.Positions;
        int channelSize = OnnxShape.Count(x.Dims.AsSpan(2));
        double[] output = new double[x.Dims[0] * filters * positions];
        List<(int Input, int Kernel)> window = [];
        for (int position = 0; position < positions && output.Length > 0; position++)
        {
            geometry.Window(position, window);
            for (int n = 0; n < x.Dims[0]; n++)
            {
                for (int m = 0; m < filters; m++)
                {
                    int firstChannel = m / (filters / groups) * groupChannels;
                    double sum = bias[m];
                    for (int c = 0; c < groupChannels; c++)
                    {
                        int channel = ((n * x.Dims[1]) + firstChannel + c) * channelSize;
                        int filter = ((m * groupChannels) + c) * taps;
                        foreach ((int at, int tap) in window)
                            sum += input[channel + at] * weights[filter + tap];
                    }
                    output[(((n * filters) + m) * positions) + position] = sum;
                }
            }
        }
        return output;
    }
}
