using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Pooling;

public sealed class AdaptiveAveragePoolingTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private static readonly AdaptivePoolGeometry Overlapping = new()
    {
        Batch = 2,
        InputHeight = 9,
        InputWidth = 7,
        Channels = 5,
        OutputHeight = 4,
        OutputWidth = 3,
    };

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> GoldenCases => Golden.Names("adaptive_avgpool2d");

    [Fact]
    public void Both_EveryNumberOfChannels_AgreeWithTheTwin()
    {
        for (int channels = 1; channels <= 70; channels++)
            CheckAgainstTwin(Overlapping with { Channels = channels });
    }

    [Fact]
    public void Both_EveryInputAndOutputSize_AgreeWithTheTwin()
    {
        for (int input = 1; input <= 14; input++)
        {
            for (int output = 1; output <= 14; output++)
                CheckAgainstTwin(Overlapping with { InputHeight = input, OutputHeight = output, InputWidth = 15 - input, OutputWidth = 1 + (output % 5) });
        }
    }

    [Fact]
    public void Both_RandomGeometry_AgreeWithTheTwin() => Geometries.AdaptivePoolings.Sample(g => CheckAgainstTwin(g), iter: 200, threads: 1);

    [Fact]
    public void Forward_OutputAsLargeAsTheInput_CopiesIt()
    {
        AdaptivePoolGeometry g = Overlapping with { OutputHeight = 9, OutputWidth = 7 };
        float[] x = Draw.Uniform(1, g.InputLength);
        Close.SameBits("output", x, Calls.AveragePoolForward(g, x, _team));
        Close.SameBits("dInput", x, Calls.AveragePoolBackward(g, x, _team));
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Both_GoldenCase_AgreeWithPyTorch(string name)
    {
        GoldenCase golden = Golden.Case("adaptive_avgpool2d", name);
        AdaptivePoolGeometry g = ReferenceAdaptivePoolShape.From(golden).Kernel();
        // Means of at most 35 positions, and sums of at most as many windows.
        double tolerance = Tolerances.AveragePool(35);
        Close.WithinLargest("average pooling output, golden", golden.Array("output"), Calls.AveragePoolForward(g, golden.Floats("input"), _team), tolerance);
        Close.WithinLargest("average pooling dInput, golden", golden.Array("dInput"), Calls.AveragePoolBackward(g, golden.Floats("dOutput"), _team), tolerance);
    }

    [Fact]
    public void Backward_OverlappingWindows_AgreesWithFiniteDifferencesOfTheTwin()
    {
        float[] x = Draw.Uniform(1, Overlapping.InputLength), dy = Draw.Uniform(2, Overlapping.OutputLength);
        double[] expected = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceAdaptiveAveragePool2D.Forward(p, Overlapping.Twin())), x.Widen(), Tolerances.DifferenceStep);
        Close.WithinLargest(
            "average pooling dInput, differences", expected, Calls.AveragePoolBackward(Overlapping, dy, _team), Tolerances.AveragePool(4) + Tolerances.Difference);
    }

    [Fact]
    public void Both_AnyNumberOfThreads_GiveTheSameBits()
    {
        AdaptivePoolGeometry g = Overlapping with { Batch = 5, Channels = 37 };
        float[] x = Draw.Uniform(1, g.InputLength), dy = Draw.Uniform(2, g.OutputLength);
        Teams.GiveTheSameBits("average pooling", team => [.. Calls.AveragePoolForward(g, x, team), .. Calls.AveragePoolBackward(g, dy, team)]);
    }

    [Fact]
    public void Both_WrongLength_NameItAndWhatIsNeeded()
    {
        Rejects(() => AdaptiveAveragePooling.Forward(new float[629], new float[120], Overlapping, _team), "'input' holds 629 elements; its geometry needs 630");
        Rejects(() => AdaptiveAveragePooling.Forward(new float[630], new float[121], Overlapping, _team), "'output' holds 121 elements; its geometry needs 120");
        Rejects(() => AdaptiveAveragePooling.Backward(new float[119], new float[630], Overlapping, _team), "'dOutput' holds 119 elements; its geometry needs 120");
        Rejects(() => AdaptiveAveragePooling.Backward(new float[120], new float[631], Overlapping, _team), "'dInput' holds 631 elements; its geometry needs 630");
    }

    [Fact]
    public void Both_SpansThatOverlap_AreRejected()
    {
        AdaptivePoolGeometry g = Overlapping with { OutputHeight = 9, OutputWidth = 7 };
        float[] x = new float[630];
        Rejects(() => AdaptiveAveragePooling.Forward(x, x, g, _team), "'output' overlaps the input");
        Rejects(() => AdaptiveAveragePooling.Backward(x, x, g, _team), "'dInput' overlaps the input");
    }

    [Fact]
    public void Validate_SizeBelowOne_NamesItAndItsValue()
    {
        Rejects(Overlapping with { Batch = 0 }, "Batch is 0");
        Rejects(Overlapping with { InputHeight = -1 }, "InputHeight is -1");
        Rejects(Overlapping with { InputWidth = 0 }, "InputWidth is 0");
        Rejects(Overlapping with { Channels = 0 }, "Channels is 0");
        Rejects(Overlapping with { OutputHeight = 0 }, "OutputHeight is 0");
        Rejects(Overlapping with { OutputWidth = -3 }, "OutputWidth is -3");
    }

    private void Rejects(AdaptivePoolGeometry geometry, string named)
    {
        Rejects(() => AdaptiveAveragePooling.Forward([], [], geometry, _team), named);
        Rejects(() => AdaptiveAveragePooling.Backward([], [], geometry, _team), named);
    }

    private static void Rejects(Action call, string named) => Assert.Contains(named, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);

    private void CheckAgainstTwin(in AdaptivePoolGeometry g)
    {
        ReferenceAdaptivePoolShape s = g.Twin();
        float[] x = Draw.Uniform(1, g.InputLength), dy = Draw.Uniform(2, g.OutputLength);
        // A window spans at most this many positions, a position stands in at most as many windows as the formula gives turned round.
        int window = (int)(((g.InputHeight / g.OutputHeight) + 2L) * ((g.InputWidth / g.OutputWidth) + 2));
        int windows = (int)(((g.OutputHeight / g.InputHeight) + 2L) * ((g.OutputWidth / g.InputWidth) + 2));
        Close.Within(
            "average pooling output", ReferenceAdaptiveAveragePool2D.Forward(x.Widen(), s), Calls.AveragePoolForward(g, x, _team), Tolerances.AveragePool(window),
            ReferenceAdaptiveAveragePool2D.Forward(x.Widen().Magnitudes(), s));
        Close.Within(
            "average pooling dInput", ReferenceAdaptiveAveragePool2D.Backward(dy.Widen(), s), Calls.AveragePoolBackward(g, dy, _team), Tolerances.AveragePool(windows),
            ReferenceAdaptiveAveragePool2D.Backward(dy.Widen().Magnitudes(), s));
    }
}
