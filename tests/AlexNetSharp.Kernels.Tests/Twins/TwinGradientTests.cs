using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Twins;

/// <summary>Every gradient that a twin has, against central differences of its forward pass, all in double.</summary>
public sealed class TwinGradientTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Gemm_BothOperands_AgreesWithDifferences(bool transposeA, bool transposeB)
    {
        (int m, int n, int k) = (4, 5, 6);
        double[] a = Doubles(1, m * k), b = Doubles(2, k * n), dc = Doubles(3, m * n);
        // dA = dC·Bᵀ, dB = Aᵀ·dC; the gradient of a transposed operand is the transpose.
        double[] da = transposeA ? ReferenceGemm.Multiply(k, m, n, b, transposeB, dc, true) : ReferenceGemm.Multiply(m, k, n, dc, false, b, !transposeB);
        double[] db = transposeB ? ReferenceGemm.Multiply(n, k, m, dc, true, a, transposeA) : ReferenceGemm.Multiply(k, n, m, a, !transposeA, dc, false);
        Check(p => Draw.Dot(dc, ReferenceGemm.Multiply(m, n, k, p, transposeA, b, transposeB)), a, da);
        Check(p => Draw.Dot(dc, ReferenceGemm.Multiply(m, n, k, a, transposeA, p, transposeB)), b, db);
    }

    [Fact]
    public void Dense_InputWeightsAndBias_AgreesWithDifferences()
    {
        (int rows, int inputs, int outputs) = (4, 7, 5);
        double[] x = Doubles(1, rows * inputs), w = Doubles(2, inputs * outputs), b = Doubles(3, outputs), dy = Doubles(4, rows * outputs);
        Check(p => Draw.Dot(dy, ReferenceDense.Forward(p, w, b, rows, inputs, outputs)), x, ReferenceDense.DataGradient(dy, w, rows, inputs, outputs));
        Check(p => Draw.Dot(dy, ReferenceDense.Forward(x, p, b, rows, inputs, outputs)), w, ReferenceDense.WeightGradient(x, dy, rows, inputs, outputs));
        Check(p => Draw.Dot(dy, ReferenceDense.Forward(x, w, p, rows, inputs, outputs)), b, ReferenceDense.BiasGradient(dy, rows, outputs));
    }

    [Fact]
    public void Convolution_RandomGeometry_AgreesWithDifferences() =>
        Geometries.Convolutions.Where(g => g.MultiplyAccumulates * (g.InputLength + g.WeightLength) < 3_000_000).Sample(
            g =>
            {
                ReferenceConvolutionShape s = g.Twin();
                double[] x = Doubles(1, g.InputLength), w = Doubles(2, g.WeightLength), b = Doubles(3, g.OutputChannels), dy = Doubles(4, g.OutputLength);
                Check(p => Draw.Dot(dy, ReferenceConvolution2D.Forward(p, w, b, s)), x, ReferenceConvolution2D.DataGradient(dy, w, s));
                Check(p => Draw.Dot(dy, ReferenceConvolution2D.Forward(x, p, b, s)), w, ReferenceConvolution2D.WeightGradient(x, dy, s));
                Check(p => Draw.Dot(dy, ReferenceConvolution2D.Forward(x, w, p, s)), b, ReferenceConvolution2D.BiasGradient(dy, s));
            },
            iter: 30,
            threads: 1);

    [Fact]
    public void Activations_AwayFromTheKink_AgreesWithDifferences()
    {
        double[] x = Array.ConvertAll(Doubles(1, 60), value => Math.Abs(value) < 0.01 ? 0.5 : 3 * value), dy = Doubles(2, 60);
        Check(p => Draw.Dot(dy, ReferenceActivation.ReluForward(p)), x, ReferenceActivation.ReluBackward(ReferenceActivation.ReluForward(x), dy));
        Check(p => Draw.Dot(dy, ReferenceActivation.TanhForward(p)), x, ReferenceActivation.TanhBackward(ReferenceActivation.TanhForward(x), dy));
        Check(p => Draw.Dot(dy, ReferenceActivation.LeakyForward(p, 0.2)), x, ReferenceActivation.LeakyBackward(x, dy, 0.2));
        Check(p => Draw.Dot(dy, ReferenceActivation.ClipForward(p, 0, 9)), x, ReferenceActivation.ClipBackward(ReferenceActivation.ClipForward(x, 0, 9), dy, 0, 9));
        Check(p => Draw.Dot(dy, ReferenceActivation.SigmoidForward(p)), x, ReferenceActivation.SigmoidBackward(ReferenceActivation.SigmoidForward(x), dy));
    }

    [Fact]
    public void Pooling_RandomGeometryWithoutTies_AgreesWithDifferences() =>
        Geometries.Poolings.Where(g => g.InputLength < 600).Sample(
            g =>
            {
                ReferencePoolShape s = g.Twin();
                double[] x = [.. Enumerable.Range(0, (int)g.InputLength).Select(i => i * 0.001)], dy = Doubles(2, g.OutputLength);
                new Random(3).Shuffle(x);
                Check(p => Draw.Dot(dy, ReferenceMaxPool2D.Forward(p, s).Output), x, ReferenceMaxPool2D.Backward(dy, ReferenceMaxPool2D.Forward(x, s).Argmax, s));
            },
            iter: 30,
            threads: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AverageWindows_RandomGeometry_AgreesWithDifferences(bool countsPadding) =>
        Geometries.CeilPoolings.Where(g => g.InputLength < 600).Sample(
            g =>
            {
                ReferencePoolShape s = g.Twin();
                double[] x = Doubles(1, g.InputLength), dy = Doubles(2, g.OutputLength);
                Check(p => Draw.Dot(dy, ReferenceAveragePool2D.Forward(p, s, countsPadding)), x, ReferenceAveragePool2D.Backward(dy, s, countsPadding));
            },
            iter: 30,
            threads: 1);

    [Fact]
    public void AveragePooling_RandomGeometry_AgreesWithDifferences() =>
        Geometries.AdaptivePoolings.Where(g => g.InputLength < 600).Sample(
            g =>
            {
                ReferenceAdaptivePoolShape s = g.Twin();
                double[] x = Doubles(1, g.InputLength), dy = Doubles(2, g.OutputLength);
                Check(p => Draw.Dot(dy, ReferenceAdaptiveAveragePool2D.Forward(p, s)), x, ReferenceAdaptiveAveragePool2D.Backward(dy, s));
            },
            iter: 30,
            threads: 1);

    [Theory]
    [InlineData(16, 4, 1, 0.001 / 9, 0.75)]
    [InlineData(9, 2, 2, 0.5, 0.75)]
    [InlineData(3, 4, 1, 0.3, 0.6)]
    [InlineData(5, 0, 1, 0.3, 1)]
    public void Lrn_Input_AgreesWithDifferences(int channels, int radius, double bias, double alpha, double beta)
    {
        double[] x = Doubles(1, channels * 4), dy = Doubles(2, x.Length);
        Check(
            p => Draw.Dot(dy, ReferenceLocalResponseNormalization.Forward(p, channels, radius, bias, alpha, beta)), x,
            ReferenceLocalResponseNormalization.Backward(x, dy, channels, radius, bias, alpha, beta));
    }

    [Fact]
    public void Dropout_Input_AgreesWithDifferences()
    {
        double[] x = Doubles(1, 50), dy = Doubles(2, 50);
        bool[] mask = [.. x.Select(value => value > -0.5)];
        Check(p => Draw.Dot(dy, ReferenceDropout.Apply(p, mask, 0.8)), x, ReferenceDropout.Apply(dy, mask, 0.8));
    }

    [Fact]
    public void SoftmaxCrossEntropy_Logits_AgreesWithDifferences()
    {
        double[] logits = Doubles(1, 60);
        int[] labels = Draw.Labels(2, 6, 10);
        double[] gradient = ReferenceSoftmaxCrossEntropy.Gradient(ReferenceSoftmaxCrossEntropy.Forward(logits, labels, 10).Probabilities, labels, 10);
        Check(p => ReferenceSoftmaxCrossEntropy.Forward(p, labels, 10).Losses.Average(), logits, gradient);
    }

    [Fact]
    public void Check_AGradientThatIsWrong_IsFoundOut()
    {
        double[] x = Doubles(1, 5), wrong = Array.ConvertAll(x, value => 2.001 * value);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Check(p => Draw.Dot(p, p), x, wrong));
        Assert.Contains("central differences give", error.Message, StringComparison.Ordinal);
    }

    private static double[] Doubles(int seed, long length) => Draw.Uniform(seed, length).Widen();

    private static void Check(Func<double[], double> f, double[] x, double[] gradient)
    {
        // An all-zero gradient (a picture that no window reaches) has no largest element to be relative to.
        if (gradient.All(value => value == 0))
            Assert.All(FiniteDifference.Gradient(f, x, Tolerances.DifferenceStep), value => Assert.Equal(0, value));
        else
            FiniteDifference.Check(f, x, gradient, Tolerances.DifferenceStep, Tolerances.Difference);
    }
}
