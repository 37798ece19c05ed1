namespace AlexNetSharp.Reference;

/// <summary>A fully connected layer: y[r, o] = bias[o] + Σ over i of x[r, i] · w[i, o]; weights [inputs, outputs], row-major.</summary>
public static class ReferenceDense
{
    /// <param name="input">[rows, inputs].</param>
    /// <param name="weights">[inputs, outputs].</param>
    /// <param name="bias">[outputs]; null or empty: none.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="inputs">Values in a row of the input.</param>
    /// <param name="outputs">Values in a row of the output.</param>
    /// <returns>[rows, outputs].</returns>
    public static double[] Forward(double[] input, double[] weights, double[]? bias, int rows, int inputs, int outputs)
    {
        var output = ReferenceGemm.Multiply(rows, outputs, inputs, input, false, weights, false);
        if (bias is { Length: > 0 })
        {
            Expect.Length(bias, outputs, nameof(bias));
            for (var i = 0; i < output.Length; i++)
                output[i] += bias[i % outputs];
        }

        return output;
    }

    /// <summary>∂L/∂input = dOutput · wᵀ, [rows, inputs].</summary>
    public static double[] DataGradient(double[] dOutput, double[] weights, int rows, int inputs, int outputs) =>
        ReferenceGemm.Multiply(rows, inputs, outputs, dOutput, false, weights, true);

    /// <summary>∂L/∂weights = inputᵀ · dOutput, [inputs, outputs].</summary>
    public static double[] WeightGradient(double[] input, double[] dOutput, int rows, int inputs, int outputs) =>
        ReferenceGemm.Multiply(inputs, outputs, rows, input, true, dOutput, false);

    /// <summary>∂L/∂bias: dOutput summed over the rows, [outputs].</summary>
    public static double[] BiasGradient(double[] dOutput, int rows, int outputs)
    {
        Expect.Length(dOutput, rows * outputs, nameof(dOutput));
        var dBias = new double[outputs];
        for (var i = 0; i < dOutput.Length; i++)
            dBias[i % outputs] += dOutput[i];
        return dBias;
    }
}
