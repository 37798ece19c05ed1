using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Losses;

/// <summary>Cross-entropy against distributions, and how labels become them.</summary>
public sealed class SoftTargetTests
{
    [Theory]
    [InlineData(1f)]
    [InlineData(30f)]
    [InlineData(5000f)]
    public void LossAndGradient_EveryNumberOfClasses_AgreeWithTheTwin(float range)
    {
        for (int classes = 1; classes <= 70; classes++)
        {
            // Rows that sum to anything, and one of nothing.
            float[] logits = Draw.Uniform(classes, 5 * classes, -range, range), targets = Draw.Uniform(classes + 1, 5 * classes, 0, 1);
            targets.AsSpan(2 * classes, classes).Clear();
            const double Scale = 1.0 / 7;
            (double[] x, double[] t) = (logits.Widen(), targets.Widen());
            double[] probabilities = ReferenceSoftmaxCrossEntropy.Forward(x, new int[5], classes).Probabilities;
            // What cancels within a sum is left at 1e-16 of its terms.
            double[] losses = ReferenceSoftmaxCrossEntropy.TargetLosses(x, t, classes);
            Close.Within("soft losses", losses, Loss(logits, targets, classes), Tolerances.RoundedOnce, Array.ConvertAll(losses, loss => loss + 1e-8));
            double[] dLogits = ReferenceSoftmaxCrossEntropy.TargetGradient(probabilities, t, Scale, classes);
            Close.Within(
                "soft dLogits", dLogits, Gradient(logits, targets, Scale, classes), Tolerances.RoundedOnce, Array.ConvertAll(dLogits, value => Math.Abs(value) + 1e-7));
        }
    }

    [Fact]
    public void TargetGradient_OfTheTwin_AgreesWithFiniteDifferences()
    {
        const int Classes = 11;
        double[] logits = Draw.Uniform(1, 6 * Classes, -3, 3).Widen(), targets = Draw.Uniform(2, 6 * Classes, 0, 2).Widen();
        double[] probabilities = ReferenceSoftmaxCrossEntropy.Forward(logits, new int[6], Classes).Probabilities;
        double[] gradient = ReferenceSoftmaxCrossEntropy.TargetGradient(probabilities, targets, 0.25, Classes);
        FiniteDifference.Check(
            p => 0.25 * ReferenceSoftmaxCrossEntropy.TargetLosses(p, targets, Classes).Sum(), logits, gradient, Tolerances.DifferenceStep, Tolerances.Difference);
        Assert.Contains(gradient, value => value < -0.1);
    }

    [Fact]
    public void LossAndGradient_OfLabelsAsTargets_AreThoseOfLabels()
    {
        // A power of two, so that 1 / rows is exact.
        const int Rows = 8, Classes = 10;
        float[] logits = Draw.Uniform(1, Rows * Classes, -9, 9), targets = new float[Rows * Classes], losses = new float[Rows], dLogits = new float[Rows * Classes];
        int[] labels = Draw.Labels(2, Rows, Classes);
        double weight = Targets.Fill(labels, 0, [], targets, Classes);
        SoftmaxCrossEntropy.Loss(logits, labels, losses, Classes);
        SoftmaxCrossEntropy.Gradient(logits, labels, dLogits, Classes);
        Assert.Equal(Rows, weight);
        Close.SameBits("losses", losses, Loss(logits, targets, Classes));
        Close.SameBits("gradient", dLogits, Gradient(logits, targets, 1 / weight, Classes));
        SoftmaxCrossEntropy.Gradient(logits, targets, 1 / weight, logits, Classes);
        Close.SameBits("in place", dLogits, logits);
    }

    [Fact]
    public void Fill_SmoothedAndWeighted_IsPyTorchsFormula()
    {
        float[] targets = new float[8];
        double weight = Targets.Fill([2, 0], 0.2f, [1, 2, 0.5f, 4], targets, 4);
        // w[c]·(0.8·onehot + 0.05).
        Close.Within("targets", [0.05, 0.1, 0.425, 0.2, 0.85, 0.1, 0.025, 0.2], targets, 2 * Tolerances.UnitRoundoff);
        Assert.Equal(1.5, weight);
    }

    [Fact]
    public void Fill_WeightedMean_IsTheWeightedNegativeLogLikelihoodOverTheWeights()
    {
        const int Rows = 6, Classes = 5;
        float[] logits = Draw.Uniform(1, Rows * Classes, -4, 4), targets = new float[Rows * Classes], weights = [0.5f, 1, 3, 0, 2];
        int[] labels = [0, 1, 2, 3, 4, 2];
        double weight = Targets.Fill(labels, 0, weights, targets, Classes);
        double[] losses = ReferenceSoftmaxCrossEntropy.Forward(logits.Widen(), labels, Classes).Losses;
        double expected = losses.Select((loss, row) => loss * weights[labels[row]]).Sum() / labels.Sum(label => weights[label]);
        Assert.Equal(expected, Loss(logits, targets, Classes).Sum(loss => (double)loss) / weight, 1e-6);
    }

    [Fact]
    public void Fill_WhatCannotBe_IsNamed()
    {
        Rejects("Row 1 has label 3; with 3 classes", () => Targets.Fill([0, 3], 0, [], new float[6], 3));
        Rejects("Row 0 has label -1", () => Targets.Fill([-1], 0, [], new float[3], 3));
        Rejects("The label smoothing is 1; it must lie in [0, 1)", () => Targets.Fill([0], 1, [], new float[3], 3));
        Rejects("The label smoothing is NaN", () => Targets.Fill([0], float.NaN, [], new float[3], 3));
        Rejects("Class 1 has weight -2; a finite number from 0 up is needed", () => Targets.Fill([0], 0, [1, -2, 1], new float[3], 3));
        Rejects("Class 2 has weight Infinity", () => Targets.Fill([0], 0, [1, 2, float.PositiveInfinity], new float[3], 3));
        Rejects("'classWeights' holds 2 elements; its geometry needs 3", () => Targets.Fill([0], 0, [1, 2], new float[3], 3));
        Rejects("'targets' holds 4 elements; its geometry needs 3", () => Targets.Fill([0], 0, [], new float[4], 3));
        Rejects("'targets' holds 4 elements; its geometry needs 3", () => SoftmaxCrossEntropy.Loss(new float[3], new float[4], new float[1], 3));
        Rejects("'losses' holds 2 elements; its geometry needs 1", () => SoftmaxCrossEntropy.Loss(new float[3], new float[3], new float[2], 3));
        Rejects("'targets' holds 4 elements; its geometry needs 3", () => SoftmaxCrossEntropy.Gradient(new float[3], new float[4], 1, new float[3], 3));
        Rejects("'dLogits' holds 4 elements; its geometry needs 3", () => SoftmaxCrossEntropy.Gradient(new float[3], new float[3], 1, new float[4], 3));

        static void Rejects(string named, Action call) => Assert.Contains(named, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    private static float[] Loss(float[] logits, float[] targets, int classes)
    {
        Guarded<float> losses = new(logits.Length / classes);
        SoftmaxCrossEntropy.Loss(logits, targets, losses.Span, classes);
        return losses.Values();
    }

    private static float[] Gradient(float[] logits, float[] targets, double scale, int classes)
    {
        Guarded<float> dLogits = new(logits.Length);
        SoftmaxCrossEntropy.Gradient(logits, targets, scale, dLogits.Span, classes);
        return dLogits.Values();
    }
}
