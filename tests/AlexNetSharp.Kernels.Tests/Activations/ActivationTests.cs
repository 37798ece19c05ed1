using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Activations;

public sealed class ActivationTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    // Past one task of 16,384 elements, and past two.
    private static readonly int[] LongLengths = [16383, 16384, 16385, 32771, 50000];

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<ActivationKind> Kinds => [.. Enum.GetValues<ActivationKind>()];

    public static TheoryData<string> GoldenCases => Golden.Names("activation");

    private static IEnumerable<int> Lengths => Enumerable.Range(0, 71).Concat(LongLengths);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_EveryLength_AgreesWithTheTwin(ActivationKind kind)
    {
        foreach (int length in Lengths)
        {
            float[] x = Draw.Uniform(length, length, -6, 6);
            Close.Within($"{kind} output", TwinForward(kind, x.Widen()), Calls.ActivationForward(kind, x, _team), ForwardTolerance(kind));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_EveryLength_AgreesWithTheTwin(ActivationKind kind)
    {
        foreach (int length in Lengths)
        {
            float[] y = Calls.ActivationForward(kind, Draw.Uniform(length, length, -6, 6), _team), dy = Draw.Uniform(length + 1, length);
            double[] expected = TwinBackward(kind, y.Widen(), dy.Widen());
            double tolerance = kind is ActivationKind.Identity or ActivationKind.Relu ? 0 : Tolerances.ActivationGradient;
            Close.Within($"{kind} dInput", expected, Calls.ActivationBackward(kind, y, dy, _team), tolerance, dy.Widen());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_WholeRangeOfFloats_AgreesWithTheTwin(ActivationKind kind)
    {
        // Every sign, exponent and a few significands: 65,536 numbers, denormals included, infinities and NaN left out.
        List<float> x = [];
        for (uint high = 0; high < 65536; high++)
        {
            float value = BitConverter.UInt32BitsToSingle((high << 16) | (high * 40503 & 0xFFFF));
            if (float.IsFinite(value))
                x.Add(value);
        }
        float[] all = [.. x];
        Close.Within($"{kind} output", TwinForward(kind, all.Widen()), Calls.ActivationForward(kind, all, _team), ForwardTolerance(kind));
    }

    [Theory]
    [InlineData(ActivationKind.Identity, float.PositiveInfinity, float.NegativeInfinity)]
    [InlineData(ActivationKind.Relu, float.PositiveInfinity, 0f)]
    [InlineData(ActivationKind.Tanh, 1f, -1f)]
    [InlineData(ActivationKind.Sigmoid, 1f, 0f)]
    public void Forward_InfinitiesAndNaN_GiveTheLimitsAndNaN(ActivationKind kind, float above, float below)
    {
        float[] y = Calls.ActivationForward(kind, [float.PositiveInfinity, float.NegativeInfinity, float.NaN], _team);
        Assert.Equal([above, below, float.NaN], y);
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Both_GoldenCase_AgreeWithPyTorch(string name)
    {
        GoldenCase golden = Golden.Case("activation", name);
        ActivationKind kind = Enum.Parse<ActivationKind>(golden.Get<string>("kind"), ignoreCase: true);
        float[] y = Calls.ActivationForward(kind, golden.Floats("input"), _team), dy = golden.Floats("dOutput");
        Close.Within($"{kind} output, golden", golden.Array("output"), y, ForwardTolerance(kind));
        // The kernel starts from its own rounded output: |d(1 − y²)| = 2|y|·|dy| adds twice the output's error at most.
        double tolerance = Tolerances.ActivationGradient + (2 * ForwardTolerance(kind));
        Close.Within($"{kind} dInput, golden", golden.Array("dInput"), Calls.ActivationBackward(kind, y, dy, _team), tolerance, dy.Widen());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_ItsOwnForward_AgreesWithFiniteDifferencesOfTheTwin(ActivationKind kind)
    {
        float[] x = KeptFromZero(Draw.Uniform(5, 70, -3, 3)), dy = Draw.Uniform(6, 70);
        double[] expected = FiniteDifference.Gradient(p => Draw.Dot(dy.Widen(), TwinForward(kind, p)), x.Widen(), Tolerances.DifferenceStep);
        float[] actual = Calls.ActivationBackward(kind, Calls.ActivationForward(kind, x, _team), dy, _team);
        Close.WithinLargest($"{kind} dInput, differences", expected, actual, Tolerances.ActivationGradient + (2 * ForwardTolerance(kind)) + Tolerances.Difference);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Both_InPlace_GiveTheSameBits(ActivationKind kind)
    {
        foreach (int length in (ReadOnlySpan<int>)[1, 7, 8, 9, 31, 33, 16385, 40000])
        {
            float[] x = Draw.Uniform(length, length, -6, 6), dy = Draw.Uniform(length + 1, length);
            float[] y = Calls.ActivationForward(kind, x, _team);
            Guarded<float> forward = new(x), backward = new(dy);
            Activation.Forward(kind, forward.Span, forward.Span, _team);
            Activation.Backward(kind, y, backward.Span, backward.Span, _team);
            Close.SameBits($"{kind} in place", y, forward.Values());
            Close.SameBits($"{kind} gradient in place", Calls.ActivationBackward(kind, y, dy, _team), backward.Values());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Both_AnyNumberOfThreads_GiveTheSameBits(ActivationKind kind)
    {
        float[] x = Draw.Uniform(1, 100_003, -6, 6), dy = Draw.Uniform(2, x.Length);
        Teams.GiveTheSameBits($"{kind}", team =>
        {
            float[] y = Calls.ActivationForward(kind, x, team);
            return [.. y, .. Calls.ActivationBackward(kind, y, dy, team)];
        });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_ElementAtAnyPlace_HasTheSameBits(ActivationKind kind)
    {
        float[] x = Draw.Uniform(1, 70, -6, 6), y = Calls.ActivationForward(kind, x, _team);
        for (int i = 0; i < x.Length; i++)
            Close.SameBits($"{kind} of element {i} alone", Calls.ActivationForward(kind, [x[i]], _team), y.AsSpan(i, 1));
    }

    [Fact]
    public void Both_LengthsThatDiffer_NameThem()
    {
        ArgumentException forward = Assert.Throws<ArgumentException>(() => Activation.Forward(ActivationKind.Relu, new float[7], new float[8], _team));
        Assert.Contains("'output' holds 8 elements; its geometry needs 7", forward.Message, StringComparison.Ordinal);
        ArgumentException gradient = Assert.Throws<ArgumentException>(() => Activation.Backward(ActivationKind.Relu, new float[7], new float[6], new float[7], _team));
        Assert.Contains("'dOutput' holds 6 elements; its geometry needs 7", gradient.Message, StringComparison.Ordinal);
        ArgumentException result = Assert.Throws<ArgumentException>(() => Activation.Backward(ActivationKind.Relu, new float[7], new float[7], new float[9], _team));
        Assert.Contains("'dInput' holds 9 elements; its geometry needs 7", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_ShiftedOverlap_NameTheOffset()
    {
        float[] memory = new float[20];
        ArgumentException forward = Assert.Throws<ArgumentException>(() => Activation.Forward(ActivationKind.Relu, memory.AsSpan(0, 16), memory.AsSpan(3, 16), _team));
        Assert.Contains("an offset of 3 elements", forward.Message, StringComparison.Ordinal);
        ArgumentException backward = Assert.Throws<ArgumentException>(
            () => Activation.Backward(ActivationKind.Relu, new float[16], memory.AsSpan(2, 16), memory.AsSpan(0, 16), _team));
        Assert.Contains("an offset of -2 elements", backward.Message, StringComparison.Ordinal);
    }

    private static double ForwardTolerance(ActivationKind kind) => kind switch
    {
        ActivationKind.Tanh => Tolerances.Tanh,
        ActivationKind.Sigmoid => Tolerances.Sigmoid,
        _ => 0,
    };

    private static double[] TwinForward(ActivationKind kind, double[] x) => kind switch
    {
        ActivationKind.Relu => ReferenceActivation.ReluForward(x),
        ActivationKind.Tanh => ReferenceActivation.TanhForward(x),
        ActivationKind.Sigmoid => ReferenceActivation.SigmoidForward(x),
        _ => x,
    };

    private static double[] TwinBackward(ActivationKind kind, double[] y, double[] dy) => kind switch
    {
        ActivationKind.Relu => ReferenceActivation.ReluBackward(y, dy),
        ActivationKind.Tanh => ReferenceActivation.TanhBackward(y, dy),
        ActivationKind.Sigmoid => ReferenceActivation.SigmoidBackward(y, dy),
        _ => dy,
    };

    // Relu has a kink at zero, where no difference quotient is its derivative.
    private static float[] KeptFromZero(float[] x) => Array.ConvertAll(x, value => Math.Abs(value) < 0.01f ? 0.5f : value);
}
