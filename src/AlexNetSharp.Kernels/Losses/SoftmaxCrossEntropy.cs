namespace AlexNetSharp.Kernels.Losses;

/// <summary>Softmax with cross-entropy against integer labels or distributions, forward and backward.</summary>
/// <remarks>
/// p = softmax(logits), loss = −ln p[label]. The largest logit is taken off first and the loss computed from the sum's logarithm, so that
/// logits in the thousands stay finite. Rows are short beside a network's layers: this runs on one thread, in double precision within a row.
/// </remarks>
public static class SoftmaxCrossEntropy
{
    /// <summary>Probabilities of every row.</summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="probabilities">The same shape, overwritten; may be <paramref name="logits"/> itself.</param>
    /// <param name="classes">Columns, at least 1.</param>
    /// <exception cref="ArgumentException">Lengths differ, or are no whole number of rows.</exception>
    public static void Softmax(ReadOnlySpan<float> logits, Span<float> probabilities, int classes)
    {
        int rows = Rows(logits, classes);
        Check.Length((ReadOnlySpan<float>)probabilities, logits.Length, nameof(probabilities));
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> x = logits.Slice(row * classes, classes);
            (double largest, double sum) = Sum(x);
            for (int c = 0; c < classes; c++)
                probabilities[(row * classes) + c] = (float)(Math.Exp(x[c] - largest) / sum);
        }
    }

    /// <summary>The loss of every row.</summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="labels">[rows], 0 to classes − 1.</param>
    /// <param name="losses">[rows], overwritten, in nats.</param>
    /// <param name="classes">Columns, at least 1.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a label is out of range.</exception>
    public static void Loss(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> losses, int classes)
    {
        int rows = CheckLabels(logits, labels, classes);
        Check.Length((ReadOnlySpan<float>)losses, rows, nameof(losses));
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> x = logits.Slice(row * classes, classes);
            (double largest, double sum) = Sum(x);
            losses[row] = (float)(Math.Log(sum) - (x[labels[row]] - largest));
        }
    }

    /// <summary>dLogits = ∂(mean loss)/∂logits = (p − onehot(label)) / rows.</summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="labels">[rows], 0 to classes − 1.</param>
    /// <param name="dLogits">The shape of <paramref name="logits"/>, overwritten; may be it itself.</param>
    /// <param name="classes">Columns, at least 1.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a label is out of range.</exception>
    public static void Gradient(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> dLogits, int classes)
    {
        int rows = CheckLabels(logits, labels, classes);
        Check.Length((ReadOnlySpan<float>)dLogits, logits.Length, nameof(dLogits));
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> x = logits.Slice(row * classes, classes);
            (double largest, double sum) = Sum(x);
            for (int c = 0; c < classes; c++)
            {
                double p = Math.Exp(x[c] - largest) / sum;
                dLogits[(row * classes) + c] = (float)((p - (c == labels[row] ? 1 : 0)) / rows);
            }
        }
    }

    /// <summary>The loss of every row against a distribution: −Σ t·ln p.</summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="targets">
    /// t, the same shape, from 0 up. Rows need not sum to 1: smoothed labels, mixed pictures and class weights all stand in them
    /// (<see cref="Targets"/>).
    /// </param>
    /// <param name="losses">[rows], overwritten, in nats.</param>
    /// <param name="classes">Columns, at least 1.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public static void Loss(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, Span<float> losses, int classes)
    {
        int rows = Rows(logits, classes);
        Check.Length(targets, logits.Length, nameof(targets));
        Check.Length((ReadOnlySpan<float>)losses, rows, nameof(losses));
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> x = logits.Slice(row * classes, classes), t = targets.Slice(row * classes, classes);
            (double largest, double sum) = Sum(x);
            double logarithm = Math.Log(sum), loss = 0;
            for (int c = 0; c < classes; c++)
                loss += t[c] * (logarithm - (x[c] - largest));
            losses[row] = (float)loss;
        }
    }

    /// <summary>dLogits = scale · ∂(Σ over rows of −Σ t·ln p)/∂logits = scale · ((Σ t)·p − t).</summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="targets">t, the same shape, from 0 up; rows need not sum to 1.</param>
    /// <param name="scale">What the rows' losses are multiplied by: 1 / rows for their mean, 1 / Σ weights for a weighted one.</param>
    /// <param name="dLogits">The shape of <paramref name="logits"/>, overwritten; may be it itself.</param>
    /// <param name="classes">Columns, at least 1.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public static void Gradient(ReadOnlySpan<float> logits, ReadOnlySpan<float> targets, double scale, Span<float> dLogits, int classes)
    {
        int rows = Rows(logits, classes);
        Check.Length(targets, logits.Length, nameof(targets));
        Check.Length((ReadOnlySpan<float>)dLogits, logits.Length, nameof(dLogits));
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> x = logits.Slice(row * classes, classes), t = targets.Slice(row * classes, classes);
            (double largest, double sum) = Sum(x);
            double whole = 0;
            foreach (float part in t)
                whole += part;
            for (int c = 0; c < classes; c++)
                dLogits[(row * classes) + c] = (float)(scale * ((whole * (Math.Exp(x[c] - largest) / sum)) - t[c]));
        }
    }

    private static (double Largest, double Sum) Sum(ReadOnlySpan<float> logits)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (float x in logits)
            largest = Math.Max(largest, x);
        foreach (float x in logits)
            sum += Math.Exp(x - largest);
        return (largest, sum);
    }

    private static int Rows(ReadOnlySpan<float> logits, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (logits.Length % classes != 0)
            throw new ArgumentException($"{logits.Length} logits are no whole number of rows of {classes} classes.", nameof(logits));
        return logits.Length / classes;
    }

    private static int CheckLabels(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classes)
    {
        int rows = Rows(logits, classes);
        Check.Length(labels, rows, nameof(labels));
        for (int row = 0; row < rows; row++)
        {
            if ((uint)labels[row] >= (uint)classes)
                throw new ArgumentException($"Row {row} has label {labels[row]}; with {classes} classes it must lie between 0 and {classes - 1}.", nameof(labels));
        }
        return rows;
    }
}
