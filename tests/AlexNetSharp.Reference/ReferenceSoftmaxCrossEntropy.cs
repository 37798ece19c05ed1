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

    /// <summary>−Σ t·ln p of every row: the loss against distributions, whose rows need not sum to 1.</summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="targets">t, the same shape.</param>
    /// <param name="classes">Number of classes.</param>
    public static double[] TargetLosses(double[] logits, double[] targets, int classes)
    {
        Expect.Length(targets, logits.Length, nameof(targets));
        var losses = new double[logits.Length / classes];
        for (var row = 0; row < losses.Length; row++)
        {
            var maximum = double.NegativeInfinity;
            for (var c = 0; c < classes; c++)
                maximum = Math.Max(maximum, logits[row * classes + c]);

            var sum = 0.0;
            for (var c = 0; c < classes; c++)
                sum += Math.Exp(logits[row * classes + c] - maximum);

            for (var c = 0; c < classes; c++)
                losses[row] -= targets[row * classes + c] * (logits[row * classes + c] - maximum - Math.Log(sum));
        }

        return losses;
    }

    /// <summary>The gradient of scale · Σ <see cref="TargetLosses"/>: scale · ((Σ t)·p − t) in each row.</summary>
    public static double[] TargetGradient(double[] probabilities, double[] targets, double scale, int classes)
    {
        Expect.Length(targets, probabilities.Length, nameof(targets));
        var dLogits = new double[probabilities.Length];
        for (var row = 0; row < probabilities.Length / classes; row++)
        {
            var whole = 0.0;
            for (var c = 0; c < classes; c++)
                whole += targets[row * classes + c];
            for (var c = 0; c < classes; c++)
                dLogits[row * classes + c] = scale * (whole * probabilities[row * classes + c] - targets[row * classes + c]);
        }

        return dLogits;
    }
}
