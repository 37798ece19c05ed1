namespace AlexNetSharp.Reference;

/// <summary>2-D average pooling to a given output size, as PyTorch's <c>AdaptiveAvgPool2d</c> defines it; tensors are NHWC.</summary>
/// <remarks>
/// y[n, oy, ox, c] = the mean of x[n, iy, ix, c] over floor(oy·H/outputHeight) ≤ iy &lt; ceil((oy+1)·H/outputHeight), and ix likewise. Each
/// input's gradient is the sum of dy / (positions of the window) over the windows that hold it.
/// </remarks>
public static class ReferenceAdaptiveAveragePool2D
{
    /// <param name="input">[batch, inputHeight, inputWidth, channels].</param>
    /// <param name="shape">The sizes.</param>
    /// <returns>[batch, outputHeight, outputWidth, channels].</returns>
    public static double[] Forward(double[] input, ReferenceAdaptivePoolShape shape)
    {
        Expect.Length(input, shape.InputLength, nameof(input));
        var output = new double[shape.OutputLength];
        Visit(shape, (x, y, positions) => output[y] += input[x] / positions);
        return output;
    }

    /// <summary>∂L/∂input, [batch, inputHeight, inputWidth, channels].</summary>
    public static double[] Backward(double[] dOutput, ReferenceAdaptivePoolShape shape)
    {
        Expect.Length(dOutput, shape.OutputLength, nameof(dOutput));
        var dInput = new double[shape.InputLength];
        Visit(shape, (x, y, positions) => dInput[x] += dOutput[y] / positions);
        return dInput;
    }

    /// <summary>Every pair of an input and an output that sees it, with the number of positions that the output sees.</summary>
    private static void Visit(ReferenceAdaptivePoolShape s, Action<int, int, int> pair)
    {
        for (var y = 0; y < s.OutputLength; y++)
        {
            var c = y % s.Channels;
            var ox = y / s.Channels % s.OutputWidth;
            var oy = y / (s.Channels * s.OutputWidth) % s.OutputHeight;
            var n = y / (s.Channels * s.OutputWidth * s.OutputHeight);
            var (top, bottom) = Window(oy, s.InputHeight, s.OutputHeight);
            var (left, right) = Window(ox, s.InputWidth, s.OutputWidth);
            for (var iy = top; iy < bottom; iy++)
            {
                for (var ix = left; ix < right; ix++)
                    pair(((n * s.InputHeight + iy) * s.InputWidth + ix) * s.Channels + c, y, (bottom - top) * (right - left));
            }
        }
    }

    private static (int Start, int End) Window(int i, int inputs, int outputs) =>
        ((int)Math.Floor((double)i * inputs / outputs), (int)Math.Ceiling((double)(i + 1) * inputs / outputs));
}
