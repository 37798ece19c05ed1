using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Pooling;

public sealed class AveragePoolingTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private static readonly PoolGeometry Overlapping = new()
    {
        Batch = 2,
        InputHeight = 9,
        InputWidth = 8,
        Channels = 5,
        WindowHeight = 3,
        WindowWidth = 4,
        StrideHeight = 2,
        StrideWidth = 3,
        PadTop = 1,
        PadRight = 2,
        OverhangBottom = 1,
    };

    private readonly ThreadTeam _team = fixture.Team;

    [Fact]
    public void Both_EveryNumberOfChannels_AgreeWithTheTwin()
    {
        for (int channels = 1; channels <= 70; channels++)
            CheckAgainstTwin(Overlapping with { Channels = channels });
    }

    [Fact]
    public void Both_RandomGeometry_AgreeWithTheTwin() => Geometries.Poolings.Sample(g => CheckAgainstTwin(g), iter: 200, threads: 1);

    [Fact]
    public void Both_WindowsThatHangOver_AgreeWithTheTwin() => Geometries.CeilPoolings.Sample(g => CheckAgainstTwin(g), iter: 200, threads: 1);

    [Fact]
    public void Both_WindowOfMoreThan256Positions_AgreeWithTheTwin() =>
        CheckAgainstTwin(Overlapping with { InputHeight = 40, InputWidth = 33, WindowHeight = 33, WindowWidth = 30, OverhangBottom = 0 });

    // The cases of ONNX's specification of AveragePool, which count in steps of one from 1.
    [Theory]
    [InlineData(false, new[] { 7, 7.5f, 8, 8.5f, 9, 9.5f, 10, 10.5f, 11, 11.5f, 12, 12.5f, 13, 13.5f, 14, 14.5f, 15, 15.5f, 16, 16.5f, 17, 17.5f, 18, 18.5f, 19 })]
    [InlineData(true, new[] { 2.52f, 3.6f, 4.8f, 4.08f, 3.24f, 4.56f, 6.4f, 8.4f, 7.04f, 5.52f, 7.2f, 10, 13, 10.8f, 8.4f, 6.96f, 9.6f, 12.4f, 10.24f, 7.92f, 6.12f, 8.4f, 10.8f, 8.88f, 6.84f })]
    public void Forward_PaddedOnnxCase_GivesItsOutput(bool countsPadding, float[] expected)
    {
        PoolGeometry g = Square(5, window: 5, stride: 1) with { PadTop = 2, PadLeft = 2, PadBottom = 2, PadRight = 2 };
        float[] y = Calls.AveragePoolForward(new AveragePoolGeometry(g, countsPadding), [.. Enumerable.Range(1, 25).Select(i => (float)i)], _team);
        Close.WithinLargest("ONNX's case", expected.Widen(), y, Tolerances.AveragePool(25));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_CeilOnnxCase_NeverCountsTheOverhang(bool countsPadding)
    {
        PoolGeometry g = Square(4, window: 3, stride: 2) with { OverhangBottom = 1, OverhangRight = 1 };
        float[] y = Calls.AveragePoolForward(new AveragePoolGeometry(g, countsPadding), [.. Enumerable.Range(1, 16).Select(i => (float)i)], _team);
        Close.WithinLargest("ONNX's case", [6, 7.5, 12, 13.5], y, Tolerances.AveragePool(9));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Backward_OverlappingWindows_AgreesWithFiniteDifferencesOfTheTwin(bool countsPadding)
    {
        ReferencePoolShape s = Overlapping.Twin();
        float[] x = Draw.Uniform(1, Overlapping.InputLength), dy = Draw.Uniform(2, Overlapping.OutputLength);
        double[] expected = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceAveragePool2D.Forward(p, s, countsPadding)), x.Widen(), Tolerances.DifferenceStep);
        float[] actual = Calls.AveragePoolBackward(new AveragePoolGeometry(Overlapping, countsPadding), dy, _team);
        Close.WithinLargest("average pooling dInput, differences", expected, actual, Tolerances.AveragePool(4) + Tolerances.Difference);
    }

    [Fact]
    public void Both_AnyNumberOfThreads_GiveTheSameBits()
    {
        AveragePoolGeometry g = new(Overlapping with { Batch = 5, Channels = 37 }, CountsPadding: true);
        float[] x = Draw.Uniform(1, g.Windows.InputLength), dy = Draw.Uniform(2, g.Windows.OutputLength);
        Teams.GiveTheSameBits("average pooling", team => [.. Calls.AveragePoolForward(g, x, team), .. Calls.AveragePoolBackward(g, dy, team)]);
    }

    [Fact]
    public void Both_WrongLengthOrGeometry_NameWhatIsNeeded()
    {
        AveragePoolGeometry g = new(Overlapping, CountsPadding: false);
        Rejects(() => AveragePooling.Forward(new float[719], new float[150], g, _team), "'input' holds 719 elements; its geometry needs 720");
        Rejects(() => AveragePooling.Forward(new float[720], new float[151], g, _team), "'output' holds 151 elements; its geometry needs 150");
        Rejects(() => AveragePooling.Backward(new float[149], new float[720], g, _team), "'dOutput' holds 149 elements; its geometry needs 150");
        Rejects(() => AveragePooling.Backward(new float[150], new float[721], g, _team), "'dInput' holds 721 elements; its geometry needs 720");
        Rejects(() => AveragePooling.Forward([], [], g with { Windows = Overlapping with { Channels = 0 } }, _team), "Channels is 0");
        Rejects(() => AveragePooling.Backward([], [], g with { Windows = Overlapping with { PadTop = 3 } }, _team), "padding 3, 0, 0, 2 must be smaller");
    }

    private static void Rejects(Action call, string named) => Assert.Contains(named, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);

    private static PoolGeometry Square(int size, int window, int stride) => new()
    {
        Batch = 1,
        InputHeight = size,
        InputWidth = size,
        Channels = 1,
        WindowHeight = window,
        WindowWidth = window,
        StrideHeight = stride,
        StrideWidth = stride,
    };

    private void CheckAgainstTwin(PoolGeometry g)
    {
        ReferencePoolShape s = g.Twin();
        Assert.Equal((s.OutputHeight, s.OutputWidth), (g.OutputHeight, g.OutputWidth));
        float[] x = Draw.Uniform(1, g.InputLength), dy = Draw.Uniform(2, g.OutputLength);
        int windows = ((g.WindowHeight / g.StrideHeight) + 1) * ((g.WindowWidth / g.StrideWidth) + 1);
        foreach (bool counts in (ReadOnlySpan<bool>)[false, true])
        {
            AveragePoolGeometry average = new(g, counts);
            Close.Within(
                $"output of {average}", ReferenceAveragePool2D.Forward(x.Widen(), s, counts), Calls.AveragePoolForward(average, x, _team),
                Tolerances.AveragePool(g.WindowHeight * g.WindowWidth), ReferenceAveragePool2D.Forward(x.Widen().Magnitudes(), s, counts));
            Close.Within(
                $"dInput of {average}", ReferenceAveragePool2D.Backward(dy.Widen(), s, counts), Calls.AveragePoolBackward(average, dy, _team),
                Tolerances.AveragePool(windows), ReferenceAveragePool2D.Backward(dy.Widen().Magnitudes(), s, counts));
        }
    }
}
