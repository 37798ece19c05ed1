namespace AlexNetSharp.Reference;

/// <summary>Softmax and cross-entropy over rows of logits.</summary>
/// <remarks>
/// p[c] = e^(z[c] − max) / Σ e^(z[j] − max); loss = log Σ e^(z[j] − max) − (z[label] − max). Subtracting the row's maximum changes neither
/// and keeps logits in the thousands from overflowing. The gradient of the mean loss over the rows is (p − onehot(label)) / rows.
/// </remarks>
public static class ReferenceSoftmaxCrossEntropy
{
    /// <param name="logits">[rows, classes].</param>
    /// <param name="labels">[rows], each in 0 .. classes − 1.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>Losses [rows] and probabilities [rows, classes].</returns>
    public static (double[] Losses, double[] Probabilities) Forward(double[] logits, int[] labels, int classes)
    {
        var rows = labels.Length;
        Expect.Length(logits, rows * classes, nameof(logits));
        var losses = new double[rows];
        var probabilities = new double[rows * classes];
        for (var row = 0; row < rows; row++)
        {
            var maximum = double.NegativeInfinity;
            for (var c = 0; c < classes; c++)
                maximum = Math.Max(maximum, logits[row * classes + c]);

            var sum = 0.0;
            for (var c = 0; c < classes; c++)
                sum += Math.Exp(logits[row * classes + c] - maximum);

            for (var c = 0; c < classes; c++)
                probabilities[row * classes + c] = Math.Exp(logits[row * classes + c] - maximum) / sum;
            losses[row] = Math.Log(sum) - (logits[row * classes + labels[row]] - maximum);
        }

        return (losses, probabilities);
    }

    /// <summary>The gradient of the mean loss with respect to the logits, [rows, classes].</summary>
    public static double[] Gradient(double[] probabilities, int[] labels, int classes)
    {
        var rows = labels.Length;
        Expect.Length(probabilities, rows * classes, nameof(probabilities));
        var dLogits = new double[rows * classes];
        for (var row = 0; row < rows; row++)
        {
            for (var c = 0; c < classes; c++)
                dLogits[row * classes + c] = (probabilities[row * classes + c] - (c == labels[row] ? 1.0 : 0.0)) / rows;
        }

        return dLogits;
    }
}
