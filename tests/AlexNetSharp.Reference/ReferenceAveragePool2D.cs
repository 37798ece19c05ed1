namespace AlexNetSharp.Reference;

/// <summary>2-D average pooling; windows may overlap. Tensors are NHWC.</summary>
/// <remarks>
/// y[n, oy, ox, c] = Σ x / positions over the window from (oy·strideHeight − padTop, ox·strideWidth − padLeft), x being those inside the image.
/// Positions are those inside the image or, where padding counts, inside the padded image (PyTorch's <c>count_include_pad</c>); what a window
/// covers beyond that never counts. Each input's gradient is the sum of dy / positions over the windows that hold it.
/// </remarks>
public static class ReferenceAveragePool2D
{
    /// <param name="input">[batch, inputHeight, inputWidth, channels].</param>
    /// <param name="shape">The geometry; every window must touch the image.</param>
    /// <param name="countsPadding">Whether padding counts as zeros.</param>
    /// <returns>[batch, outputHeight, outputWidth, channels].</returns>
    public static double[] Forward(double[] input, ReferencePoolShape shape, bool countsPadding)
    {
        Expect.Length(input, shape.InputLength, nameof(input));
        var output = new double[shape.OutputLength];
        Visit(shape, countsPadding, (x, y, positions) => output[y] += input[x] / positions);
        return output;
    }

    /// <summary>∂L/∂input, [batch, inputHeight, inputWidth, channels].</summary>
    public static double[] Backward(double[] dOutput, ReferencePoolShape shape, bool countsPadding)
    {
        Expect.Length(dOutput, shape.OutputLength, nameof(dOutput));
        var dInput = new double[shape.InputLength];
        Visit(shape, countsPadding, (x, y, positions) => dInput[x] += dOutput[y] / positions);
        return dInput;
    }

    /// <summary>Every pair of an input and an output whose window holds it, with the number of positions that count in that window.</summary>
    private static void Visit(ReferencePoolShape s, bool countsPadding, Action<int, int, int> pair)
    {
        for (var y = 0; y < s.OutputLength; y++)
        {
            var c = y % s.Channels;
            var ox = y / s.Channels % s.OutputWidth;
            var oy = y / (s.Channels * s.OutputWidth) % s.OutputHeight;
            var n = y / (s.Channels * s.OutputWidth * s.OutputHeight);
            var positions = 0;
            var inside = new List<int>();
            for (var ky = 0; ky < s.KernelHeight; ky++)
            {
                for (var kx = 0; kx < s.KernelWidth; kx++)
                {
                    var iy = oy * s.StrideHeight - s.PadTop + ky;
                    var ix = ox * s.StrideWidth - s.PadLeft + kx;
                    var isImage = iy >= 0 && iy < s.InputHeight && ix >= 0 && ix < s.InputWidth;
                    var isPadded = iy < s.InputHeight + s.PadBottom && ix < s.InputWidth + s.PadRight;
                    if (isImage)
                        inside.Add(((n * s.InputHeight + iy) * s.InputWidth + ix) * s.Channels + c);
                    if (isImage || (countsPadding && isPadded))
                        positions++;
                }
            }

            foreach (var x in inside)
                pair(x, y, positions);
        }
    }
}
