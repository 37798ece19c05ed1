using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Pooling;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using CsCheck;
using static AlexNetSharp.Kernels.Tests.Support.Stages;

namespace AlexNetSharp.Kernels.Tests.Convolution;

public sealed class FirstLayerConvolutionTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private static readonly Dictionary<string, ConvolutionStage> Table = new()
    {
        ["alexnet-mnist"] = Pooled(Geometries.Same(2, 28, 28, 1, 20, 3, 3), 2, 2),
        ["alexnet-owt, small"] = Pooled(
            Geometries.Valid(2, 63, 59, 3, 33, 11, 11) with { StrideHeight = 4, StrideWidth = 4, PadTop = 2, PadLeft = 2, PadBottom = 2, PadRight = 2 }, 3, 2),
        ["SAME pooling of an odd picture"] = Padded(Geometries.Same(3, 7, 7, 1, 17, 3, 3), 2, 2, 0, 1),
        ["windows that overlap and are padded on all sides"] = Padded(Geometries.Same(2, 9, 8, 2, 16, 3, 3), 3, 2, 1, 1),
        ["windows of five rows at stride 1 across many bands"] = Padded(Geometries.Same(1, 24, 70, 1, 5, 3, 3), 5, 1, 2, 2),
        ["windows of two by two, padded on all sides"] = Padded(Geometries.Same(2, 8, 11, 1, 17, 3, 3), 2, 2, 1, 1),
        ["windows of two by two that overlap"] = Padded(Geometries.Same(1, 9, 7, 1, 33, 3, 3), 2, 1, 1, 0),
        ["windows with gaps between them"] = Pooled(Geometries.Same(2, 12, 13, 3, 18, 3, 3), 2, 3),
        ["windows that leave the last row and column out"] = Pooled(Geometries.Same(1, 7, 9, 1, 16, 3, 3), 2, 2),
        ["windows in one direction"] = new(
            Geometries.Same(1, 8, 9, 1, 4, 3, 3), ActivationKind.Relu, Pool(Geometries.Same(1, 8, 9, 1, 4, 3, 3), 1, 1) with { WindowWidth = 3, StrideWidth = 3 }),
        ["a window as large as the picture"] = Pooled(Geometries.Same(3, 5, 5, 2, 9, 3, 3), 5, 1),
        ["a wide picture in many steps"] = Pooled(Geometries.Same(3, 30, 70, 1, 40, 3, 3), 2, 2),
        ["a picture wider than a step"] = Pooled(Geometries.Same(1, 5, 150, 1, 3, 3, 3), 3, 2),
        ["many pictures a partial sum"] = Pooled(Geometries.Same(37, 6, 5, 1, 18, 3, 3), 2, 2),
        ["no pooling"] = new(Geometries.Same(2, 9, 11, 3, 36, 5, 5), ActivationKind.Relu),
        ["no pooling, many bands"] = new(Geometries.Same(2, 33, 65, 1, 7, 3, 3), ActivationKind.Identity),
        ["1x1"] = new(Geometries.Valid(2, 6, 7, 4, 18, 1, 1), ActivationKind.Relu),
        ["1x1 at stride 2"] = Pooled(Geometries.Valid(2, 9, 12, 3, 18, 1, 1) with { StrideHeight = 2, StrideWidth = 2 }, 2, 2),
        ["stride greater than the kernel"] = new(Geometries.Valid(1, 13, 11, 3, 5, 2, 3) with { StrideHeight = 4, StrideWidth = 5 }, ActivationKind.Relu),
        ["stride in one direction"] = new(Geometries.Same(1, 7, 8, 4, 4, 3, 5) with { StrideWidth = 3 }, ActivationKind.Relu),
        ["padding wider than the picture"] = new(
            Geometries.Valid(2, 3, 3, 2, 3, 2, 2) with { PadTop = 5, PadLeft = 4, PadBottom = 3, PadRight = 6 }, ActivationKind.Relu),
        ["patches in the padding alone"] = new(Geometries.Valid(1, 2, 2, 1, 3, 1, 1) with { PadLeft = 9, StrideWidth = 8 }, ActivationKind.Identity),
        ["last rows and columns unused"] = new(Geometries.Valid(1, 8, 9, 3, 4, 3, 3) with { StrideHeight = 3, StrideWidth = 4 }, ActivationKind.Relu),
        ["one pixel"] = new(Geometries.Valid(1, 1, 1, 1, 1, 1, 1), ActivationKind.Identity),
        ["one column"] = new(Geometries.Same(2, 40, 1, 2, 6, 7, 1), ActivationKind.Relu),
    };

    private static readonly Gen<ConvolutionStage> RandomStages =
        from convolution in Geometries.Convolutions
        from inputs in Gen.Int[1, 4]
        from outputs in Gen.Int[1, 40]
        from pool in Geometries.Poolings
        from pools in Gen.Bool
        from rectified in Gen.Bool
        let g = convolution with { InputChannels = inputs, OutputChannels = outputs, DilationHeight = 1, DilationWidth = 1, Groups = 1 }
        let p = pool with { Batch = g.Batch, InputHeight = g.OutputHeight, InputWidth = g.OutputWidth, Channels = outputs }
        let fits = p.InputHeight + p.PadTop + p.PadBottom >= p.WindowHeight && p.InputWidth + p.PadLeft + p.PadRight >= p.WindowWidth
        select new ConvolutionStage(g, rectified ? ActivationKind.Relu : ActivationKind.Identity, pools && fits ? p : null);

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> TableNames => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(TableNames))]
    public void BothPasses_StageOfTheTable_AreExactOnIntegers(string name) => CheckIntegers(Table[name]);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(11)]
    public void BothPasses_EveryStrideAndBatch_AreExactOnIntegers(int kernel)
    {
        for (int stride = 1; stride <= 4; stride++)
        {
            for (int batch = 1; batch <= 5; batch++)
            {
                int inputs = batch % 2 == 0 ? 3 : 1;
                ConvolutionGeometry g = Geometries.Same(batch, 13, 12, inputs, 6, kernel, kernel) with { StrideHeight = stride, StrideWidth = stride };
                CheckIntegers(new ConvolutionStage(g, ActivationKind.Relu));
                CheckIntegers(Pooled(g, 2, 2));
            }
        }
    }

    [Fact]
    public void BothPasses_EveryWidth_AreExactOnIntegers()
    {
        // Every rest of pixels that tiles leave.
        for (int width = 1; width <= 26; width++)
        {
            CheckIntegers(new ConvolutionStage(Geometries.Same(1, 3, width, 2, 33, 3, 3), ActivationKind.Identity));
            CheckIntegers(new ConvolutionStage(Geometries.Same(1, 3, width, 1, 8, 1, 3), ActivationKind.Identity));
        }
    }

    [Fact]
    public void BothPasses_EveryNumberOfTaps_AreExactOnIntegers()
    {
        // Every rest of taps that tiles leave.
        for (int taps = 1; taps <= 26; taps++)
            CheckIntegers(new ConvolutionStage(Geometries.Same(1, 4, 5, 1, 33, 1, taps), ActivationKind.Identity));
    }

    [Fact]
    public void BothPasses_EveryNumberOfChannels_AreExactOnIntegers()
    {
        for (int outputs = 1; outputs <= 50; outputs++)
        {
            for (int inputs = 1; inputs <= FirstLayerConvolution.MaximalChannels; inputs++)
            {
                CheckIntegers(new ConvolutionStage(Geometries.Same(1, 4, 5, inputs, outputs, 3, 3), ActivationKind.Relu));
                CheckIntegers(Pooled(Geometries.Same(1, 4, 5, inputs, outputs, 3, 3), 2, 2));
            }
        }
    }

    [Fact]
    public void BothPasses_RandomStage_AreExactOnIntegers() => RandomStages.Sample(stage => CheckIntegers(stage), iter: 200, threads: 1);

    [Theory]
    [InlineData("alexnet-mnist", ActivationKind.Relu)]
    [InlineData("alexnet-owt, small", ActivationKind.Relu)]
    [InlineData("alexnet-owt, small", ActivationKind.Tanh)]
    [InlineData("windows that overlap and are padded on all sides", ActivationKind.Identity)]
    [InlineData("windows that overlap and are padded on all sides", ActivationKind.Sigmoid)]
    [InlineData("many pictures a partial sum", ActivationKind.Tanh)]
    [InlineData("no pooling", ActivationKind.Tanh)]
    public void BothPasses_RealNumbers_LieWithinTheRoundingOfTheirSums(string name, ActivationKind activation)
    {
        ConvolutionStage stage = Table[name] with { Activation = activation };
        ConvolutionGeometry g = stage.Convolution;
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        Composed twin = new(stage, x.Widen(), w.Widen(), b.Widen());
        double[] magnitudes = ReferenceConvolution2D.Forward(x.Widen().Magnitudes(), w.Widen().Magnitudes(), b.Widen().Magnitudes(), g.Twin());
        double[] largest = stage.Pooling is PoolGeometry pool ? ReferenceMaxPool2D.Forward(magnitudes, pool.Twin()).Output : magnitudes;
        // One addition a product, the bias, and the product itself where the hardware does not fuse. No activation is steeper than 1, and
        // Sigmoid's own rounding is relative to 1.
        double sums = (Depth(g) + 2) * Tolerances.UnitRoundoff;
        (float[] y, byte[] winners) = Forward(stage, x, w, b, _team);
        double[] allowed = Array.ConvertAll(largest, m => (sums * m) + (Tolerances.Sigmoid * Math.Max(1, m)));
        Close.Within("first layer output", twin.Output, y, 1, allowed);

        // From the kernel's own output and winners, so that a near tie decided otherwise is no error.
        (float[] dw, float[] db) = WeightGradient(stage, x, y, winners, dy, _team);
        (double[] expectedW, double[] expectedB) = Composed.Gradients(stage, x.Widen(), y.Widen(), winners, dy.Widen());
        double[] dSums = Composed.Unpool(stage, dy.Widen().Magnitudes(), winners);
        Close.Within(
            "first layer dWeights", expectedW, dw, GradientTolerance(stage), ReferenceConvolution2D.WeightGradient(x.Widen().Magnitudes(), dSums, g.Twin()));
        Close.Within("first layer dBias", expectedB, db, GradientTolerance(stage), ReferenceConvolution2D.BiasGradient(dSums, g.Twin()));
    }

    [Theory]
    [InlineData("SAME pooling of an odd picture", ActivationKind.Tanh)]
    [InlineData("SAME pooling of an odd picture", ActivationKind.Relu)]
    [InlineData("windows that overlap and are padded on all sides", ActivationKind.Sigmoid)]
    [InlineData("windows that overlap and are padded on all sides", ActivationKind.Identity)]
    [InlineData("stride greater than the kernel", ActivationKind.Relu)]
    [InlineData("stride in one direction", ActivationKind.Tanh)]
    public void WeightGradient_ItsOwnForward_AgreesWithFiniteDifferencesOfTheTwin(string name, ActivationKind activation)
    {
        ConvolutionStage stage = Table[name] with { Activation = activation };
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        double[] byWeights = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), new Composed(stage, x.Widen(), p, b.Widen()).Output), w.Widen(), Tolerances.DifferenceStep);
        double[] byBias = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), new Composed(stage, x.Widen(), w.Widen(), p).Output), b.Widen(), Tolerances.DifferenceStep);
        (float[] y, byte[] winners) = Forward(stage, x, w, b, _team);
        (float[] dw, float[] db) = WeightGradient(stage, x, y, winners, dy, _team);
        // The derivative is taken at the kernel's rounded output: no more than a depth of roundings away, and none's slope exceeds 2.
        double tolerance = GradientTolerance(stage) + (2 * Depth(stage.Convolution) * Tolerances.UnitRoundoff) + Tolerances.Difference;
        double[] dSums = Composed.Unpool(stage, dy.Widen().Magnitudes(), winners);
        Close.Within(
            "first layer dWeights, differences", byWeights, dw, tolerance,
            ReferenceConvolution2D.WeightGradient(x.Widen().Magnitudes(), dSums, stage.Convolution.Twin()));
        Close.Within("first layer dBias, differences", byBias, db, tolerance, ReferenceConvolution2D.BiasGradient(dSums, stage.Convolution.Twin()));
    }

    [Theory]
    [MemberData(nameof(TableNames))]
    public void BothPasses_AnyNumberOfThreads_GiveTheSameBits(string name)
    {
        ConvolutionStage stage = Table[name];
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        Teams.GiveTheSameBits(name, team =>
        {
            (float[] y, byte[] winners) = Forward(stage, x, w, b, team);
            (float[] dw, float[] db) = WeightGradient(stage, x, y, winners, dy, team);
            return [.. y, .. winners.Select(place => (float)place), .. dw, .. db];
        });
    }

    [Theory]
    [InlineData("alexnet-mnist")]
    [InlineData("alexnet-owt, small")]
    [InlineData("a wide picture in many steps")]
    [InlineData("windows of five rows at stride 1 across many bands")]
    [InlineData("no pooling, many bands")]
    public void Forward_PictureAloneAndInABatchOfForty_HasTheSameBits(string name)
    {
        ConvolutionStage one = WithBatch(Table[name], 1), forty = WithBatch(Table[name], 40);
        (float[] x, float[] w, float[] b, _) = Operands(forty, Draw.Uniform);
        (float[] y, byte[] winners) = Forward(forty, x, w, b, _team);
        int inputLength = (int)one.Convolution.InputLength, outputLength = (int)one.OutputLength;
        foreach (int picture in (ReadOnlySpan<int>)[0, 1, 17, 39])
        {
            (float[] alone, byte[] places) = Forward(one, x[(picture * inputLength)..((picture + 1) * inputLength)], w, b, _team);
            Close.SameBits($"output of picture {picture}", alone, y.AsSpan(picture * outputLength, outputLength));
            Assert.True(places.AsSpan().SequenceEqual(winners.Length == 0 ? [] : winners.AsSpan(picture * outputLength, outputLength)));
        }
    }

    [Fact]
    public void Forward_WithoutWinners_GivesTheSameOutput()
    {
        ConvolutionStage stage = Table["alexnet-owt, small"];
        (float[] x, float[] w, float[] b, _) = Operands(stage, Draw.Uniform);
        float[] y = new float[stage.OutputLength], scratch = new float[FirstLayerConvolution.ScratchLength(stage, _team.ThreadCount)];
        FirstLayerConvolution.Forward(x, w, b, y, [], stage, scratch, _team);
        Close.SameBits("output", Forward(stage, x, w, b, _team).Output, y);
    }

    [Fact]
    public void BothPasses_WithoutBias_LeaveItOut()
    {
        ConvolutionStage stage = Table["windows that overlap and are padded on all sides"];
        (float[] x, float[] w, _, float[] dy) = Operands(stage, Draw.Uniform);
        (float[] y, byte[] winners) = Forward(stage, x, w, new float[stage.Convolution.OutputChannels], _team);
        Close.SameBits("output", y, Forward(stage, x, w, [], _team).Output);
        float[] dw = new float[w.Length], scratch = new float[FirstLayerConvolution.ScratchLength(stage, _team.ThreadCount)];
        FirstLayerConvolution.WeightGradient(x, y, winners, dy, dw, [], stage, scratch, _team);
        Close.SameBits("dWeights", WeightGradient(stage, x, y, winners, dy, _team).Weights, dw);
    }

    [Theory]
    [InlineData("alexnet-mnist")]
    [InlineData("alexnet-owt, small")]
    [InlineData("no pooling")]
    public void Forward_NotANumber_IsNotHidden(string name)
    {
        ConvolutionStage stage = Table[name];
        (float[] x, float[] w, float[] b, _) = Operands(stage, Draw.Uniform);
        Array.Fill(w, float.NaN);
        Assert.All(Forward(stage, x, w, b, _team).Output, value => Assert.Equal(float.NaN, value));
    }

    [Fact]
    public void Supports_WhatItDocuments()
    {
        ConvolutionGeometry g = Geometries.Same(2, 9, 9, 4, 8, 3, 3);
        Assert.True(FirstLayerConvolution.Supports(new ConvolutionStage(g, ActivationKind.Relu)));
        Assert.False(FirstLayerConvolution.Supports(new ConvolutionStage(g with { InputChannels = 5 }, ActivationKind.Relu)));
        Assert.False(FirstLayerConvolution.Supports(new ConvolutionStage(g with { Groups = 2 }, ActivationKind.Relu)));
        Assert.False(FirstLayerConvolution.Supports(new ConvolutionStage(g with { DilationHeight = 2 }, ActivationKind.Relu)));
        Assert.False(FirstLayerConvolution.Supports(new ConvolutionStage(g with { DilationWidth = 2 }, ActivationKind.Relu)));
    }

    [Fact]
    public void Calls_StageThatIsNotSupported_NameWhatIs()
    {
        ConvolutionStage stage = new(Geometries.Same(2, 9, 9, 5, 8, 3, 3), ActivationKind.Relu);
        ArgumentException error = Assert.Throws<ArgumentException>(() => FirstLayerConvolution.ScratchLength(stage, 1));
        Assert.Contains("5 input channels, dilation 1x1 and 1 groups: at most 4 channels", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FirstLayerConvolution.Forward([], [], [], [], [], stage, [], _team));
        Assert.Throws<ArgumentException>(() => FirstLayerConvolution.WeightGradient([], [], [], [], [], [], stage, [], _team));
    }

    [Fact]
    public void Calls_InvalidStage_ThrowArgumentException()
    {
        ConvolutionStage stage = Table["alexnet-mnist"];
        ConvolutionStage invalid = stage with { Pooling = stage.Pooling!.Value with { Channels = 3 } };
        Assert.Throws<ArgumentException>(() => FirstLayerConvolution.ScratchLength(invalid, 1));
        invalid = stage with { Convolution = stage.Convolution with { StrideHeight = 0 } };
        Assert.Throws<ArgumentException>(() => FirstLayerConvolution.ScratchLength(invalid, 1));
    }

    [Fact]
    public void ScratchLength_MoreThanAnArrayHolds_ThrowsArgumentException()
    {
        ConvolutionStage stage = new(Geometries.Valid(1, 1, 1, 4, 1 << 30, 64, 64) with { PadTop = 63, PadLeft = 63 }, ActivationKind.Identity);
        ArgumentException error = Assert.Throws<ArgumentException>(() => FirstLayerConvolution.ScratchLength(stage, 1));
        Assert.Contains("floats of scratch memory, more than an array holds", error.Message, StringComparison.Ordinal);
        stage = new(Geometries.Valid(1, 1, 1, 4, 16, 1, 1) with { PadRight = int.MaxValue - 1 }, ActivationKind.Identity);
        Assert.Throws<ArgumentException>(() => FirstLayerConvolution.ScratchLength(stage, 1));
    }

    [Theory]
    [InlineData("input", 1, 0, 0, 0, 0)]
    [InlineData("weights", 0, -1, 0, 0, 0)]
    [InlineData("bias", 0, 0, 1, 0, 0)]
    [InlineData("output", 0, 0, 0, -1, 0)]
    [InlineData("winners", 0, 0, 0, 0, 1)]
    public void Forward_WrongLength_NamesIt(string named, int input, int weights, int bias, int output, int places)
    {
        ConvolutionStage stage = Table["SAME pooling of an odd picture"];
        ConvolutionGeometry g = stage.Convolution;
        float[] scratch = new float[FirstLayerConvolution.ScratchLength(stage, _team.ThreadCount)];
        ArgumentException error = Assert.Throws<ArgumentException>(() => FirstLayerConvolution.Forward(
            new float[g.InputLength + input], new float[g.WeightLength + weights], new float[g.OutputChannels + bias],
            new float[stage.OutputLength + output], new byte[stage.OutputLength + places], stage, scratch, _team));
        Assert.Equal(named, error.ParamName);
    }

    [Theory]
    [InlineData("input", 1, 0, 0, 0, 0, 0)]
    [InlineData("output", 0, 1, 0, 0, 0, 0)]
    [InlineData("winners", 0, 0, -1, 0, 0, 0)]
    [InlineData("dOutput", 0, 0, 0, -1, 0, 0)]
    [InlineData("dWeights", 0, 0, 0, 0, 1, 0)]
    [InlineData("dBias", 0, 0, 0, 0, 0, -1)]
    public void WeightGradient_WrongLength_NamesIt(string named, int input, int output, int places, int dOutput, int dWeights, int dBias)
    {
        ConvolutionStage stage = Table["SAME pooling of an odd picture"];
        ConvolutionGeometry g = stage.Convolution;
        float[] scratch = new float[FirstLayerConvolution.ScratchLength(stage, _team.ThreadCount)];
        ArgumentException error = Assert.Throws<ArgumentException>(() => FirstLayerConvolution.WeightGradient(
            new float[g.InputLength + input], new float[stage.OutputLength + output], new byte[stage.OutputLength + places],
            new float[stage.OutputLength + dOutput], new float[g.WeightLength + dWeights], new float[g.OutputChannels + dBias], stage, scratch, _team));
        Assert.Equal(named, error.ParamName);
    }

    [Fact]
    public void Calls_ScratchTooShortOrWinnersWithoutPooling_NameThem()
    {
        ConvolutionStage stage = new(Geometries.Same(2, 9, 9, 1, 8, 3, 3), ActivationKind.Relu);
        (float[] x, float[] w, float[] b, float[] y) = Operands(stage, Draw.Uniform);
        Names("scratch", () => FirstLayerConvolution.Forward(x, w, b, y, [], stage, new float[50], _team));
        Names("scratch", () => FirstLayerConvolution.WeightGradient(x, y, [], y, w, b, stage, new float[50], _team));
        // Winners without pooling are a mistake, not ignored.
        Names("winners", () => FirstLayerConvolution.Forward(x, w, b, y, new byte[y.Length], stage, new float[50], _team));

        static void Names(string parameter, Action call) => Assert.Equal(parameter, Assert.Throws<ArgumentException>(call).ParamName);
    }

    [Fact]
    public void BothPasses_SteadyState_AllocateNothing()
    {
        ConvolutionStage stage = Table["alexnet-owt, small"];
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        float[] y = new float[stage.OutputLength], scratch = new float[FirstLayerConvolution.ScratchLength(stage, _team.ThreadCount)];
        byte[] winners = new byte[stage.OutputLength];
        Allocations.AssertNone(Steps);

        void Steps()
        {
            FirstLayerConvolution.Forward(x, w, b, y, winners, stage, scratch, _team);
            FirstLayerConvolution.WeightGradient(x, y, winners, dy, w, b, stage, scratch, _team);
            FirstLayerConvolution.ScratchLength(stage, 2);
        }
    }

    private static int Depth(in ConvolutionGeometry g) => g.KernelHeight * g.KernelWidth * g.InputChannels;

    // Five roundings before the sums: the activation's derivative, the product. Overlapping windows add up; then a sum over a band, the bands of
    // some pictures, the partial sums. The bias: the positions of a picture, then the pictures.
    private static double GradientTolerance(in ConvolutionStage stage)
    {
        FirstLayerSizes sizes = new(stage);
        int windows = stage.Pooling is PoolGeometry pool ? pool.WindowHeight * pool.WindowWidth : 1;
        int bands = (sizes.Rows + sizes.BandRows - 1) / sizes.BandRows;
        int weights = windows + (sizes.BandRows * sizes.Width) + (bands * sizes.PicturesPerPartial) + sizes.Partials;
        int bias = (sizes.Rows * sizes.Width) + sizes.Batch;
        return (5 + Math.Max(weights, bias)) * Tolerances.UnitRoundoff;
    }

    private static (float[] Output, byte[] Winners) Forward(in ConvolutionStage stage, float[] x, float[] w, float[] b, ThreadTeam team)
    {
        Guarded<float> y = new((int)stage.OutputLength), scratch = new(FirstLayerConvolution.ScratchLength(stage, team.ThreadCount));
        Guarded<byte> winners = new(stage.Pooling is null ? 0 : (int)stage.OutputLength);
        FirstLayerConvolution.Forward(
            new Guarded<float>(x).Span, new Guarded<float>(w).Span, b.Length == 0 ? [] : new Guarded<float>(b).Span, y.Span, winners.Span,
            stage, scratch.Span, team);
        scratch.Values();
        return (y.Values(), winners.Values());
    }

    private static (float[] Weights, float[] Bias) WeightGradient(in ConvolutionStage stage, float[] x, float[] y, byte[] winners, float[] dy, ThreadTeam team)
    {
        Guarded<float> dw = new((int)stage.Convolution.WeightLength), db = new(stage.Convolution.OutputChannels);
        Guarded<float> scratch = new(FirstLayerConvolution.ScratchLength(stage, team.ThreadCount));
        FirstLayerConvolution.WeightGradient(
            new Guarded<float>(x).Span, new Guarded<float>(y).Span, new Guarded<byte>(winners).Span, new Guarded<float>(dy).Span, dw.Span, db.Span,
            stage, scratch.Span, team);
        scratch.Values();
        return (dw.Values(), db.Values());
    }

    private void CheckIntegers(in ConvolutionStage stage)
    {
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Integers);
        Composed twin = new(stage, x.Widen(), w.Widen(), b.Widen());
        (float[] y, byte[] winners) = Forward(stage, x, w, b, _team);
        Close.Exactly($"output of {stage}", twin.Output, y);
        Assert.Equal(twin.Winners, winners.Select(place => (int)place));
        (float[] dw, float[] db) = WeightGradient(stage, x, y, winners, dy, _team);
        (double[] expectedW, double[] expectedB) = Composed.Gradients(stage, x.Widen(), y.Widen(), winners, dy.Widen());
        Close.Exactly($"dWeights of {stage}", expectedW, dw);
        Close.Exactly($"dBias of {stage}", expectedB, db);
    }
}
