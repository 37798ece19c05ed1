using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Pooling;

public sealed class MaxPoolingTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private static readonly PoolGeometry Overlapping = new()
    {
        Batch = 2,
        InputHeight = 9,
        InputWidth = 8,
        Channels = 5,
        WindowHeight = 3,
        WindowWidth = 3,
        StrideHeight = 2,
        StrideWidth = 2,
        PadTop = 1,
        PadRight = 1,
    };

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> GoldenCases => Golden.Names("maxpool2d");

    [Fact]
    public void Both_EveryNumberOfChannels_AgreeWithTheTwinExactly()
    {
        for (int channels = 1; channels <= 70; channels++)
            CheckAgainstTwin(Overlapping with { Channels = channels });
    }

    [Fact]
    public void Both_EveryWindowAndStride_AgreeWithTheTwinExactly()
    {
        for (int window = 1; window <= 5; window++)
        {
            for (int stride = 1; stride <= 6; stride++)
            {
                PoolGeometry g = Overlapping with { WindowHeight = window, WindowWidth = window, StrideHeight = stride, StrideWidth = stride, PadTop = 0, PadRight = 0 };
                CheckAgainstTwin(g);
                CheckAgainstTwin(g with { WindowWidth = 6 - window, PadTop = window / 2, PadBottom = (window - 1) / 2, PadLeft = (6 - window) / 2 });
            }
        }
    }

    [Fact]
    public void Both_RandomGeometry_AgreeWithTheTwinExactly() => Geometries.Poolings.Sample(g => CheckAgainstTwin(g), iter: 200, threads: 1);

    [Fact]
    public void Both_WindowsThatHangOver_AgreeWithTheTwinExactly() => Geometries.CeilPoolings.Sample(g => CheckAgainstTwin(g), iter: 200, threads: 1);

    [Fact]
    public void Forward_CeilOnnxCase_GivesItsOutput()
    {
        // ONNX's specification of MaxPool: 1 to 16, windows of 3x3 at stride 2.
        PoolGeometry g = new()
        {
            Batch = 1,
            InputHeight = 4,
            InputWidth = 4,
            Channels = 1,
            WindowHeight = 3,
            WindowWidth = 3,
            StrideHeight = 2,
            StrideWidth = 2,
            OverhangBottom = 1,
            OverhangRight = 1,
        };
        Assert.Equal([11f, 12, 15, 16], Calls.PoolForward(g, [.. Enumerable.Range(1, 16).Select(i => (float)i)], _team).Output);
    }

    [Fact]
    public void Both_LargestWindow_KeepTheWinnerInItsByte()
    {
        PoolGeometry g = new() { Batch = 1, InputHeight = 16, InputWidth = 16, Channels = 9, WindowHeight = 16, WindowWidth = 16, StrideHeight = 1, StrideWidth = 1 };
        float[] x = new float[g.InputLength];
        Array.Fill(x, 1f, x.Length - 9, 9);
        (float[] y, byte[] winners) = Calls.PoolForward(g, x, _team);
        Assert.All(y, value => Assert.Equal(1f, value));
        Assert.All(winners, place => Assert.Equal(255, place));
        Assert.Equal(x, Calls.PoolBackward(g, y, winners, _team));
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Both_GoldenCase_AgreeWithPyTorch(string name)
    {
        GoldenCase golden = Golden.Case("maxpool2d", name);
        PoolGeometry g = ReferencePoolShape.From(golden).Kernel();
        Assert.Equal((golden.Get<int>("outputHeight"), golden.Get<int>("outputWidth")), (g.OutputHeight, g.OutputWidth));
        (float[] y, byte[] winners) = Calls.PoolForward(g, golden.Floats("input"), _team);
        Close.Exactly($"{golden} output", golden.Array("output"), y);
        Assert.Equal(golden.Integers("argmax"), winners.Select(place => (int)place));
        // A position wins at most as many windows as overlap there: 9 additions.
        Close.WithinLargest("pooling dInput, golden", golden.Array("dInput"), Calls.PoolBackward(g, golden.Floats("dOutput"), winners, _team), 9 * Tolerances.UnitRoundoff);
    }

    [Fact]
    public void Backward_ItsOwnForward_AgreesWithFiniteDifferencesOfTheTwin()
    {
        ReferencePoolShape s = Overlapping.Twin();
        // All different and further apart than the step, or a difference would cross from one winner to another.
        float[] x = new float[Overlapping.InputLength], dy = Draw.Uniform(2, Overlapping.OutputLength);
        for (int i = 0; i < x.Length; i++)
            x[i] = i * 0.001f;
        new Random(1).Shuffle(x);
        double[] expected = FiniteDifference.Gradient(p => Draw.Dot(dy.Widen(), ReferenceMaxPool2D.Forward(p, s).Output), x.Widen(), Tolerances.DifferenceStep);
        float[] actual = Calls.PoolBackward(Overlapping, dy, Calls.PoolForward(Overlapping, x, _team).Winners, _team);
        Close.WithinLargest("pooling dInput, differences", expected, actual, (9 * Tolerances.UnitRoundoff) + Tolerances.Difference);
    }

    [Fact]
    public void Forward_WithoutWinners_GivesTheSameOutput()
    {
        float[] x = Draw.Uniform(1, Overlapping.InputLength);
        Guarded<float> y = new((int)Overlapping.OutputLength);
        MaxPooling.Forward(x, y.Span, [], Overlapping, _team);
        Close.SameBits("inference", Calls.PoolForward(Overlapping, x, _team).Output, y.Values());
    }

    [Fact]
    public void Forward_WindowOfNaN_GivesNaNAndAWinnerInside()
    {
        float[] x = new float[Overlapping.InputLength];
        Array.Fill(x, float.NaN);
        (float[] y, byte[] winners) = Calls.PoolForward(Overlapping, x, _team);
        Assert.All(y, value => Assert.True(float.IsNaN(value)));
        Assert.All(winners, place => Assert.InRange(place, 0, 8));
    }

    [Fact]
    public void Forward_OnlyMinusInfinity_GivesItWithAWinnerInside()
    {
        float[] x = new float[Overlapping.InputLength];
        Array.Fill(x, float.NegativeInfinity);
        (double[] y, int[] argmax) = ReferenceMaxPool2D.Forward(x.Widen(), Overlapping.Twin());
        (float[] output, byte[] winners) = Calls.PoolForward(Overlapping, x, _team);
        Close.Exactly("output", y, output);
        Assert.Equal(argmax, winners.Select(place => (int)place));
    }

    [Fact]
    public void Both_AnyNumberOfThreads_GiveTheSameBits()
    {
        PoolGeometry g = Overlapping with { Batch = 5, Channels = 37 };
        float[] x = Draw.Integers(1, g.InputLength), dy = Draw.Uniform(2, g.OutputLength);
        Teams.GiveTheSameBits("pooling", team =>
        {
            (float[] y, byte[] winners) = Calls.PoolForward(g, x, team);
            return [.. y, .. winners.Select(place => (float)place), .. Calls.PoolBackward(g, dy, winners, team)];
        });
    }

    [Theory]
    [InlineData(719, 200, 200, "'input' holds 719 elements; its geometry needs 720")]
    [InlineData(720, 199, 200, "'output' holds 199 elements; its geometry needs 160")]
    [InlineData(720, 160, 161, "'winners' holds 161 elements; its geometry needs 160")]
    public void Forward_WrongLength_NamesItAndWhatIsNeeded(int input, int output, int winners, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => MaxPooling.Forward(new float[input], new float[output], new byte[winners], Overlapping, _team));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(161, 160, 720, "'dOutput' holds 161 elements; its geometry needs 160")]
    [InlineData(160, 0, 720, "'winners' holds 0 elements; its geometry needs 160")]
    [InlineData(160, 160, 721, "'dInput' holds 721 elements; its geometry needs 720")]
    public void Backward_WrongLength_NamesItAndWhatIsNeeded(int dOutput, int winners, int dInput, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => MaxPooling.Backward(new float[dOutput], new byte[winners], new float[dInput], Overlapping, _team));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_InvalidGeometry_ThrowArgumentException()
    {
        PoolGeometry g = Overlapping with { Channels = 0 };
        Assert.Throws<ArgumentException>(() => MaxPooling.Forward([], [], [], g, _team));
        Assert.Throws<ArgumentException>(() => MaxPooling.Backward([], [], [], g, _team));
    }

    private void CheckAgainstTwin(in PoolGeometry g)
    {
        ReferencePoolShape s = g.Twin();
        Assert.Equal((s.OutputHeight, s.OutputWidth), (g.OutputHeight, g.OutputWidth));
        // Few different values: most windows have ties. Negative ones: padding of zeros would win.
        float[] x = Array.ConvertAll(Draw.Integers(1, g.InputLength), value => value - 6), dy = Draw.Integers(2, g.OutputLength);
        (double[] output, int[] argmax) = ReferenceMaxPool2D.Forward(x.Widen(), s);
        (float[] y, byte[] winners) = Calls.PoolForward(g, x, _team);
        Close.Exactly($"output of {g}", output, y);
        Assert.Equal(argmax, winners.Select(place => (int)place));
        Close.Exactly($"dInput of {g}", ReferenceMaxPool2D.Backward(dy.Widen(), argmax, s), Calls.PoolBackward(g, dy, winners, _team));
    }
}
