using AlexNetSharp.Kernels.Normalization;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Normalization;

public sealed class LocalResponseNormalizationTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private static readonly LrnGeometry Seed = new(64, 4, 1, 0.001f / 9, 0.75f);

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> GoldenCases => Golden.Names("lrn");

    [Theory]
    [InlineData(0, 0.75f)]
    [InlineData(1, 0.75f)]
    [InlineData(2, 0.75f)]
    [InlineData(4, 0.75f)]
    [InlineData(9, 0.75f)]
    [InlineData(40, 0.75f)]
    [InlineData(2, 0.5f)]
    [InlineData(2, 1f)]
    [InlineData(2, 0.6f)]
    [InlineData(2, 0f)]
    public void Both_EveryNumberOfChannels_AgreeWithTheTwin(int radius, float beta)
    {
        for (int channels = 1; channels <= 70; channels++)
            CheckAgainstTwin(new LrnGeometry(channels, radius, 1.5f, 0.3f, beta), pixels: 3);
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(1000)]
    public void Both_PixelsAroundATask_AgreeWithTheTwin(int pixels) => CheckAgainstTwin(new LrnGeometry(9, 2, 1, 0.2f, 0.75f), pixels);

    [Fact]
    public void Both_RandomConstants_AgreeWithTheTwin() =>
        Gen.Select(Gen.Int[1, 100], Gen.Int[0, 12], Gen.Float[0.1f, 4f], Gen.Float[0f, 2f], Gen.Float[0.1f, 1.5f])
            .Sample((channels, radius, bias, alpha, beta) => CheckAgainstTwin(new LrnGeometry(channels, radius, bias, alpha, beta), pixels: 2), iter: 100, threads: 1);

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Both_GoldenCase_AgreeWithPyTorch(string name)
    {
        GoldenCase golden = Golden.Case("lrn", name);
        (double bias, double alpha, double beta) = (golden.Get<double>("bias"), golden.Get<double>("alpha"), golden.Get<double>("beta"));
        LrnGeometry g = new(golden.Get<int>("channels"), golden.Get<int>("radius"), (float)bias, (float)alpha, (float)beta);
        float[] x = golden.Floats("input"), dy = golden.Floats("dOutput");
        (float[] y, float[] scale) = Calls.LrnForward(g, x, _team);
        double largest = ReferenceLocalResponseNormalization.Scale(x.Widen(), g.Channels, g.Radius, bias, alpha).Max();
        // The constants are rounded to float32 as well: u each of bias and alpha in s, u·β·ln s of beta, and u in the gradient's factor.
        double constants = (2 + (2 * beta) + (2 * beta * Math.Log(Math.Max(largest, 1)))) * Tolerances.UnitRoundoff;
        Close.Within("LRN output, golden", golden.Array("output"), y, Tolerances.Lrn(g.Radius, beta, largest) + constants);
        Close.Within(
            "LRN dInput, golden", golden.Array("dInput"), Calls.LrnBackward(g, x, scale, dy, _team),
            Tolerances.LrnGradient(g.Radius, beta, largest) + (2 * constants), GradientMagnitudes(g, x, dy));
    }

    [Theory]
    [InlineData(16, 4, 1f, 0.001f / 9, 0.75f)]
    [InlineData(17, 2, 2f, 0.5f, 0.75f)]
    [InlineData(11, 3, 1f, 0.3f, 0.6f)]
    public void Backward_ItsOwnForward_AgreesWithFiniteDifferencesOfTheTwin(int channels, int radius, float bias, float alpha, float beta)
    {
        LrnGeometry g = new(channels, radius, bias, alpha, beta);
        float[] x = Draw.Uniform(1, channels * 3, -2, 2), dy = Draw.Uniform(2, x.Length);
        double[] expected = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceLocalResponseNormalization.Forward(p, channels, radius, bias, alpha, beta)), x.Widen(), Tolerances.DifferenceStep);
        float[] actual = Calls.LrnBackward(g, x, Calls.LrnForward(g, x, _team).Scale, dy, _team);
        double largest = ReferenceLocalResponseNormalization.Scale(x.Widen(), channels, radius, bias, alpha).Max();
        Close.WithinLargest("LRN dInput, differences", expected, actual, Tolerances.LrnGradient(radius, beta, largest) + Tolerances.Difference);
    }

    [Fact]
    public void Both_InPlace_GiveTheSameBits()
    {
        foreach (int channels in (ReadOnlySpan<int>)[1, 5, 8, 9, 16, 31, 64])
        {
            LrnGeometry g = Seed with { Channels = channels };
            float[] x = Draw.Uniform(channels, channels * 300, -3, 3), dy = Draw.Uniform(2, x.Length);
            (float[] y, float[] scale) = Calls.LrnForward(g, x, _team);
            Guarded<float> forward = new(x), backward = new(dy);
            LocalResponseNormalization.Forward(forward.Span, forward.Span, [], g, _team);
            LocalResponseNormalization.Backward(x, scale, backward.Span, backward.Span, g, _team);
            Close.SameBits("LRN in place, without scale", y, forward.Values());
            Close.SameBits("LRN gradient in place", Calls.LrnBackward(g, x, scale, dy, _team), backward.Values());
        }
    }

    [Fact]
    public void Both_AnyNumberOfThreads_GiveTheSameBits()
    {
        float[] x = Draw.Uniform(1, 64 * 700), dy = Draw.Uniform(2, x.Length);
        Teams.GiveTheSameBits("LRN", team =>
        {
            (float[] y, float[] scale) = Calls.LrnForward(Seed, x, team);
            return [.. y, .. scale, .. Calls.LrnBackward(Seed, x, scale, dy, team)];
        });
    }

    [Fact]
    public void Both_MostChannelsAndWidestWindow_FitTheStack()
    {
        LrnGeometry g = new(16384, 16384, 1, 1e-5f, 0.75f);
        float[] x = new float[16384], dy = new float[16384];
        Array.Fill(x, 1f);
        Array.Fill(dy, 1f);
        // Every window is the whole pixel: s = 1 + 16384e-5 everywhere.
        (float[] y, float[] scale) = Calls.LrnForward(g, x, _team);
        double s = 1 + (16384 * (double)1e-5f);
        Assert.All(scale, value => Assert.Equal(s, value, 1e-6));
        Assert.All(y, value => Assert.Equal(Math.Pow(s, -0.75), value, 1e-6));
        double gradient = Math.Pow(s, -0.75) - (2 * (double)1e-5f * 0.75 * 16384 * Math.Pow(s, -1.75));
        Assert.All(Calls.LrnBackward(g, x, scale, dy, _team), value => Assert.Equal(gradient, value, 1e-4));
    }

    [Theory]
    [InlineData(127, 128, 128, "127 elements are no whole number of pixels of 64 channels")]
    [InlineData(128, 64, 128, "'output' holds 64 elements; its geometry needs 128")]
    [InlineData(128, 128, 127, "'scale' holds 127 elements; its geometry needs 128")]
    public void Forward_WrongLength_NamesIt(int input, int output, int scale, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => LocalResponseNormalization.Forward(new float[input], new float[output], new float[scale], Seed, _team));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65, 128, 128, 128, "65 elements are no whole number of pixels of 64 channels")]
    [InlineData(128, 0, 128, 128, "'scale' holds 0 elements; its geometry needs 128")]
    [InlineData(128, 128, 64, 128, "'dOutput' holds 64 elements; its geometry needs 128")]
    [InlineData(128, 128, 128, 129, "'dInput' holds 129 elements; its geometry needs 128")]
    public void Backward_WrongLength_NamesIt(int input, int scale, int dOutput, int dInput, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => LocalResponseNormalization.Backward(new float[input], new float[scale], new float[dOutput], new float[dInput], Seed, _team));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_ShiftedOverlap_NameTheOffset()
    {
        float[] memory = new float[129], apart = new float[128];
        ArgumentException forward = Assert.Throws<ArgumentException>(
            () => LocalResponseNormalization.Forward(memory.AsSpan(0, 128), memory.AsSpan(1, 128), apart, Seed, _team));
        Assert.Contains("an offset of 1 elements", forward.Message, StringComparison.Ordinal);
        ArgumentException backward = Assert.Throws<ArgumentException>(
            () => LocalResponseNormalization.Backward(apart, apart, memory.AsSpan(1, 128), memory.AsSpan(0, 128), Seed, _team));
        Assert.Contains("an offset of -1 elements", backward.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_ConstantOutOfItsRange_NamesIt()
    {
        Rejects(Seed with { Channels = 0 }, "0 channels");
        Rejects(Seed with { Channels = 16385 }, "16385 channels");
        Rejects(Seed with { Radius = -1 }, "radius -1");
        Rejects(Seed with { Radius = 16385 }, "radius 16385");
        Rejects(Seed with { Bias = 0 }, "bias 0");
        Rejects(Seed with { Bias = float.NaN }, "bias NaN");
        Rejects(Seed with { Alpha = -0.5f }, "alpha -0.5");
        Rejects(Seed with { Alpha = float.PositiveInfinity }, "alpha Infinity");
        Rejects(Seed with { Beta = float.NaN }, "beta NaN");

        static void Rejects(LrnGeometry geometry, string named)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => geometry.Validate());
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FromAveragedAlpha_Window_DividesAlphaByIt()
    {
        Assert.Equal(new LrnGeometry(96, 2, 2, 1e-4f / 5, 0.75f), LrnGeometry.FromAveragedAlpha(96, 5, 2, 1e-4f, 0.75f));
        ArgumentException even = Assert.Throws<ArgumentException>(() => LrnGeometry.FromAveragedAlpha(96, 4, 2, 1e-4f, 0.75f));
        Assert.Contains("size is 4", even.Message, StringComparison.Ordinal);
        ArgumentException below = Assert.Throws<ArgumentException>(() => LrnGeometry.FromAveragedAlpha(96, -1, 2, 1e-4f, 0.75f));
        Assert.Contains("size is -1", below.Message, StringComparison.Ordinal);
    }

    // dy·s^−β, taken from the same twin with all signs positive, and twice it makes up for the minus between the two parts.
    private static double[] GradientMagnitudes(in LrnGeometry g, float[] x, float[] dy)
    {
        (double[] ax, double[] ady) = (x.Widen().Magnitudes(), dy.Widen().Magnitudes());
        double[] scale = ReferenceLocalResponseNormalization.Scale(ax, g.Channels, g.Radius, g.Bias, g.Alpha);
        double[] difference = ReferenceLocalResponseNormalization.Backward(ax, ady, g.Channels, g.Radius, g.Bias, g.Alpha, g.Beta);
        for (int i = 0; i < difference.Length; i++)
            difference[i] = (2 * ady[i] * Math.Pow(scale[i], -g.Beta)) - difference[i];
        return difference;
    }

    private void CheckAgainstTwin(in LrnGeometry g, int pixels)
    {
        float[] x = Draw.Uniform(g.Channels, g.Channels * pixels, -3, 3), dy = Draw.Uniform(g.Channels + 1, x.Length);
        (float[] y, float[] scale) = Calls.LrnForward(g, x, _team);
        double[] expectedScale = ReferenceLocalResponseNormalization.Scale(x.Widen(), g.Channels, g.Radius, g.Bias, g.Alpha);
        double[] output = ReferenceLocalResponseNormalization.Forward(x.Widen(), g.Channels, g.Radius, g.Bias, g.Alpha, g.Beta);
        double[] dInput = ReferenceLocalResponseNormalization.Backward(x.Widen(), dy.Widen(), g.Channels, g.Radius, g.Bias, g.Alpha, g.Beta);
        // |ln s| is largest at one of the ends.
        double extreme = Math.Abs(Math.Log(expectedScale.Max())) > Math.Abs(Math.Log(expectedScale.Min())) ? expectedScale.Max() : expectedScale.Min();
        Close.Within("LRN scale", expectedScale, scale, Tolerances.LrnScale(g.Radius));
        Close.Within("LRN output", output, y, Tolerances.Lrn(g.Radius, g.Beta, extreme));
        Close.Within("LRN dInput", dInput, Calls.LrnBackward(g, x, scale, dy, _team), Tolerances.LrnGradient(g.Radius, g.Beta, extreme), GradientMagnitudes(g, x, dy));
    }
}
