namespace AlexNetSharp.Reference;

/// <summary>Inverted dropout for a given mask: y = x / keep where the mask is set, else 0.</summary>
/// <remarks>The gradient is the same map applied to dOutput. Srivastava et al. 2014, with the scaling moved into training.</remarks>
public static class ReferenceDropout
{
    /// <param name="input">The values (forward) or dOutput (backward).</param>
    /// <param name="mask">True where a value survives.</param>
    /// <param name="keep">The probability to survive, in (0, 1].</param>
    public static double[] Apply(double[] input, bool[] mask, double keep)
    {
        Expect.Length(mask, input.Length, nameof(mask));
        var output = new double[input.Length];
        for (var i = 0; i < input.Length; i++)
            output[i] = mask[i] ? input[i] / keep : 0.0;
        return output;
    }
}
