using AlexNetSharp.Kernels.Regularization;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Regularization;

public sealed class DropoutTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private static readonly DropoutMask Mask = new(0.8f, 0x1234_5678_9ABC_DEF0, 3, 77);

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> GoldenCases => Golden.Names("dropout");

    // Every length to past two groups of 128, and around a task's 16,384 elements.
    private static IEnumerable<int> Lengths => Enumerable.Range(0, 270).Concat([16383, 16384, 16385, 16447, 40001]);

    [Theory]
    [InlineData(0.8f)]
    [InlineData(0.5f)]
    [InlineData(0.003f)]
    [InlineData(0.99999f)]
    public void Apply_EveryLength_AgreesWithTheTwinUnderSurvives(float keep)
    {
        foreach (int length in Lengths)
        {
            DropoutMask mask = Mask with { Keep = keep, Step = (uint)length };
            float[] x = Draw.Uniform(length, length);
            Close.Within("dropout", ReferenceDropout.Apply(x.Widen(), Survivors(mask, length), keep), Calls.DropOut(mask, x, _team), Tolerances.Dropout);
        }
    }

    [Fact]
    public void Apply_KeepOne_CopiesTheBits()
    {
        foreach (int length in Lengths)
        {
            float[] x = Draw.Uniform(length, length);
            Close.SameBits("keep 1", x, Calls.DropOut(Mask with { Keep = 1 }, x, _team));
            Assert.All(Survivors(Mask with { Keep = 1 }, Math.Min(length, 200)), Assert.True);
        }
    }

    [Fact]
    public void Apply_DroppedNaN_IsZero()
    {
        float[] x = new float[200];
        Array.Fill(x, float.NaN);
        float[] y = Calls.DropOut(Mask, x, _team);
        bool[] survivors = Survivors(Mask, x.Length);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(survivors[i] ? float.NaN : 0f, y[i]);
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Apply_GoldenCase_ScalesAsPyTorchDoes(string name)
    {
        // PyTorch draws another mask; what it does to survivors must be what ours get.
        GoldenCase golden = Golden.Case("dropout", name);
        double keep = golden.Get<double>("keep");
        DropoutMask mask = Mask with { Keep = (float)keep };
        bool[] theirs = golden.Mask("mask"), ours = Survivors(mask, golden.Get<int>("length"));
        foreach ((string input, string output) in (ReadOnlySpan<(string, string)>)[("input", "output"), ("dOutput", "dInput")])
        {
            double[] expected = golden.Array(output);
            float[] actual = Calls.DropOut(mask, golden.Floats(input), _team);
            for (int i = 0; i < ours.Length; i++)
            {
                Assert.True(ours[i] || actual[i] == 0);
                expected[i] = ours[i] && theirs[i] ? expected[i] : actual[i];
            }
            // keep itself is rounded to float32: one u more.
            Close.Within("dropout, golden", expected, actual, Tolerances.Dropout + Tolerances.UnitRoundoff);
        }
    }

    [Fact]
    public void Apply_AsItsOwnGradient_AgreesWithFiniteDifferencesOfTheTwin()
    {
        float[] x = Draw.Uniform(1, 150), dy = Draw.Uniform(2, 150);
        bool[] survivors = Survivors(Mask, 150);
        double[] expected = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceDropout.Apply(p, survivors, Mask.Keep)), x.Widen(), Tolerances.DifferenceStep);
        Close.WithinLargest("dropout gradient, differences", expected, Calls.DropOut(Mask, dy, _team), Tolerances.Dropout + Tolerances.Difference);
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.8f)]
    public void Apply_ManyElements_KeepsTheExpectedPart(float keep)
    {
        const int Length = 1_000_000;
        float[] x = new float[Length];
        Array.Fill(x, 1f);
        int kept = Calls.DropOut(Mask with { Keep = keep }, x, _team).Count(value => value != 0);
        Assert.InRange(kept, Length * keep - FiveSigma(Length, keep), Length * keep + FiveSigma(Length, keep));
    }

    [Fact]
    public void Survives_OtherSeedStreamOrStep_IsAnIndependentMask()
    {
        const int Length = 100_000;
        bool[] mask = Survivors(Mask, Length);
        // Two independent masks differ where one keeps and the other drops.
        double differing = 2 * 0.8 * 0.2;
        foreach (DropoutMask other in (ReadOnlySpan<DropoutMask>)
            [Mask with { Seed = Mask.Seed + 1 }, Mask with { Seed = Mask.Seed ^ (1UL << 63) }, Mask with { Stream = 4 }, Mask with { Step = 78 }, Mask with { Step = 3, Stream = 77 }])
        {
            bool[] survivors = Survivors(other, Length);
            int different = Enumerable.Range(0, Length).Count(i => mask[i] != survivors[i]);
            Assert.InRange(different, (Length * differing) - FiveSigma(Length, differing), (Length * differing) + FiveSigma(Length, differing));
        }
    }

    [Fact]
    public void Apply_InPlace_GivesTheSameBits()
    {
        foreach (int length in (ReadOnlySpan<int>)[1, 127, 128, 129, 257, 16385])
        {
            float[] x = Draw.Uniform(length, length);
            Guarded<float> inPlace = new(x), copied = new(x);
            Dropout.Apply(inPlace.Span, inPlace.Span, Mask, _team);
            Dropout.Apply(copied.Span, copied.Span, Mask with { Keep = 1 }, _team);
            Close.SameBits("dropout in place", Calls.DropOut(Mask, x, _team), inPlace.Values());
            Close.SameBits("dropout in place, keep 1", x, copied.Values());
        }
    }

    [Fact]
    public void Apply_AnyNumberOfThreads_GivesTheSameBits()
    {
        float[] x = Draw.Uniform(1, 100_003);
        Teams.GiveTheSameBits("dropout", team => Calls.DropOut(Mask, x, team));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-0.5f)]
    [InlineData(1.0001f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Apply_KeepOutOfRange_NamesIt(float keep)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Dropout.Apply(new float[4], new float[4], Mask with { Keep = keep }, _team));
        Assert.Contains($"keep probability {keep}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_StepThatHasNoStream_NamesIt()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Dropout.Apply(new float[4], new float[4], Mask with { Step = 1u << 31 }, _team));
        Assert.Contains("step 2147483648", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_WrongLengthOrShiftedOverlap_NamesIt()
    {
        ArgumentException length = Assert.Throws<ArgumentException>(() => Dropout.Apply(new float[4], new float[5], Mask, _team));
        Assert.Contains("'output' holds 5 elements; its geometry needs 4", length.Message, StringComparison.Ordinal);
        float[] memory = new float[9];
        ArgumentException overlap = Assert.Throws<ArgumentException>(() => Dropout.Apply(memory.AsSpan(0, 8), memory.AsSpan(1, 8), Mask, _team));
        Assert.Contains("an offset of 1 elements", overlap.Message, StringComparison.Ordinal);
    }

    private static bool[] Survivors(DropoutMask mask, int length) => [.. Enumerable.Range(0, length).Select(i => Dropout.Survives(mask, i))];

    private static double FiveSigma(int length, double probability) => 5 * Math.Sqrt(length * probability * (1 - probability));
}
