namespace AlexNetSharp.Reference;

/// <summary>Local response normalisation across channels.</summary>
/// <remarks>
/// y[c] = x[c] · s[c]^−β with s[c] = bias + α · Σ x[j]², j over the 2·radius + 1 channels around c, clipped at the ends.
/// α multiplies the sum (TensorFlow; Krizhevsky et al. 2012, §3.3); PyTorch, Caffe and ONNX first divide it by 2·radius + 1.
/// dX[i] = dY[i] · s[i]^−β − 2·α·β·x[i] · Σ over j of dY[j] · x[j] · s[j]^(−β − 1), by the same window: x[i] is in s[j] just when
/// x[j] is in s[i].
/// </remarks>
public static class ReferenceLocalResponseNormalization
{
    /// <param name="input">[positions, channels].</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="radius">Channels on either side.</param>
    /// <param name="bias">Added to the scaled sum.</param>
    /// <param name="alpha">Factor of the sum, not divided by the window's size.</param>
    /// <param name="beta">Exponent.</param>
    /// <returns>[positions, channels].</returns>
    public static double[] Forward(double[] input, int channels, int radius, double bias, double alpha, double beta)
    {
        var scale = Scale(input, channels, radius, bias, alpha);
        var output = new double[input.Length];
        for (var i = 0; i < input.Length; i++)
            output[i] = input[i] * Math.Pow(scale[i], -beta);
        return output;
    }

    /// <summary>s of the formula above, [positions, channels].</summary>
    public static double[] Scale(double[] input, int channels, int radius, double bias, double alpha)
    {
        var scale = new double[input.Length];
        for (var position = 0; position < Positions(input, channels); position++)
        {
            for (var c = 0; c < channels; c++)
            {
                var sum = 0.0;
                for (var j = Math.Max(0, c - radius); j <= Math.Min(channels - 1, c + radius); j++)
                    sum += input[position * channels + j] * input[position * channels + j];
                scale[position * channels + c] = bias + alpha * sum;
            }
        }

        return scale;
    }

    /// <summary>∂L/∂input, [positions, channels].</summary>
    public static double[] Backward(double[] input, double[] dOutput, int channels, int radius, double bias, double alpha, double beta)
    {
        Expect.Length(dOutput, input.Length, nameof(dOutput));
        var scale = Scale(input, channels, radius, bias, alpha);
        var dInput = new double[input.Length];
        for (var position = 0; position < Positions(input, channels); position++)
        {
            for (var c = 0; c < channels; c++)
            {
                var sum = 0.0;
                for (var j = Math.Max(0, c - radius); j <= Math.Min(channels - 1, c + radius); j++)
                {
                    var other = position * channels + j;
                    sum += dOutput[other] * input[other] * Math.Pow(scale[other], -beta - 1.0);
                }

                var i = position * channels + c;
                dInput[i] = dOutput[i] * Math.Pow(scale[i], -beta) - 2.0 * alpha * beta * input[i] * sum;
            }
        }

        return dInput;
    }

    private static int Positions(double[] input, int channels)
    {
        var positions = input.Length / channels;
        Expect.Length(input, positions * channels, nameof(input));
        return positions;
    }
}
