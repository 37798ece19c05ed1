namespace AlexNetSharp.Interop.Onnx;

/// <summary>The windows of <see cref="Models.AdaptiveAveragePool2D"/> along one side: output i averages the inputs from floor(i · in / out) to before ceil((i + 1) · in / out).</summary>
/// <param name="Inputs">Inputs.</param>
/// <param name="Outputs">Outputs.</param>
internal readonly record struct AveragingWindows(int Inputs, int Outputs)
{
    /// <summary>The first input of an output's window.</summary>
    public int First(int output) => (int)((long)output * Inputs / Outputs);

    /// <summary>Inputs of an output's window.</summary>
    public int Length(int output) => (int)((((output + 1L) * Inputs) + Outputs - 1) / Outputs) - First(output);

    /// <summary>Window and stride where all windows are equally long and equally far apart, which pooling with a fixed window can do; else null.</summary>
    public (int Window, int Stride)? Regular()
    {
        int window = Length(0), stride = Outputs == 1 ? 1 : First(1);
        for (int i = 0; i < Outputs; i++)
        {
            if (Length(i) != window || First(i) != i * stride)
                return null;
        }
        return stride >= 1 && window + ((Outputs - 1) * stride) == Inputs ? (window, stride) : null;
    }

    /// <summary>The same as a matrix [outputs, inputs], or [inputs, outputs] where <paramref name="transposed"/>.</summary>
    public float[] Matrix(bool transposed)
    {
        float[] matrix = new float[checked(Inputs * Outputs)];
        for (int o = 0; o < Outputs; o++)
        {
            int first = First(o), length = Length(o);
            for (int i = first; i < first + length; i++)
                matrix[transposed ? (i * Outputs) + o : (o * Inputs) + i] = 1f / length;
        }
        return matrix;
    }
}
