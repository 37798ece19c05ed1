namespace AlexNetSharp.Reference;

/// <summary>Activations, element by element; each backward pass takes the forward pass's output y.</summary>
/// <remarks>
/// relu: max(x, 0), derivative 1 where y is positive, else 0 (also at 0); tanh: derivative 1 − y²; sigmoid: 1 / (1 + e^−x), derivative
/// y·(1 − y); leaky: x where it is positive, else slope·x, its backward pass taking the input x; clip: min(max(x, low), high), derivative 1
/// where y lies between the bounds, 0 at them.
/// </remarks>
public static class ReferenceActivation
{
    public static double[] ReluForward(double[] input) => Map(input, x => Math.Max(x, 0.0));

    public static double[] ReluBackward(double[] output, double[] dOutput) => Map(output, dOutput, (y, dy) => y > 0.0 ? dy : 0.0);

    public static double[] TanhForward(double[] input) => Map(input, Math.Tanh);

    public static double[] TanhBackward(double[] output, double[] dOutput) => Map(output, dOutput, (y, dy) => dy * (1.0 - y * y));

    public static double[] SigmoidForward(double[] input) => Map(input, x => 1.0 / (1.0 + Math.Exp(-x)));

    public static double[] SigmoidBackward(double[] output, double[] dOutput) => Map(output, dOutput, (y, dy) => dy * y * (1.0 - y));

    public static double[] LeakyForward(double[] input, double slope) => Map(input, x => x > 0.0 ? x : slope * x);

    public static double[] LeakyBackward(double[] input, double[] dOutput, double slope) => Map(input, dOutput, (x, dy) => x > 0.0 ? dy : slope * dy);

    public static double[] ClipForward(double[] input, double low, double high) => Map(input, x => Math.Min(Math.Max(x, low), high));

    public static double[] ClipBackward(double[] output, double[] dOutput, double low, double high) =>
        Map(output, dOutput, (y, dy) => y > low && y < high ? dy : 0.0);

    private static double[] Map(double[] values, Func<double, double> function)
    {
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            result[i] = function(values[i]);
        return result;
    }

    private static double[] Map(double[] output, double[] dOutput, Func<double, double, double> function)
    {
        Expect.Length(dOutput, output.Length, nameof(dOutput));
        var result = new double[output.Length];
        for (var i = 0; i < output.Length; i++)
            result[i] = function(output[i], dOutput[i]);
        return result;
    }
}
