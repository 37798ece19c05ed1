using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Losses;

public sealed class SoftmaxCrossEntropyTests
{
    public static TheoryData<string> GoldenCases => Golden.Names("softmax_cross_entropy");

    [Theory]
    [InlineData(1f)]
    [InlineData(30f)]
    [InlineData(5000f)]
    public void All_EveryNumberOfClasses_AgreeWithTheTwin(float range)
    {
        for (int classes = 1; classes <= 70; classes++)
        {
            float[] logits = Draw.Uniform(classes, 5 * classes, -range, range);
            int[] labels = Draw.Labels(classes, 5, classes);
            (double[] losses, double[] probabilities) = ReferenceSoftmaxCrossEntropy.Forward(logits.Widen(), labels, classes);
            Compare("softmax", logits, labels, classes, losses, probabilities, ReferenceSoftmaxCrossEntropy.Gradient(probabilities, labels, classes));
        }
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void All_GoldenCase_AgreeWithPyTorch(string name)
    {
        GoldenCase golden = Golden.Case("softmax_cross_entropy", name);
        Compare(
            "softmax, golden", golden.Floats("logits"), golden.Integers("labels"), golden.Get<int>("classes"),
            golden.Array("losses"), golden.Array("probabilities"), golden.Array("dLogits"));
    }

    [Fact]
    public void Gradient_OfTheMeanLoss_AgreesWithFiniteDifferencesOfTheTwin()
    {
        const int Classes = 11;
        float[] logits = Draw.Uniform(1, 6 * Classes, -3, 3);
        int[] labels = Draw.Labels(2, 6, Classes);
        double[] expected = FiniteDifference.Gradient(
            p => ReferenceSoftmaxCrossEntropy.Forward(p, labels, Classes).Losses.Average(), logits.Widen(), Tolerances.DifferenceStep);
        Close.WithinLargest("softmax dLogits, differences", expected, Gradient(logits, labels, Classes), Tolerances.RoundedOnce + Tolerances.Difference);
    }

    [Fact]
    public void SoftmaxAndGradient_InPlace_GiveTheSameBits()
    {
        const int Classes = 10;
        float[] logits = Draw.Uniform(1, 7 * Classes, -9, 9);
        int[] labels = Draw.Labels(2, 7, Classes);
        Guarded<float> probabilities = new(logits), gradient = new(logits);
        SoftmaxCrossEntropy.Softmax(probabilities.Span, probabilities.Span, Classes);
        SoftmaxCrossEntropy.Gradient(gradient.Span, labels, gradient.Span, Classes);
        Close.SameBits("softmax in place", Softmax(logits, Classes), probabilities.Values());
        Close.SameBits("gradient in place", Gradient(logits, labels, Classes), gradient.Values());
    }

    [Fact]
    public void All_RowAloneAndAmongOthers_AreTheSame()
    {
        const int Classes = 10;
        float[] logits = Draw.Uniform(1, 7 * Classes, -9, 9);
        int[] labels = Draw.Labels(2, 7, Classes);
        float[] probabilities = Softmax(logits, Classes), losses = Loss(logits, labels, Classes);
        for (int row = 0; row < 7; row++)
        {
            float[] alone = logits[(row * Classes)..((row + 1) * Classes)];
            Close.SameBits("probabilities", Softmax(alone, Classes), probabilities.AsSpan(row * Classes, Classes));
            Close.SameBits("loss", Loss(alone, [labels[row]], Classes), losses.AsSpan(row, 1));
        }
    }

    [Fact]
    public void All_NaNAmongTheLogits_ShowsInTheResult()
    {
        float[] logits = [1, float.NaN, 2];
        Assert.All(Softmax(logits, 3), value => Assert.True(float.IsNaN(value)));
        Assert.True(float.IsNaN(Loss(logits, [0], 3)[0]));
        Assert.All(Gradient(logits, [0], 3), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void All_NoRows_GiveNothing()
    {
        Assert.Empty(Softmax([], 10));
        Assert.Empty(Loss([], [], 10));
        Assert.Empty(Gradient([], [], 10));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void LossAndGradient_LabelOutOfRange_NamesItAndItsRow(int label)
    {
        int[] labels = [0, 9, label];
        ArgumentException loss = Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Loss(new float[30], labels, new float[3], 10));
        ArgumentException gradient = Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Gradient(new float[30], labels, new float[30], 10));
        Assert.Contains($"Row 2 has label {label}; with 10 classes", loss.Message, StringComparison.Ordinal);
        Assert.Contains($"Row 2 has label {label}; with 10 classes", gradient.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_WrongLength_NameIt()
    {
        ArgumentException rows = Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Softmax(new float[31], new float[31], 10));
        Assert.Contains("31 logits are no whole number of rows of 10 classes", rows.Message, StringComparison.Ordinal);
        ArgumentException probabilities = Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Softmax(new float[30], new float[29], 10));
        Assert.Contains("'probabilities' holds 29 elements; its geometry needs 30", probabilities.Message, StringComparison.Ordinal);
        ArgumentException labels = Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Loss(new float[30], new int[4], new float[3], 10));
        Assert.Contains("'labels' holds 4 elements; its geometry needs 3", labels.Message, StringComparison.Ordinal);
        ArgumentException losses = Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Loss(new float[30], new int[3], new float[2], 10));
        Assert.Contains("'losses' holds 2 elements; its geometry needs 3", losses.Message, StringComparison.Ordinal);
        ArgumentException gradient = Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Gradient(new float[30], new int[3], new float[3], 10));
        Assert.Contains("'dLogits' holds 3 elements; its geometry needs 30", gradient.Message, StringComparison.Ordinal);
        ArgumentOutOfRangeException classes = Assert.Throws<ArgumentOutOfRangeException>(() => SoftmaxCrossEntropy.Softmax([], [], 0));
        Assert.Equal(0, classes.ActualValue);
    }

    private static void Compare(string kernel, float[] logits, int[] labels, int classes, double[] losses, double[] probabilities, double[] dLogits)
    {
        Close.Within($"{kernel} probabilities", probabilities, Softmax(logits, classes), Tolerances.RoundedOnce);
        // Where the double sum itself cancels (a loss or a gradient near 0), 1e-16 of the terms is left: 1e-8 · 6e-8.
        Close.Within($"{kernel} losses", losses, Loss(logits, labels, classes), Tolerances.RoundedOnce, Array.ConvertAll(losses, loss => loss + 1e-8));
        Close.Within($"{kernel} dLogits", dLogits, Gradient(logits, labels, classes), Tolerances.RoundedOnce, Array.ConvertAll(dLogits, value => Math.Abs(value) + 1e-8));
    }

    private static float[] Softmax(float[] logits, int classes)
    {
        Guarded<float> probabilities = new(logits.Length);
        SoftmaxCrossEntropy.Softmax(logits, probabilities.Span, classes);
        return probabilities.Values();
    }

    private static float[] Loss(float[] logits, int[] labels, int classes)
    {
        Guarded<float> losses = new(labels.Length);
        SoftmaxCrossEntropy.Loss(logits, labels, losses.Span, classes);
        return losses.Values();
    }

    private static float[] Gradient(float[] logits, int[] labels, int classes)
    {
        Guarded<float> dLogits = new(logits.Length);
        SoftmaxCrossEntropy.Gradient(logits, labels, dLogits.Span, classes);
        return dLogits.Values();
    }
}
