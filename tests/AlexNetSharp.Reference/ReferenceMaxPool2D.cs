namespace AlexNetSharp.Reference;

/// <summary>2-D max pooling; windows may overlap.</summary>
/// <remarks>
/// y[n, oy, ox, c] = max over ky, kx of x[n, oy·strideHeight − padTop + ky, ox·strideWidth − padLeft + kx, c], of those inside the image:
/// padding never wins. argmax is the winner's position in the window, ky·kernelWidth + kx; among equals the first in row-major order wins,
/// and it alone receives the gradient.
/// </remarks>
public static class ReferenceMaxPool2D
{
    /// <param name="input">[batch, inputHeight, inputWidth, channels].</param>
    /// <param name="shape">The geometry; every window must touch the image.</param>
    /// <returns>The maxima and their positions, each [batch, outputHeight, outputWidth, channels].</returns>
    public static (double[] Output, int[] Argmax) Forward(double[] input, ReferencePoolShape shape)
    {
        Expect.Length(input, shape.InputLength, nameof(input));
        var output = new double[shape.OutputLength];
        var argmax = new int[shape.OutputLength];
        for (var y = 0; y < output.Length; y++)
        {
            argmax[y] = -1;
            for (var position = 0; position < shape.KernelHeight * shape.KernelWidth; position++)
            {
                var x = InputIndex(shape, y, position);
                if (x < 0 || (argmax[y] >= 0 && !(input[x] > output[y])))
                    continue;

                output[y] = input[x];
                argmax[y] = position;
            }

            if (argmax[y] < 0)
                throw new ArgumentException("A window lies in the padding altogether.", nameof(shape));
        }

        return (output, argmax);
    }

    /// <summary>∂L/∂input, [batch, inputHeight, inputWidth, channels]: each dOutput goes to its window's winner.</summary>
    public static double[] Backward(double[] dOutput, int[] argmax, ReferencePoolShape shape)
    {
        Expect.Length(dOutput, shape.OutputLength, nameof(dOutput));
        Expect.Length(argmax, shape.OutputLength, nameof(argmax));
        var dInput = new double[shape.InputLength];
        for (var y = 0; y < dOutput.Length; y++)
            dInput[InputIndex(shape, y, argmax[y])] += dOutput[y];
        return dInput;
    }

    /// <summary>Where a window's position lies in the input, or −1 where it lies in the padding.</summary>
    private static int InputIndex(ReferencePoolShape s, int outputIndex, int position)
    {
        var c = outputIndex % s.Channels;
        var ox = outputIndex / s.Channels % s.OutputWidth;
        var oy = outputIndex / (s.Channels * s.OutputWidth) % s.OutputHeight;
        var n = outputIndex / (s.Channels * s.OutputWidth * s.OutputHeight);
        var iy = oy * s.StrideHeight - s.PadTop + position / s.KernelWidth;
        var ix = ox * s.StrideWidth - s.PadLeft + position % s.KernelWidth;
        var inside = iy >= 0 && iy < s.InputHeight && ix >= 0 && ix < s.InputWidth;
        return inside ? ((n * s.InputHeight + iy) * s.InputWidth + ix) * s.Channels + c : -1;
    }
}
