namespace AlexNetSharp.Kernels.Losses;

/// <summary>What <see cref="SoftmaxCrossEntropy"/> is to come to, written as distributions over the classes.</summary>
public static class Targets
{
    /// <summary>Labels as distributions, smoothed and weighted the way of PyTorch's <c>cross_entropy(weight=, label_smoothing=)</c>.</summary>
    /// <remarks>
    /// t[c] = w[c]·((1 − ε)·onehot(label)[c] + ε / classes) (Szegedy et al. 2016, "Rethinking the Inception architecture", §7, for ε). The mean
    /// that PyTorch takes divides by the labels' weights, which this returns. A mean over Σ t is the same where there are no weights or no
    /// smoothing, and holds for mixed pictures (mixup, CutMix) as well, whose targets are mixed in the pictures' proportion.
    /// </remarks>
    /// <param name="labels">[rows], 0 to classes − 1.</param>
    /// <param name="smoothing">ε, in [0, 1): the share of each row that is spread evenly over all classes.</param>
    /// <param name="classWeights">w, one a class, finite and from 0 up; empty for 1 everywhere.</param>
    /// <param name="targets">t, [rows, classes], overwritten.</param>
    /// <param name="classes">Columns, at least 1.</param>
    /// <returns>Σ w[label] over the rows: their number, where no class has a weight.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a label, a weight or the smoothing is out of range.</exception>
    public static double Fill(ReadOnlySpan<int> labels, float smoothing, ReadOnlySpan<float> classWeights, Span<float> targets, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Check.Length((ReadOnlySpan<float>)targets, (long)labels.Length * classes, nameof(targets));
        if (smoothing is not (>= 0 and < 1))
            throw new ArgumentException($"The label smoothing is {smoothing}; it must lie in [0, 1).", nameof(smoothing));
        CheckWeights(classWeights, classes);
        double sum = 0, rest = (double)smoothing / classes;
        for (int row = 0; row < labels.Length; row++)
        {
            int label = labels[row];
            if ((uint)label >= (uint)classes)
                throw new ArgumentException($"Row {row} has label {label}; with {classes} classes it must lie between 0 and {classes - 1}.", nameof(labels));
            for (int c = 0; c < classes; c++)
            {
                double share = c == label ? 1 - (double)smoothing + rest : rest;
                targets[(row * classes) + c] = (float)(classWeights.IsEmpty ? share : classWeights[c] * share);
            }
            sum += classWeights.IsEmpty ? 1 : classWeights[label];
        }
        return sum;
    }

    private static void CheckWeights(ReadOnlySpan<float> classWeights, int classes)
    {
        if (classWeights.IsEmpty)
            return;
        Check.Length(classWeights, classes, nameof(classWeights));
        for (int c = 0; c < classes; c++)
        {
            if (!(classWeights[c] >= 0) || !float.IsFinite(classWeights[c]))
                throw new ArgumentException($"Class {c} has weight {classWeights[c]}; a finite number from 0 up is needed.", nameof(classWeights));
        }
    }
}
