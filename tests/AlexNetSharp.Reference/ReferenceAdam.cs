namespace AlexNetSharp.Reference;

/// <summary>One update of Adam (Kingma and Ba 2015), in the two forms that differ in what ε is added to.</summary>
/// <remarks>
/// Both: m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g². Moments start at zero and step t at 1. Weights and moments change in place.
/// </remarks>
public static class ReferenceAdam
{
    /// <summary>TensorFlow's form, ε̂ of the paper's §2: w −= lr · √(1 − β2ᵗ) / (1 − β1ᵗ) · m / (√v + ε̂).</summary>
    public static void TensorFlowUpdate(
        double[] weights, double[] gradient, double[] firstMoment, double[] secondMoment, int step,
        double learningRate, double beta1, double beta2, double epsilon)
    {
        UpdateMoments(weights, gradient, firstMoment, secondMoment, beta1, beta2);
        var rate = learningRate * Math.Sqrt(1.0 - Math.Pow(beta2, step)) / (1.0 - Math.Pow(beta1, step));
        for (var i = 0; i < weights.Length; i++)
            weights[i] -= rate * firstMoment[i] / (Math.Sqrt(secondMoment[i]) + epsilon);
    }

    /// <summary>PyTorch's form, the paper's algorithm 1: w −= lr · m̂ / (√v̂ + ε) with m̂ = m / (1 − β1ᵗ), v̂ = v / (1 − β2ᵗ).</summary>
    public static void PyTorchUpdate(
        double[] weights, double[] gradient, double[] firstMoment, double[] secondMoment, int step,
        double learningRate, double beta1, double beta2, double epsilon)
    {
        UpdateMoments(weights, gradient, firstMoment, secondMoment, beta1, beta2);
        for (var i = 0; i < weights.Length; i++)
        {
            var correctedFirst = firstMoment[i] / (1.0 - Math.Pow(beta1, step));
            var correctedSecond = secondMoment[i] / (1.0 - Math.Pow(beta2, step));
            weights[i] -= learningRate * correctedFirst / (Math.Sqrt(correctedSecond) + epsilon);
        }
    }

    /// <summary>
    /// AdamW (Loshchilov and Hutter 2019, algorithm 2) as PyTorch has it: w −= lr·λ·w, then Adam's move from there, in either form of ε.
    /// </summary>
    public static void AdamWUpdate(
        double[] weights, double[] gradient, double[] firstMoment, double[] secondMoment, int step,
        double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool tensorFlow)
    {
        for (var i = 0; i < weights.Length; i++)
            weights[i] -= learningRate * weightDecay * weights[i];
        if (tensorFlow)
            TensorFlowUpdate(weights, gradient, firstMoment, secondMoment, step, learningRate, beta1, beta2, epsilon);
        else
            PyTorchUpdate(weights, gradient, firstMoment, secondMoment, step, learningRate, beta1, beta2, epsilon);
    }

    private static void UpdateMoments(
        double[] weights, double[] gradient, double[] firstMoment, double[] secondMoment, double beta1, double beta2)
    {
        Expect.Length(gradient, weights.Length, nameof(gradient));
        Expect.Length(firstMoment, weights.Length, nameof(firstMoment));
        Expect.Length(secondMoment, weights.Length, nameof(secondMoment));
        for (var i = 0; i < weights.Length; i++)
        {
            firstMoment[i] = beta1 * firstMoment[i] + (1.0 - beta1) * gradient[i];
            secondMoment[i] = beta2 * secondMoment[i] + (1.0 - beta2) * gradient[i] * gradient[i];
        }
    }
}
