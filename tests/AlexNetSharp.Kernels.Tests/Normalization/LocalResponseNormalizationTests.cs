using System.Runtime.Intrinsics;
using AlexNetSharp.Kernels.Normalization;
using AlexNetSharp.Kernels.Regularization;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Normalization;

public sealed class LocalResponseNormalizationTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private static readonly LrnGeometry Seed = new(64, 4, 1, 0.001f / 9, 0.75f);
    private static readonly DropoutMask Mask = new(0.8f, 0x1234_5678_9ABC_DEF0, 3, 77);

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
    [InlineData(16, 2, 255)]
    [InlineData(16, 2, 256)]
    [InlineData(16, 2, 257)]
    [InlineData(16, 4, 600)]
    [InlineData(9, 2, 455)]
    [InlineData(9, 2, 456)]
    [InlineData(9, 3, 1000)]
    [InlineData(64, 4, 63)]
    [InlineData(128, 4, 33)]
    [InlineData(256, 4, 17)]
    [InlineData(5000, 4, 3)]
    public void Both_PixelsAroundATask_AgreeWithTheTwin(int channels, int radius, int pixels) =>
        CheckAgainstTwin(new LrnGeometry(channels, radius, 1, 0.2f, 0.75f), pixels);

    [Theory]
    [InlineData(16, 4, 1e20f)]
    [InlineData(33, 2, 3e38f)]
    [InlineData(16, 3, 3e38f)]
    public void Backward_ScaleBeyondTheRangeOfFloat_IsNothing(int channels, int radius, float x)
    {
        LrnGeometry g = new(channels, radius, 1, 0.2f, 0.75f);
        float[] dx = Calls.LrnBackward(g, DropoutMask.None, [.. Enumerable.Repeat(x, 3 * channels)], Draw.Uniform(1, 3 * channels), _team);
        Assert.All(dx, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Backward_NoNumber_ReachesThoseWhoseWindowsHoldIt()
    {
        float[] x = Draw.Uniform(1, 32);
        x[20] = float.NaN;
        float[] dx = Calls.LrnBackward(new LrnGeometry(32, 2, 1, 0.2f, 0.75f), DropoutMask.None, x, Draw.Uniform(2, 32), _team);
        Assert.All(dx[16..25], value => Assert.True(float.IsNaN(value)));
        Assert.All(dx[..16], value => Assert.True(float.IsFinite(value)));
        Assert.All(dx[25..], value => Assert.True(float.IsFinite(value)));
    }

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
        float[] y = Calls.LrnForward(g, DropoutMask.None, x, _team);
        double largest = ReferenceLocalResponseNormalization.Scale(x.Widen(), g.Channels, g.Radius, bias, alpha).Max();
        // The constants are rounded to float32 as well: u each of bias and alpha in s, u·β·ln s of beta, and u in the gradient's factor.
        double constants = (2 + (2 * beta) + (2 * beta * Math.Log(Math.Max(largest, 1)))) * Tolerances.UnitRoundoff;
        Close.Within("LRN output, golden", golden.Array("output"), y, Tolerances.Lrn(g.Radius, beta, largest) + constants);
        Close.Within(
            "LRN dInput, golden", golden.Array("dInput"), Calls.LrnBackward(g, DropoutMask.None, x, dy, _team),
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
        float[] actual = Calls.LrnBackward(g, DropoutMask.None, x, dy, _team);
        double largest = ReferenceLocalResponseNormalization.Scale(x.Widen(), channels, radius, bias, alpha).Max();
        Close.WithinLargest("LRN dInput, differences", expected, actual, Tolerances.LrnGradient(radius, beta, largest) + Tolerances.Difference);
    }

    [Theory]
    [InlineData(16, 4, 0.75f)]
    [InlineData(19, 2, 0.75f)]
    [InlineData(11, 3, 0.6f)]
    public void Backward_WithMask_AgreesWithFiniteDifferencesOfTheTwins(int channels, int radius, float beta)
    {
        LrnGeometry g = new(channels, radius, 1.5f, 0.3f, beta);
        float[] x = Draw.Uniform(1, channels * 9, -2, 2), dy = Draw.Uniform(2, x.Length);
        bool[] survivors = [.. Enumerable.Range(0, x.Length).Select(i => Dropout.Survives(Mask, i))];
        double[] expected = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceDropout.Apply(ReferenceLocalResponseNormalization.Forward(p, channels, radius, 1.5f, 0.3f, beta), survivors, Mask.Keep)),
            x.Widen(), Tolerances.DifferenceStep);
        double largest = ReferenceLocalResponseNormalization.Scale(x.Widen(), channels, radius, 1.5f, 0.3f).Max();
        Close.WithinLargest(
            "LRN dInput with mask, differences", expected, Calls.LrnBackward(g, Mask, x, dy, _team),
            Tolerances.LrnGradient(radius, beta, largest) + Tolerances.Dropout + Tolerances.Difference);
    }

    [Theory]
    [InlineData(2, 0.75f)]
    [InlineData(4, 0.75f)]
    [InlineData(3, 0.75f)]
    [InlineData(4, 0.6f)]
    public void Both_WithMask_GiveTheBitsOfLrnAndDropoutOneAfterTheOther(int radius, float beta)
    {
        foreach ((int channels, int pixels) in Enumerable.Range(1, 70).Select(channels => (channels, 5)).Concat([(64, 200), (128, 100), (256, 50), (9, 1000), (4097, 3)]))
        {
            LrnGeometry g = new(channels, radius, 1, 0.3f, beta);
            DropoutMask mask = Mask with { Stream = (uint)channels };
            float[] x = Draw.Uniform(channels, channels * pixels, -3, 3), dy = Draw.Uniform(2, x.Length);
            float[] y = Calls.DropOut(mask, Calls.LrnForward(g, DropoutMask.None, x, _team), _team);
            Close.SameBits($"LRN with dropout, {channels} channels", y, Calls.LrnForward(g, mask, x, _team));
            float[] dx = Calls.LrnBackward(g, DropoutMask.None, x, Calls.DropOut(mask, dy, _team), _team);
            Close.SameBits($"LRN gradient with dropout, {channels} channels", dx, Calls.LrnBackward(g, mask, x, dy, _team));
        }
    }

    [Fact]
    public void Both_WithoutMask_AreThoseWithNone()
    {
        float[] x = Draw.Uniform(1, 640), dy = Draw.Uniform(2, x.Length), y = new float[x.Length], dx = new float[x.Length];
        LocalResponseNormalization.Forward(x, y, Seed, _team);
        LocalResponseNormalization.Backward(x, dy, dx, Seed, _team);
        Close.SameBits("LRN", Calls.LrnForward(Seed, DropoutMask.None, x, _team), y);
        Close.SameBits("LRN gradient", Calls.LrnBackward(Seed, DropoutMask.None, x, dy, _team), dx);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(0.8f)]
    public void Both_InPlace_GiveTheSameBits(float keep)
    {
        DropoutMask mask = Mask with { Keep = keep };
        foreach ((int channels, int radius) in Enumerable.Range(0, 21).Select(i => ((int[])[1, 5, 8, 9, 16, 31, 64])[i % 7]).Zip(Enumerable.Range(0, 21).Select(i => 2 + (i / 7))))
        {
            LrnGeometry g = Seed with { Channels = channels, Radius = radius };
            float[] x = Draw.Uniform(channels, channels * 300, -3, 3), dy = Draw.Uniform(2, x.Length);
            Guarded<float> forward = new(x), backward = new(dy);
            LocalResponseNormalization.Forward(forward.Span, forward.Span, g, mask, _team);
            LocalResponseNormalization.Backward(x, backward.Span, backward.Span, g, mask, _team);
            Close.SameBits("LRN in place", Calls.LrnForward(g, mask, x, _team), forward.Values());
            Close.SameBits("LRN gradient in place", Calls.LrnBackward(g, mask, x, dy, _team), backward.Values());
        }
    }

    [Fact]
    public void Both_AnyNumberOfThreads_GiveTheSameBits()
    {
        float[] x = Draw.Uniform(1, 64 * 700), dy = Draw.Uniform(2, x.Length);
        Teams.GiveTheSameBits("LRN", team => [.. Calls.LrnForward(Seed, Mask, x, team), .. Calls.LrnBackward(Seed, Mask, x, dy, team)]);
    }

    [Theory]
    [InlineData(64, 4)]
    [InlineData(37, 4)]
    [InlineData(37, 2)]
    [InlineData(37, 3)]
    public void BothPixels_EveryWidth_GiveTheSameBits(int channels, int radius)
    {
        LrnGeometry g = new(channels, radius, 1, 0.3f, 0.75f);
        float[] x = Draw.Uniform(1, channels * 11, -3, 3), dy = Draw.Uniform(2, x.Length);
        float[] expected = RunPixels<Simd128, Vector128<float>>(g, x, dy);
        Close.SameBits("LRN at 256 bits", expected, RunPixels<Simd256, Vector256<float>>(g, x, dy));
        Close.SameBits("LRN at 512 bits", expected, RunPixels<Simd512, Vector512<float>>(g, x, dy));
    }

    [Fact]
    public void Both_MostChannelsAndWidestWindow_FitTheStack()
    {
        LrnGeometry g = new(16384, 16384, 1, 1e-5f, 0.75f);
        float[] x = new float[16384], dy = new float[16384];
        Array.Fill(x, 1f);
        Array.Fill(dy, 1f);
        // Every window is the whole pixel: s = 1 + 16384e-5 everywhere.
        double s = 1 + (16384 * (double)1e-5f);
        Assert.All(Calls.LrnForward(g, DropoutMask.None, x, _team), value => Assert.Equal(Math.Pow(s, -0.75), value, 1e-6));
        double gradient = Math.Pow(s, -0.75) - (2 * (double)1e-5f * 0.75 * 16384 * Math.Pow(s, -1.75));
        Assert.All(Calls.LrnBackward(g, DropoutMask.None, x, dy, _team), value => Assert.Equal(gradient, value, 1e-4));
    }

    [Fact]
    public void Both_MostChannelsAndAWindowInRegisters_AgreeWithTheTwin() => CheckAgainstTwin(new LrnGeometry(16383, 4, 1, 0.2f, 0.75f), pixels: 2);

    [Theory]
    [InlineData(127, 128, "127 elements are no whole number of pixels of 64 channels")]
    [InlineData(128, 64, "'output' holds 64 elements; its geometry needs 128")]
    public void Forward_WrongLength_NamesIt(int input, int output, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => LocalResponseNormalization.Forward(new float[input], new float[output], Seed, Mask, _team));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(65, 128, 128, "65 elements are no whole number of pixels of 64 channels")]
    [InlineData(128, 64, 128, "'dOutput' holds 64 elements; its geometry needs 128")]
    [InlineData(128, 128, 129, "'dInput' holds 129 elements; its geometry needs 128")]
    public void Backward_WrongLength_NamesIt(int input, int dOutput, int dInput, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => LocalResponseNormalization.Backward(new float[input], new float[dOutput], new float[dInput], Seed, Mask, _team));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_ShiftedOverlap_NameTheOffset()
    {
        float[] memory = new float[129], apart = new float[128];
        ArgumentException forward = Assert.Throws<ArgumentException>(
            () => LocalResponseNormalization.Forward(memory.AsSpan(0, 128), memory.AsSpan(1, 128), Seed, _team));
        Assert.Contains("an offset of 1 elements", forward.Message, StringComparison.Ordinal);
        ArgumentException backward = Assert.Throws<ArgumentException>(
            () => LocalResponseNormalization.Backward(apart, memory.AsSpan(1, 128), memory.AsSpan(0, 128), Seed, _team));
        Assert.Contains("an offset of -1 elements", backward.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_IntoItsInput_SaysThatItIsStillNeeded()
    {
        float[] x = new float[128], dy = new float[128];
        ArgumentException error = Assert.Throws<ArgumentException>(() => LocalResponseNormalization.Backward(x, dy, x, Seed, _team));
        Assert.Contains("'dInput' overlaps the input, which is still needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_MaskThatIsNone_NameItsFault()
    {
        float[] x = new float[128], y = new float[128], z = new float[128];
        ArgumentException forward = Assert.Throws<ArgumentException>(() => LocalResponseNormalization.Forward(x, y, Seed, Mask with { Keep = 0 }, _team));
        Assert.Contains("keep probability 0", forward.Message, StringComparison.Ordinal);
        ArgumentException backward = Assert.Throws<ArgumentException>(() => LocalResponseNormalization.Backward(x, y, z, Seed, Mask with { Step = 1u << 31 }, _team));
        Assert.Contains("step 2147483648", backward.Message, StringComparison.Ordinal);
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

    private static unsafe float[] RunPixels<TSimd, TVec>(LrnGeometry g, float[] x, float[] dy)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        // Somewhere in the middle of a mask, as a task of its own would be.
        const int First = 1000;
        Guarded<float> y = new(x.Length), dx = new(x.Length);
        fixed (float* input = x, dOutput = dy, output = y.Span, dInput = dx.Span)
        {
            LocalResponseNormalization.ForwardPixels<TSimd, TVec>(g, Mask, input, output, First, x.Length / g.Channels);
            LocalResponseNormalization.BackwardPixels<TSimd, TVec>(g, Mask, input, dOutput, dInput, First, x.Length / g.Channels);
        }
        return [.. y.Values(), .. dx.Values()];
    }

    private void CheckAgainstTwin(in LrnGeometry g, int pixels)
    {
        float[] x = Draw.Uniform(g.Channels, g.Channels * pixels, -3, 3), dy = Draw.Uniform(g.Channels + 1, x.Length);
        double[] scale = ReferenceLocalResponseNormalization.Scale(x.Widen(), g.Channels, g.Radius, g.Bias, g.Alpha);
        double[] output = ReferenceLocalResponseNormalization.Forward(x.Widen(), g.Channels, g.Radius, g.Bias, g.Alpha, g.Beta);
        double[] dInput = ReferenceLocalResponseNormalization.Backward(x.Widen(), dy.Widen(), g.Channels, g.Radius, g.Bias, g.Alpha, g.Beta);
        // |ln s| is largest at one of the ends.
        double extreme = Math.Abs(Math.Log(scale.Max())) > Math.Abs(Math.Log(scale.Min())) ? scale.Max() : scale.Min();
        Close.Within("LRN output", output, Calls.LrnForward(g, DropoutMask.None, x, _team), Tolerances.Lrn(g.Radius, g.Beta, extreme));
        Close.Within(
            "LRN dInput", dInput, Calls.LrnBackward(g, DropoutMask.None, x, dy, _team), Tolerances.LrnGradient(g.Radius, g.Beta, extreme), GradientMagnitudes(g, x, dy));
    }
}
