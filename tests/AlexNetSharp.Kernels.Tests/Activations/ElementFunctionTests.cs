using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Activations;

/// <summary>The leaky rectifier and clipping.</summary>
public sealed class ElementFunctionTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private const float Low = -0.75f, High = 1.5f;

    // Past one task of 16,384 elements, and past two.
    private static readonly int[] LongLengths = [16383, 16384, 16385, 32771];

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<float> Slopes => [0.01f, 0.3f, 0f, 1f, -0.5f];

    private static IEnumerable<int> Lengths => Enumerable.Range(0, 71).Concat(LongLengths);

    [Theory]
    [MemberData(nameof(Slopes))]
    public void Leaky_EveryLength_AgreesWithTheTwin(float slope)
    {
        foreach (int length in Lengths)
        {
            float[] x = Draw.Uniform(length, length, -6, 6), dy = Draw.Uniform(length + 1, length);
            // One product, rounded once.
            Close.Within("leaky output", ReferenceActivation.LeakyForward(x.Widen(), slope), Calls.LeakyForward(x, slope, _team), Tolerances.RoundedOnce);
            Close.Within("leaky dInput", ReferenceActivation.LeakyBackward(x.Widen(), dy.Widen(), slope), Calls.LeakyBackward(x, dy, slope, _team), Tolerances.RoundedOnce);
        }
    }

    [Theory]
    [MemberData(nameof(Slopes))]
    public void LeakyBackward_FromInput_AgreesWithFiniteDifferencesOfTheTwin(float slope)
    {
        float[] x = KeptFrom(Draw.Uniform(5, 70, -3, 3), 0), dy = Draw.Uniform(6, 70);
        double[] expected = FiniteDifference.Gradient(p => Draw.Dot(dy.Widen(), ReferenceActivation.LeakyForward(p, slope)), x.Widen(), Tolerances.DifferenceStep);
        Close.WithinLargest("leaky dInput, differences", expected, Calls.LeakyBackward(x, dy, slope, _team), Tolerances.RoundedOnce + Tolerances.Difference);
    }

    [Theory]
    [InlineData(0.01f)]
    [InlineData(0f)]
    public void LeakyBackward_FromOutput_GivesTheBitsThatTheInputGives(float slope)
    {
        // Values so small that their product with the slope is 0 among them, and both zeros.
        float[] x = [.. Draw.Uniform(5, 70, -3, 3), -float.Epsilon, float.Epsilon, 0f, -0f], dy = Draw.Uniform(6, x.Length);
        Close.SameBits("leaky dInput", Calls.LeakyBackward(x, dy, slope, _team), Calls.LeakyBackward(Calls.LeakyForward(x, slope, _team), dy, slope, _team));
    }

    [Fact]
    public void Clipping_EveryLength_AgreesWithTheTwinExactly()
    {
        foreach (int length in Lengths)
        {
            float[] x = Draw.Uniform(length, length, -3, 3), dy = Draw.Uniform(length + 1, length);
            float[] y = Calls.ClipForward(x, Low, High, _team);
            Close.Exactly("clipped", ReferenceActivation.ClipForward(x.Widen(), Low, High), y);
            Close.Exactly("clipped dInput", ReferenceActivation.ClipBackward(y.Widen(), dy.Widen(), Low, High), Calls.ClipBackward(y, dy, Low, High, _team));
        }
    }

    [Fact]
    public void ClippingBackward_ItsOwnForward_AgreesWithFiniteDifferencesOfTheTwin()
    {
        float[] x = KeptFrom(KeptFrom(Draw.Uniform(5, 70, -3, 3), Low), High), dy = Draw.Uniform(6, 70);
        double[] expected = FiniteDifference.Gradient(p => Draw.Dot(dy.Widen(), ReferenceActivation.ClipForward(p, Low, High)), x.Widen(), Tolerances.DifferenceStep);
        float[] actual = Calls.ClipBackward(Calls.ClipForward(x, Low, High, _team), dy, Low, High, _team);
        Close.WithinLargest("clipped dInput, differences", expected, actual, Tolerances.Difference);
    }

    [Fact]
    public void ClippingBackward_AtTheBounds_GivesZero() =>
        Assert.Equal([0f, 1f, 0f], Calls.ClipBackward(Calls.ClipForward([Low, 0.5f, High], Low, High, _team), [1f, 1f, 1f], Low, High, _team));

    [Fact]
    public void Forward_InfinitiesAndNaN_GiveTheLimitsAndNaN()
    {
        float[] x = [float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        Assert.Equal(x, Calls.LeakyForward(x, 0.01f, _team));
        Assert.Equal([High, Low, float.NaN], Calls.ClipForward(x, Low, High, _team));
    }

    [Fact]
    public void Both_InPlace_GiveTheSameBits()
    {
        float[] x = Draw.Uniform(1, 40_001, -3, 3), dy = Draw.Uniform(2, x.Length);
        Guarded<float> leaky = new(x), leakyGradient = new(dy), clipped = new(x), clippedGradient = new(dy);
        LeakyRectifier.Forward(leaky.Span, leaky.Span, 0.2f, _team);
        LeakyRectifier.Backward(x, leakyGradient.Span, leakyGradient.Span, 0.2f, _team);
        Clipping.Forward(clipped.Span, clipped.Span, Low, High, _team);
        Clipping.Backward(clipped.Span, clippedGradient.Span, clippedGradient.Span, Low, High, _team);
        Close.SameBits("leaky", Calls.LeakyForward(x, 0.2f, _team), leaky.Values());
        Close.SameBits("leaky gradient", Calls.LeakyBackward(x, dy, 0.2f, _team), leakyGradient.Values());
        Close.SameBits("clipped", Calls.ClipForward(x, Low, High, _team), clipped.Values());
        Close.SameBits("clipped gradient", Calls.ClipBackward(clipped.Values(), dy, Low, High, _team), clippedGradient.Values());
    }

    [Fact]
    public void Both_AnyNumberOfThreads_GiveTheSameBits()
    {
        float[] x = Draw.Uniform(1, 100_003, -3, 3), dy = Draw.Uniform(2, x.Length);
        Teams.GiveTheSameBits("leaky", team => [.. Calls.LeakyForward(x, 0.2f, team), .. Calls.LeakyBackward(x, dy, 0.2f, team)]);
        Teams.GiveTheSameBits("clipped", team => [.. Calls.ClipForward(x, Low, High, team), .. Calls.ClipBackward(x, dy, Low, High, team)]);
    }

    [Fact]
    public void Both_Misuse_IsNamed()
    {
        float[] memory = new float[20];
        Rejects(() => LeakyRectifier.Forward(new float[7], new float[8], 0.1f, _team), "'output' holds 8 elements; its geometry needs 7");
        Rejects(() => LeakyRectifier.Forward(memory.AsSpan(0, 16), memory.AsSpan(3, 16), 0.1f, _team), "an offset of 3 elements");
        Rejects(() => LeakyRectifier.Forward(memory, memory, float.NaN, _team), "the slope is NaN");
        Rejects(() => Clipping.Backward(new float[7], new float[6], new float[7], 0, 6, _team), "'dOutput' holds 6 elements; its geometry needs 7");
        Rejects(() => Clipping.Backward(new float[7], new float[7], new float[9], 0, 6, _team), "'dInput' holds 9 elements; its geometry needs 7");
        Rejects(() => Clipping.Forward(memory, memory, 6, 6, _team), "from 6 to 6; the minimum must be below the maximum");
        Rejects(() => Clipping.Forward(memory, memory, float.NaN, 6, _team), "from NaN to 6");
    }

    private static void Rejects(Action call, string named) => Assert.Contains(named, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);

    // At a kink no difference quotient is the derivative.
    private static float[] KeptFrom(float[] x, float kink) => Array.ConvertAll(x, value => Math.Abs(value - kink) < 0.01f ? kink + 0.5f : value);
}
