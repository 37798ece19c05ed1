namespace AlexNetSharp.Reference;

/// <summary>2-D convolution (cross-correlation: the kernel is not flipped) and its three gradients, as nested loops.</summary>
/// <remarks>
/// y[n, oy, ox, o] = bias[o] + Σ over ky, kx, c of x[n, iy, ix, g·C + c] · w[o, ky, kx, c], where C = inC / groups,
/// g = o / (outC / groups) is the filter's group, iy = oy·strideHeight − padTop + ky·dilationHeight, ix likewise,
/// and x is zero outside the image. A gradient is the same sum with the factors in other roles: every product x·w that went
/// into a y gives dY·w to that x's gradient and dY·x to that w's. Dumoulin and Visin 2016, "A guide to convolution arithmetic".
/// </remarks>
public static class ReferenceConvolution2D
{
    /// <param name="input">[batch, inputHeight, inputWidth, inC].</param>
    /// <param name="weights">[outC, kernelHeight, kernelWidth, inC / groups].</param>
    /// <param name="bias">[outC]; null or empty: none.</param>
    /// <param name="shape">The geometry.</param>
    /// <returns>[batch, outputHeight, outputWidth, outC].</returns>
    public static double[] Forward(double[] input, double[] weights, double[]? bias, ReferenceConvolutionShape shape)
    {
        Expect.Length(input, shape.InputLength, nameof(input));
        Expect.Length(weights, shape.WeightLength, nameof(weights));
        var output = new double[shape.OutputLength];
        if (bias is { Length: > 0 })
        {
            Expect.Length(bias, shape.OutputChannels, nameof(bias));
            for (var i = 0; i < output.Length; i++)
                output[i] = bias[i % shape.OutputChannels];
        }

        ForEachProduct(shape, (x, w, y) => output[y] += input[x] * weights[w]);
        return output;
    }

    /// <summary>∂L/∂input, [batch, inputHeight, inputWidth, inC].</summary>
    public static double[] DataGradient(double[] dOutput, double[] weights, ReferenceConvolutionShape shape)
    {
        Expect.Length(dOutput, shape.OutputLength, nameof(dOutput));
        Expect.Length(weights, shape.WeightLength, nameof(weights));
        var dInput = new double[shape.InputLength];
        ForEachProduct(shape, (x, w, y) => dInput[x] += dOutput[y] * weights[w]);
        return dInput;
    }

    /// <summary>∂L/∂weights, [outC, kernelHeight, kernelWidth, inC / groups].</summary>
    public static double[] WeightGradient(double[] input, double[] dOutput, ReferenceConvolutionShape shape)
    {
        Expect.Length(input, shape.InputLength, nameof(input));
        Expect.Length(dOutput, shape.OutputLength, nameof(dOutput));
        var dWeights = new double[shape.WeightLength];
        ForEachProduct(shape, (x, w, y) => dWeights[w] += dOutput[y] * input[x]);
        return dWeights;
    }

    /// <summary>∂L/∂bias, [outC]: the sum of dOutput over all positions.</summary>
    public static double[] BiasGradient(double[] dOutput, ReferenceConvolutionShape shape)
    {
        Expect.Length(dOutput, shape.OutputLength, nameof(dOutput));
        var dBias = new double[shape.OutputChannels];
        for (var i = 0; i < dOutput.Length; i++)
            dBias[i % shape.OutputChannels] += dOutput[i];
        return dBias;
    }

    /// <summary>Visits every product of the formula above, as the indices of its input, its weight and its output.</summary>
    private static void ForEachProduct(ReferenceConvolutionShape s, Action<int, int, int> visit)
    {
        if (s.InputChannels % s.Groups != 0 || s.OutputChannels % s.Groups != 0)
            throw new ArgumentException($"{s.InputChannels} and {s.OutputChannels} channels do not divide into {s.Groups} groups.");

        var groupInputs = s.InputChannels / s.Groups;
        var groupOutputs = s.OutputChannels / s.Groups;
        for (var n = 0; n < s.Batch; n++)
            for (var oy = 0; oy < s.OutputHeight; oy++)
                for (var ox = 0; ox < s.OutputWidth; ox++)
                    for (var o = 0; o < s.OutputChannels; o++)
                        for (var ky = 0; ky < s.KernelHeight; ky++)
                            for (var kx = 0; kx < s.KernelWidth; kx++)
                            {
                                var iy = oy * s.StrideHeight - s.PadTop + ky * s.DilationHeight;
                                var ix = ox * s.StrideWidth - s.PadLeft + kx * s.DilationWidth;
                                if (iy < 0 || iy >= s.InputHeight || ix < 0 || ix >= s.InputWidth)
                                    continue;

                                for (var c = 0; c < groupInputs; c++)
                                {
                                    var channel = o / groupOutputs * groupInputs + c;
                                    var x = ((n * s.InputHeight + iy) * s.InputWidth + ix) * s.InputChannels + channel;
                                    var w = ((o * s.KernelHeight + ky) * s.KernelWidth + kx) * groupInputs + c;
                                    var y = ((n * s.OutputHeight + oy) * s.OutputWidth + ox) * s.OutputChannels + o;
                                    visit(x, w, y);
                                }
                            }
    }
}
