using AlexNetSharp.Augmentation;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Randomness;
using AlexNetSharp.Models;

namespace AlexNetSharp.Tests.Augmentation;

/// <summary>Flip, affine and elastic.</summary>
public sealed class GeometryTests
{
    private const double Rounding = 1e-5;

    private static readonly FeatureShape Square = new(7, 7, 1);
    private static readonly StoredImage Seven = Pictures.Noise(1, 7, 7, 1, low: 1);

    public static TheoryData<string, double, double, double, double, double> Exact => new()
    {
        { "as it is", 0, 0, 1, 0, 0 },
        { "a quarter to the right", Math.PI / 2, 0, 1, 0, 0 },
        { "a quarter to the left", -Math.PI / 2, 0, 1, 0, 0 },
        { "upside down", Math.PI, 0, 1, 0, 0 },
        { "moved", 0, 0, 1, 2, -1 },
        { "slanted", 0, 1, 1, 0, 0 },
        { "slanted, turned, moved", Math.PI / 2, -1, 1, 1, 3 },
    };

    [Theory]
    [MemberData(nameof(Exact))]
    public void Affine_WholePixels_MovesThemExactly(string what, double radians, double slant, double scale, double right, double down)
    {
        Assert.NotEmpty(what);
        float[] expected = new float[Square.Length];
        // Forwards, from the centre: x − slant · y, then turned, then moved; y points down.
        for (int i = 0; i < expected.Length; i++)
        {
            double x = (i % 7) - 3, y = (i / 7) - 3;
            x -= slant * y;
            (x, y) = ((Math.Cos(radians) * x) - (Math.Sin(radians) * y) + right, (Math.Sin(radians) * x) + (Math.Cos(radians) * y) + down);
            int column = (int)Math.Round(x) + 3, row = (int)Math.Round(y) + 3;
            if (column is >= 0 and < 7 && row is >= 0 and < 7)
                expected[(row * 7) + column] = Seven.Pixels.Span[i];
        }

        Pictures.AssertClose(expected, Sampled(PictureMapping.OfAffine(radians, slant, scale, right, down, Square)), 255 * Rounding);
    }

    [Fact]
    public void Affine_TwiceAsLarge_DoublesDistancesFromTheCentre()
    {
        float[] enlarged = Sampled(PictureMapping.OfAffine(0, 0, 2, 0, 0, Square));

        ReadOnlySpan<byte> pixels = Seven.Pixels.Span;
        for (int row = -1; row <= 1; row++)
        {
            for (int column = -1; column <= 1; column++)
                Assert.Equal(pixels[((3 + row) * 7) + 3 + column], enlarged[((3 + (2 * row)) * 7) + 3 + (2 * column)]);
        }
        // Between two pixels, halfway.
        Assert.Equal((pixels[24] + pixels[25]) / 2f, enlarged[25]);
    }

    [Fact]
    public void Affine_ManyDraws_KeepWithinTheirBoundsAndFillThem()
    {
        AugmentationOptions options = new() { Affine = new(RotationDegrees: 30, Shift: 0.2f, MinimalScale: 0.5f, MaximalScale: 2) };
        double[] angles = new double[2000], scales = new double[2000], shifts = new double[2000];
        for (int i = 0; i < angles.Length; i++)
        {
            PictureMapping m = MappingDraw.Draw(options, Seven, Square, Preprocessing.None, 3, StreamNumber.OfAugmentation(0, i));
            angles[i] = Math.Atan2(-m.YX, m.YY) * 180 / Math.PI;
            scales[i] = -0.5 * Math.Log((m.XX * m.YY) - (m.XY * m.YX));
            // Where the input's place lies whose source is the picture's centre.
            double determinant = (m.XX * m.YY) - (m.XY * m.YX);
            shifts[i] = ((((3.5 - m.X) * m.YY) - ((3.5 - m.Y) * m.XY)) / determinant) - 3.5;
        }

        AssertEven(angles, 30);
        AssertEven(scales, Math.Log(2));
        AssertEven(shifts, 0.2 * 7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3f)]
    [InlineData(1)]
    public void AffineAndElastic_WithAProbability_LeaveTheOthersAsTheyAre(float probability)
    {
        const int Count = 600;
        AugmentationOptions[] kinds = [new() { Affine = new(RotationDegrees: 20, Probability: probability) }, new() { Elastic = new(2, 1, probability) }];
        foreach (AugmentationOptions options in kinds)
        {
            float[] batch = Pictures.Train(options, Square, Pictures.Repeat(Seven, Count)), plain = Pictures.View(Square, Seven);

            double changed = Enumerable.Range(0, Count).Count(i => !batch.Picture(i, Square).SequenceEqual(plain)) / (double)Count;

            // Five deviations of a share of 600 draws.
            Assert.Equal(probability, changed, 5 * Math.Sqrt(probability * (1 - probability) / Count));
        }
    }

    [Theory]
    [InlineData(0.5f, 0)]
    [InlineData(0, 0.25f)]
    [InlineData(1, 1)]
    public void Flip_ManyPictures_MirrorsSoManyOfThemExactly(float probability, float vertical)
    {
        const int Count = 600;
        float[] batch = Pictures.Train(new() { Flip = new(probability, vertical) }, Square, Pictures.Repeat(Seven, Count));
        float[][] ways = [.. from down in new[] { false, true } from across in new[] { false, true }
                             select Pictures.Moved(Seven, Square, (row, column) => (down ? 6 - row : row, across ? 6 - column : column))];

        int[] found = [.. Enumerable.Range(0, Count).Select(i => Array.FindIndex(ways, way => way.SequenceEqual(batch.Picture(i, Square))))];

        Assert.DoesNotContain(-1, found);
        Assert.Equal(probability, found.Count(way => way is 1 or 3) / (double)Count, 5 * Math.Sqrt(probability * (1 - probability) / Count));
        Assert.Equal(vertical, found.Count(way => way is 2 or 3) / (double)Count, 5 * Math.Sqrt(vertical * (1 - vertical) / Count));
    }

    [Theory]
    [InlineData(3f, 0.5f)]
    [InlineData(4f, 1f)]
    [InlineData(6f, 2f)]
    public void Elastic_OnRamps_DisplacesByItsAmplitudeAndSmoothly(float sigma, float amplitude)
    {
        const int Side = 40, Margin = 10, Count = 200, Slope = 6;
        FeatureShape input = new(Side, Side, 1);
        AugmentationOptions options = new() { Elastic = new(sigma, amplitude) };
        foreach (bool across in new[] { true, false })
        {
            StoredImage ramp = Pictures.Of(Side, Side, 1, (row, column, _) => Slope * (across ? column : row));
            float[] batch = Pictures.Train(options, input, Pictures.Repeat(ramp, Count)), plain = Pictures.View(input, ramp);
            double squares = 0, steps = 0;
            int places = 0;
            for (int i = 0; i < Count; i++)
            {
                for (int row = Margin; row < Side - Margin; row++)
                {
                    for (int column = Margin; column < Side - Margin; column++, places++)
                    {
                        int at = (row * Side) + column, from = i * input.Length;
                        double here = (batch[from + at] - plain[at]) * 255 / Slope, next = (batch[from + at + 1] - plain[at + 1]) * 255 / Slope;
                        squares += here * here;
                        steps += (next - here) * (next - here);
                    }
                }
            }

            double root = Math.Sqrt(squares / places);
            // The gain is an average over all places within a cell; some of 10 independent numbers a picture.
            Assert.Equal(amplitude, root, 0.06 * amplitude);
            // A Gaussian field of correlation exp(−d²/4σ²) moves by its deviation · √(1/2)/σ a pixel; the spline's is a little rougher.
            Assert.InRange(Math.Sqrt(steps / places) / root, 0.4 / sigma, 1.1 / sigma);
        }
    }

    private static float[] Sampled(PictureMapping mapping)
    {
        PictureSampler sampler = new(Square, 1, PictureFill.Black, null);
        PictureWorkspace workspace = sampler.CreateWorkspace();
        sampler.Sample(Seven, mapping, false, workspace);
        return workspace.Picture;
    }

    // Evenly between −bound and bound: mean 0 and variance bound²/3, within five deviations.
    private static void AssertEven(double[] values, double bound)
    {
        Assert.All(values, value => Assert.InRange(value, -bound - 1e-6, bound + 1e-6));
        Assert.Equal(0, values.Average(), 5 * bound / Math.Sqrt(3 * values.Length));
        Assert.Equal(1.0 / 3, values.Average(value => value * value) / (bound * bound), 5 * 0.3 / Math.Sqrt(values.Length));
    }
}
