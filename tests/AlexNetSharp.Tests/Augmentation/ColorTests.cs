using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Augmentation;

public sealed class ColorTests
{
    private const int Count = 1000;

    private static readonly FeatureShape Input = new(4, 5, 3);

    [Fact]
    public void Brightness_ManyPictures_MultipliesEachByOneFactor()
    {
        StoredImage image = Pictures.Noise(1, 4, 5, 3, low: 20, high: 150);
        float[] batch = Pictures.Train(new() { Brightness = new(0.6f, 1.4f, 0.8f) }, Input, Pictures.Repeat(image, Count)), plain = Pictures.View(Input, image);
        double[] factors = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            float[] picture = batch.Picture(i, Input);
            factors[i] = picture[0] / plain[0];
            Pictures.AssertClose([.. plain.Select(value => (float)(value * factors[i]))], picture, 1e-5);
        }

        AssertEvenlyWithin(factors, 0.6, 1.4, 0.8);
    }

    [Fact]
    public void Brightness_OfABrightPicture_IsCutOffAtWhite() =>
        Assert.All(Pictures.Train(new() { Brightness = new(2, 2) }, Input, [Pictures.Noise(2, 4, 5, 3, low: 130)]), value => Assert.Equal(1, value));

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Contrast_ManyPictures_MultipliesDistancesFromTheMeanGrey(int channels)
    {
        FeatureShape input = new(4, 5, channels);
        StoredImage image = Pictures.Noise(3, 4, 5, channels, low: 100, high: 150);
        float[] batch = Pictures.Train(new() { Contrast = new(0.6f, 1.4f, 0.8f) }, input, Pictures.Repeat(image, Count)), plain = Pictures.View(input, image);
        double mean = Enumerable.Range(0, 20).Average(i => channels == 1 ? plain[i] : (0.299 * plain[3 * i]) + (0.587 * plain[(3 * i) + 1]) + (0.114 * plain[(3 * i) + 2]));
        int farthest = Array.IndexOf(plain, plain.Max());
        double[] factors = new double[Count];
        for (int i = 0; i < Count; i++)
        {
            float[] picture = batch.Picture(i, input);
            factors[i] = (picture[farthest] - mean) / (plain[farthest] - mean);
            Pictures.AssertClose([.. plain.Select(value => (float)(mean + (factors[i] * (value - mean))))], picture, 1e-5);
        }

        AssertEvenlyWithin(factors, 0.6, 1.4, 0.8);
    }

    [Fact]
    public void Contrast_TenTimes_IsCutOffAtBlackAndWhite()
    {
        float[] values = Pictures.Train(new() { Contrast = new(10, 10) }, Input, [Pictures.Noise(4, 4, 5, 3)]);

        Assert.All(values, value => Assert.InRange(value, 0, 1));
        Assert.Contains(0, values);
        Assert.Contains(1, values);
    }

    [Fact]
    public void ColorNoise_ManyPictures_HasTheCovarianceOfThePaper()
    {
        const int Draws = 20_000;
        FeatureShape pixel = new(1, 2, 3);
        ColorNoise noise = new(Deviation: 0.2f);

        float[] batch = Pictures.Train(new() { ColorNoise = noise }, pixel, Pictures.Repeat(Pictures.Constant(1, 2, 3, 128), Draws));

        float[][] shifts = [.. Enumerable.Range(0, Draws).Select(i => batch.Picture(i, pixel)).Select(picture => picture[..3].Select(value => value - (128 / 255f)).ToArray())];
        Assert.All(Enumerable.Range(0, Draws), i => Assert.Equal(batch[(i * 6)..((i * 6) + 3)], batch[((i * 6) + 3)..((i * 6) + 6)]));
        PrincipalColors colors = PrincipalColors.ImageNet;
        for (int a = 0; a < 3; a++)
        {
            for (int b = 0; b < 3; b++)
            {
                // deviation² · Σ λ² p pᵀ.
                double expected = Enumerable.Range(0, 3).Sum(k => 0.04 * colors.Eigenvalues[k] * colors.Eigenvalues[k] * colors.Eigenvectors[(a * 3) + k] * colors.Eigenvectors[(b * 3) + k]);
                Assert.Equal(expected, shifts.Average(shift => (double)shift[a] * shift[b]), 5 * Math.Sqrt(2.0 / Draws) * 0.04 * 0.0474 * 0.35);
            }
        }
        Assert.All(Enumerable.Range(0, 3), channel => Assert.Equal(0, shifts.Average(shift => shift[channel]), 5 * 0.2 * 0.22 * 0.6 / Math.Sqrt(Draws)));
    }

    [Fact]
    public void PrincipalColors_OfAKnownCovariance_AreItsEigenvectors()
    {
        // Q · diag(4, 1, ¼) · Qᵀ with the orthogonal Q of thirds.
        double[] q = [2 / 3.0, -1 / 3.0, 2 / 3.0, 2 / 3.0, 2 / 3.0, -1 / 3.0, -1 / 3.0, 2 / 3.0, 2 / 3.0], values = [1, 0.25, 4];
        double[] covariance = [.. from a in Enumerable.Range(0, 3) from b in Enumerable.Range(0, 3) select Enumerable.Range(0, 3).Sum(k => q[(a * 3) + k] * values[k] * q[(b * 3) + k])];

        PrincipalColors colors = PrincipalColors.Of(new ImageStatistics(1, [0, 0, 0], [1, 1, 1], [.. covariance]));

        Assert.Equal([4, 1, 0.25f], colors.Eigenvalues, (x, y) => Math.Abs(x - y) < 1e-6);
        int[] order = [2, 0, 1];
        for (int k = 0; k < 3; k++)
            Assert.Equal(1, Math.Abs(Enumerable.Range(0, 3).Sum(c => q[(c * 3) + order[k]] * colors.Eigenvectors[(c * 3) + k])), 1e-6);
    }

    [Fact]
    public void PrincipalColors_OfIndependentChannels_AreTheChannelsByVariance()
    {
        PrincipalColors colors = PrincipalColors.Of(new ImageStatistics(1, [0, 0, 0], [1, 1, 1], [1, 0, 0, 0, 3, 0, 0, 0, 2]));

        Assert.Equal(new PrincipalColors([3, 2, 1], [0, 0, 1, 1, 0, 0, 0, 1, 0]), colors);
        Assert.NotEqual(PrincipalColors.ImageNet, colors);
    }

    [Fact]
    public void PrincipalColors_OfGreyPictures_SaysWhatIsNeeded() =>
        Assert.Equal(
            "Principal colours: the pictures have 1 channels; they need 3. Leave colour noise out for grey pictures.",
            Assert.Throws<ArgumentException>(() => PrincipalColors.Of(new ImageStatistics(1, [0], [1], [1]))).Message);

    // A share of them even between the bounds, the rest 1.
    private static void AssertEvenlyWithin(double[] factors, double least, double most, double share)
    {
        double[] drawn = [.. factors.Where(factor => Math.Abs(factor - 1) > 1e-5)];
        Assert.Equal(share, drawn.Length / (double)factors.Length, 5 * Math.Sqrt(share * (1 - share) / factors.Length));
        Assert.All(drawn, factor => Assert.InRange(factor, least - 1e-4, most + 1e-4));
        Assert.Equal((least + most) / 2, drawn.Average(), 5 * (most - least) / Math.Sqrt(12 * drawn.Length));
        Assert.InRange(drawn.Max() - drawn.Min(), 0.95 * (most - least), (most - least) + 1e-3);
    }
}
