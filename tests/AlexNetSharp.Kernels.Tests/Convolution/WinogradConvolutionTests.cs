using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using static AlexNetSharp.Kernels.Tests.Support.Stages;

namespace AlexNetSharp.Kernels.Tests.Convolution;

public sealed class WinogradConvolutionTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private static readonly Dictionary<string, ConvolutionStage> Table = new()
    {
        ["alexnet-mnist, second layer, narrow"] = Pooled(Geometries.Same(5, 14, 14, 16, 32, 3, 3), 2, 2),
        ["alexnet-mnist, third layer, narrow"] = Padded(Geometries.Same(5, 7, 7, 16, 33, 3, 3), 2, 2, 0, 1),
        ["alexnet-owt, second layer, narrow"] = Pooled(Geometries.Same(2, 27, 27, 6, 20, 5, 5), 3, 2),
        ["alexnet-owt, fifth layer, narrow"] = Pooled(Geometries.Same(3, 13, 13, 17, 16, 3, 3), 3, 2),
        ["no pooling"] = new(Geometries.Same(3, 13, 13, 16, 17, 3, 3), ActivationKind.Relu),
        ["no pooling, 5x5"] = new(Geometries.Same(3, 9, 8, 5, 18, 5, 5), ActivationKind.Relu),
        ["many pictures, several chunks and groups"] = Pooled(Geometries.Same(70, 6, 6, 33, 33, 3, 3), 2, 2),
        ["many pictures, 5x5"] = Pooled(Geometries.Same(70, 6, 5, 17, 17, 5, 5), 3, 2),
        ["windows that overlap and are padded on all sides"] = Padded(Geometries.Same(3, 9, 8, 3, 16, 3, 3), 3, 2, 1, 1),
        ["windows of two by two that overlap"] = Padded(Geometries.Same(2, 9, 7, 3, 33, 3, 3), 2, 1, 1, 0),
        ["windows with gaps between them"] = Pooled(Geometries.Same(2, 12, 13, 3, 18, 3, 3), 2, 3),
        ["windows that leave the last row and column out"] = Pooled(Geometries.Same(2, 7, 9, 3, 16, 3, 3), 2, 2),
        ["without padding"] = Pooled(Geometries.Valid(2, 16, 12, 3, 18, 3, 3), 2, 2),
        ["without padding, 5x5"] = Pooled(Geometries.Valid(2, 11, 12, 3, 18, 5, 5), 2, 2),
        ["padding on one side"] = new(Geometries.Valid(2, 7, 6, 3, 5, 3, 3) with { PadTop = 2, PadRight = 1 }, ActivationKind.Identity),
        ["padding wider than the filter"] = new(
            Geometries.Valid(2, 3, 2, 3, 5, 5, 5) with { PadTop = 7, PadLeft = 6, PadBottom = 1, PadRight = 9 }, ActivationKind.Identity),
        ["one pixel"] = new(Geometries.Same(3, 1, 1, 4, 5, 3, 3), ActivationKind.Identity),
        ["the largest of 3x3"] = Pooled(Geometries.Same(1, 62, 62, 1, 2, 3, 3), 2, 2),
        ["the largest of 5x5"] = Pooled(Geometries.Same(1, 60, 60, 2, 1, 5, 5), 3, 2),
        ["the largest without padding"] = new(Geometries.Valid(1, 64, 64, 1, 1, 3, 3), ActivationKind.Relu),
        ["as long as can be"] = new(Geometries.Same(1, 1, 1363, 1, 2, 3, 3), ActivationKind.Relu),
        ["as high as can be"] = Padded(Geometries.Same(1, 815, 1, 2, 1, 5, 5), 2, 1, 1, 0),
    };

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> TableNames => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(TableNames))]
    public void AllPasses_StageOfTheTable_LieNearTheTwin(string name) => CheckRealNumbers(Table[name]);

    [Theory]
    [InlineData("alexnet-mnist, third layer, narrow", ActivationKind.Tanh)]
    [InlineData("windows that overlap and are padded on all sides", ActivationKind.Sigmoid)]
    [InlineData("windows that overlap and are padded on all sides", ActivationKind.Identity)]
    [InlineData("without padding, 5x5", ActivationKind.Tanh)]
    [InlineData("no pooling", ActivationKind.Sigmoid)]
    [InlineData("no pooling, 5x5", ActivationKind.Identity)]
    public void AllPasses_OtherActivations_LieNearTheTwin(string name, ActivationKind activation) => CheckRealNumbers(Table[name] with { Activation = activation });

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void AllPasses_EverySizeUpToFifteen_LieNearTheTwin(int kernel)
    {
        // Every mix of tiles along rows and columns.
        for (int height = 1; height <= 15; height++)
        {
            for (int width = 1; width <= 15; width++)
                CheckRealNumbers(new ConvolutionStage(Geometries.Same(1, height, width, 2, 3, kernel, kernel), ActivationKind.Identity));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void AllPasses_EveryNumberOfChannels_LieNearTheTwin(int kernel)
    {
        foreach (int inputs in (ReadOnlySpan<int>)[1, 3, 15, 16, 17, 33])
        {
            foreach (int outputs in (ReadOnlySpan<int>)[1, 3, 15, 16, 17, 33])
                CheckRealNumbers(Padded(Geometries.Same(2, 5, 7, inputs, outputs, kernel, kernel), 2, 2, 0, 1));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void AllPasses_EveryNumberOfPictures_LieNearTheTwin(int kernel)
    {
        foreach (int batch in (ReadOnlySpan<int>)[1, 3, 17, 70])
        {
            CheckRealNumbers(Pooled(Geometries.Same(batch, 7, 4, 3, 18, kernel, kernel), 2, 2));
            CheckRealNumbers(new ConvolutionStage(Geometries.Valid(batch, 6, 8, 17, 2, kernel, kernel), ActivationKind.Relu));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void AllPasses_EveryPadding_LieNearTheTwin(int kernel)
    {
        for (int top = 0; top <= 3; top++)
        {
            for (int left = 0; left <= 3; left++)
            {
                ConvolutionGeometry g = Geometries.Valid(2, 5, 6, 2, 3, kernel, kernel) with { PadTop = top, PadLeft = left, PadBottom = 3 - left, PadRight = top };
                CheckRealNumbers(new ConvolutionStage(g, ActivationKind.Identity));
            }
        }
    }

    [Theory]
    [InlineData(3, ActivationKind.Tanh, false)]
    [InlineData(3, ActivationKind.Relu, true)]
    [InlineData(3, ActivationKind.Sigmoid, true)]
    [InlineData(5, ActivationKind.Identity, true)]
    [InlineData(5, ActivationKind.Tanh, false)]
    public void Backward_ItsOwnForward_AgreesWithFiniteDifferencesOfTheTwin(int kernel, ActivationKind activation, bool pools)
    {
        ConvolutionGeometry g = Geometries.Same(2, 5, 7, 2, 3, kernel, kernel);
        ConvolutionStage stage = (pools ? Padded(g, 3, 2, 1, 1) : new ConvolutionStage(g, activation)) with { Activation = activation };
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        double[] wideX = x.Widen(), wideW = w.Widen(), wideB = b.Widen(), wideDY = dy.Widen();
        double[] byInput = FiniteDifference.Gradient(p => Draw.Dot(wideDY, new Composed(stage, p, wideW, wideB).Output), wideX, Tolerances.DifferenceStep);
        double[] byWeights = FiniteDifference.Gradient(p => Draw.Dot(wideDY, new Composed(stage, wideX, p, wideB).Output), wideW, Tolerances.DifferenceStep);
        double[] byBias = FiniteDifference.Gradient(p => Draw.Dot(wideDY, new Composed(stage, wideX, wideW, p).Output), wideB, Tolerances.DifferenceStep);

        Results results = Compute(stage, x, w, b, dy, _team);

        // The derivative is taken at the kernel's rounded output, and no activation's derivative is steeper than 2.
        double derivative = 2 * WinogradTolerances.Output(g);
        double[] dSums = Composed.Unpool(stage, wideDY.Magnitudes(), results.Winners);
        ReferenceConvolutionShape shape = g.Twin();
        Close.Within(
            "Winograd dInput, differences", byInput, results.DInput, 1,
            Allowed(ReferenceConvolution2D.DataGradient(dSums, wideW.Magnitudes(), shape), derivative, WinogradTolerances.InputGradient(stage)));
        Close.Within(
            "Winograd dWeights, differences", byWeights, results.DWeights, 1,
            Allowed(ReferenceConvolution2D.WeightGradient(wideX.Magnitudes(), dSums, shape), derivative, WinogradTolerances.WeightGradient(stage)));
        Close.Within(
            "Winograd dBias, differences", byBias, results.DBias, derivative + WinogradTolerances.BiasGradient(stage) + Tolerances.Difference,
            ReferenceConvolution2D.BiasGradient(dSums, shape));

        static double[] Allowed(double[] magnitudes, double derivative, double error) =>
            Array.ConvertAll(magnitudes, m => ((derivative + Tolerances.Difference) * m) + error);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void AllPasses_AsLinearMaps_AreAdjointToEachOther(int kernel)
    {
        // <conv(x, w), dy> = <x, dataGradient(dy)> = <w, weightGradient(dy)>: no twin is needed to see it.
        ConvolutionStage stage = new(Geometries.Same(5, 13, 10, 18, 17, kernel, kernel), ActivationKind.Identity);
        (float[] x, float[] w, _, float[] dy) = Operands(stage, Draw.Uniform);
        Results results = Compute(stage, x, w, [], dy, _team);
        double forward = Draw.Dot(results.Output.Widen(), dy.Widen());
        double byInput = Draw.Dot(x.Widen(), results.DInput.Widen()), byWeights = Draw.Dot(w.Widen(), results.DWeights.Widen());
        double allowed = WinogradTolerances.Output(stage.Convolution) * Sum(dy);
        Assert.InRange(byInput - forward, -Allowed(WinogradTolerances.InputGradient(stage), x), Allowed(WinogradTolerances.InputGradient(stage), x));
        Assert.InRange(byWeights - forward, -Allowed(WinogradTolerances.WeightGradient(stage), w), Allowed(WinogradTolerances.WeightGradient(stage), w));

        double Allowed(double error, float[] factors) => allowed + (error * Sum(factors));

        static double Sum(float[] values) => values.Sum(value => (double)Math.Abs(value));
    }

    [Theory]
    [MemberData(nameof(TableNames))]
    public void AllPasses_AnyNumberOfThreads_GiveTheSameBits(string name)
    {
        ConvolutionStage stage = Table[name];
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        Teams.GiveTheSameBits(name, team =>
        {
            Results results = Compute(stage, x, w, b, dy, team);
            return [.. results.Output, .. results.Winners.Select(place => (float)place), .. results.DInput, .. results.DWeights, .. results.DBias];
        });
    }

    [Theory]
    [InlineData("alexnet-mnist, second layer, narrow")]
    [InlineData("alexnet-mnist, third layer, narrow")]
    [InlineData("windows that overlap and are padded on all sides")]
    [InlineData("no pooling, 5x5")]
    [InlineData("one pixel")]
    public void AllPasses_PictureAloneAndInAnyBatch_HasTheSameBits(string name)
    {
        ConvolutionStage one = WithBatch(Table[name], 1), largest = WithBatch(Table[name], 100);
        (float[] x, float[] w, float[] b, float[] dy) = Operands(largest, Draw.Uniform);
        int inputLength = (int)one.Convolution.InputLength, outputLength = (int)one.OutputLength;
        Results expected = Batch(100);
        foreach (int batch in (ReadOnlySpan<int>)[1, 7, 40])
        {
            Results actual = Batch(batch);
            Close.SameBits($"output of {batch}", expected.Output.AsSpan(0, batch * outputLength), actual.Output);
            Close.SameBits($"dInput of {batch}", expected.DInput.AsSpan(0, batch * inputLength), actual.DInput);
            Assert.True(actual.Winners.AsSpan().SequenceEqual(expected.Winners.AsSpan(0, actual.Winners.Length)));
        }
        // A picture from the middle of a chunk, alone.
        Results alone = Compute(one, x[(41 * inputLength)..(42 * inputLength)], w, b, dy[(41 * outputLength)..(42 * outputLength)], _team);
        Close.SameBits("output of picture 41", expected.Output.AsSpan(41 * outputLength, outputLength), alone.Output);
        Close.SameBits("dInput of picture 41", expected.DInput.AsSpan(41 * inputLength, inputLength), alone.DInput);

        Results Batch(int count) => Compute(WithBatch(one, count), x[..(count * inputLength)], w, b, dy[..(count * outputLength)], _team);
    }

    [Theory]
    [InlineData("alexnet-mnist, third layer, narrow")]
    [InlineData("alexnet-owt, second layer, narrow")]
    public void Inference_WithoutWinnersAndTransposedFilters_GivesTheSameOutput(string name)
    {
        ConvolutionStage stage = Table[name];
        ConvolutionGeometry g = stage.Convolution;
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        Guarded<float> filters = new((int)WinogradConvolution.FilterLength(g)), y = new((int)stage.OutputLength);
        WinogradConvolution.TransformFilters(w, filters.Span, [], g, _team);
        float[] scratch = new float[WinogradConvolution.ForwardScratchLength(g, _team.ThreadCount)];
        WinogradConvolution.Forward(x, filters.Values(), b, y.Span, [], stage, scratch, _team);
        Close.SameBits("output", Compute(stage, x, w, b, dy, _team).Output, y.Values());
    }

    [Theory]
    [InlineData("alexnet-mnist, third layer, narrow")]
    [InlineData("no pooling, 5x5")]
    public void Backward_NobodyAsksForTheInputsGradient_NeedsNoTransposedFilters(string name)
    {
        ConvolutionStage stage = Table[name];
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        Results expected = Compute(stage, x, w, b, dy, _team);
        float[] dw = new float[w.Length], db = new float[b.Length];
        float[] scratch = new float[WinogradConvolution.BackwardScratchLength(stage.Convolution, _team.ThreadCount)];
        WinogradConvolution.Backward(x, [], expected.Output, expected.Winners, dy, [], dw, db, stage, scratch, _team);
        Close.SameBits("dWeights", expected.DWeights, dw);
        Close.SameBits("dBias", expected.DBias, db);
    }

    [Fact]
    public void Forward_WithoutBias_LeavesItOut()
    {
        ConvolutionStage stage = Table["windows that overlap and are padded on all sides"];
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        Close.SameBits("output", Compute(stage, x, w, new float[b.Length], dy, _team).Output, Compute(stage, x, w, [], dy, _team).Output);
    }

    [Theory]
    [InlineData("alexnet-mnist, third layer, narrow")]
    [InlineData("no pooling")]
    [InlineData("no pooling, 5x5")]
    public void AllPasses_NotANumber_IsNotHidden(string name)
    {
        ConvolutionStage stage = Table[name];
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        float[] nans = new float[w.Length], gradients = new float[dy.Length];
        Array.Fill(nans, float.NaN);
        Array.Fill(gradients, float.NaN);
        Assert.All(Compute(stage, x, nans, b, dy, _team).Output, value => Assert.Equal(float.NaN, value));
        // Without an activation that is deaf to it: ReLU's derivative is zero for most.
        Results results = Compute(stage with { Activation = ActivationKind.Identity }, x, w, b, gradients, _team);
        Assert.All(results.DWeights, value => Assert.Equal(float.NaN, value));
        Assert.All(results.DInput, value => Assert.Equal(float.NaN, value));
        Assert.All(results.DBias, value => Assert.Equal(float.NaN, value));
    }

    [Fact]
    public void Forward_OnePixelNotANumber_ReachesAllThatSeeItAndNoOtherPicture()
    {
        ConvolutionStage stage = Table["no pooling"];
        ConvolutionGeometry g = stage.Convolution;
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        float[] clean = Compute(stage, x, w, b, dy, _team).Output;
        // Picture 1, row 5, column 6.
        x[(((((1 * g.InputHeight) + 5) * g.InputWidth) + 6) * g.InputChannels) + 3] = float.NaN;
        float[] y = Compute(stage, x, w, b, dy, _team).Output;
        for (int i = 0; i < y.Length; i++)
        {
            int position = i / g.OutputChannels, column = position % g.OutputWidth, row = position / g.OutputWidth % g.OutputHeight;
            bool isItsPicture = position / (g.OutputWidth * g.OutputHeight) == 1;
            if (isItsPicture && Math.Abs(row - 5) <= 1 && Math.Abs(column - 6) <= 1)
                Assert.Equal(float.NaN, y[i]);
            else if (!isItsPicture)
                Assert.Equal(clean[i], y[i]);
        }
    }

    [Theory]
    [InlineData(3, 13, 13, "F(4x4+3x3, 3x3)")]
    [InlineData(3, 28, 8, "F(4x4, 3x3)")]
    [InlineData(3, 6, 9, "F(3x3, 3x3)")]
    [InlineData(5, 27, 27, "F(2x2, 5x5)")]
    public void Tiles_NamesThem(int kernel, int height, int width, string expected) =>
        Assert.Equal(expected, WinogradConvolution.Tiles(Geometries.Same(1, height, width, 1, 1, kernel, kernel)));

    [Fact]
    public void Supports_WhatItDocuments()
    {
        ConvolutionGeometry g = Geometries.Same(2, 9, 9, 4, 8, 3, 3);
        Assert.True(WinogradConvolution.Supports(g));
        Assert.True(WinogradConvolution.Supports(Geometries.Same(2, 9, 9, 4, 8, 5, 5)));
        Assert.True(WinogradConvolution.Supports(Geometries.Valid(1, 64, 64, 1, 1, 3, 3)));
        Assert.All(
            [
                Geometries.Same(2, 9, 9, 4, 8, 3, 5), Geometries.Same(2, 9, 9, 4, 8, 1, 1), Geometries.Same(2, 9, 9, 4, 8, 7, 7),
                g with { StrideHeight = 2 }, g with { StrideWidth = 2 }, g with { DilationHeight = 2 }, g with { DilationWidth = 2 }, g with { Groups = 2 },
                Geometries.Valid(1, 64, 65, 1, 1, 3, 3), Geometries.Same(1, 64, 64, 1, 1, 3, 3), Geometries.Same(1, 1, 1364, 1, 1, 3, 3),
                // Sums that wrap around in 32 bits.
                g with { PadTop = int.MaxValue }, g with { InputWidth = int.MaxValue, PadLeft = int.MaxValue },
            ],
            unsupported => Assert.False(WinogradConvolution.Supports(unsupported), unsupported.ToString()));
    }

    [Fact]
    public void Calls_GeometryThatIsNotSupported_NameWhatIs()
    {
        ConvolutionStage stage = new(Geometries.Same(2, 9, 9, 4, 8, 3, 5) with { StrideHeight = 2 }, ActivationKind.Relu);
        ConvolutionGeometry g = stage.Convolution;
        Action[] calls =
        [
            () => WinogradConvolution.Tiles(g), () => WinogradConvolution.FilterLength(g), () => WinogradConvolution.TransposedFilterLength(g),
            () => WinogradConvolution.ForwardScratchLength(g, 1), () => WinogradConvolution.BackwardScratchLength(g, 1),
            () => WinogradConvolution.TransformFilters([], [], [], g, _team), () => WinogradConvolution.Forward([], [], [], [], [], stage, [], _team),
            () => WinogradConvolution.Backward([], [], [], [], [], [], [], [], stage, [], _team),
        ];
        foreach (Action call in calls)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(call);
            Assert.Contains("a 3x5 filter, stride 2x1, dilation 1x1, 1 groups on 9x9 pictures; 3x3 or 5x5", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Calls_InvalidStage_ThrowArgumentException()
    {
        ConvolutionStage stage = Table["alexnet-mnist, third layer, narrow"];
        ConvolutionGeometry empty = stage.Convolution with { InputChannels = 0 };
        Assert.Throws<ArgumentException>(() => WinogradConvolution.FilterLength(empty));
        Assert.Throws<ArgumentException>(() => WinogradConvolution.ForwardScratchLength(empty, 1));
        ConvolutionStage invalid = stage with { Pooling = stage.Pooling!.Value with { Channels = 3 } };
        ArgumentException error = Assert.Throws<ArgumentException>(() => WinogradConvolution.Forward([], [], [], [], [], invalid, [], _team));
        Assert.Contains("The pooling's input is [5,7,7,3]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("weights", 1, 0, 0)]
    [InlineData("filters", 0, -1, 0)]
    [InlineData("transposed", 0, 0, 1)]
    public void TransformFilters_WrongLength_NamesIt(string named, int weights, int filters, int transposed)
    {
        ConvolutionGeometry g = Table["no pooling"].Convolution;
        ArgumentException error = Assert.Throws<ArgumentException>(() => WinogradConvolution.TransformFilters(
            new float[g.WeightLength + weights], new float[WinogradConvolution.FilterLength(g) + filters],
            new float[WinogradConvolution.TransposedFilterLength(g) + transposed], g, _team));
        Assert.Equal(named, error.ParamName);
    }

    [Theory]
    [InlineData("input", 1, 0, 0, 0, 0)]
    [InlineData("filters", 0, -1, 0, 0, 0)]
    [InlineData("bias", 0, 0, 1, 0, 0)]
    [InlineData("output", 0, 0, 0, -1, 0)]
    [InlineData("winners", 0, 0, 0, 0, 1)]
    public void Forward_WrongLength_NamesIt(string named, int input, int filters, int bias, int output, int places)
    {
        ConvolutionStage stage = Table["alexnet-mnist, third layer, narrow"];
        ConvolutionGeometry g = stage.Convolution;
        float[] scratch = new float[WinogradConvolution.ForwardScratchLength(g, _team.ThreadCount)];
        ArgumentException error = Assert.Throws<ArgumentException>(() => WinogradConvolution.Forward(
            new float[g.InputLength + input], new float[WinogradConvolution.FilterLength(g) + filters], new float[g.OutputChannels + bias],
            new float[stage.OutputLength + output], new byte[stage.OutputLength + places], stage, scratch, _team));
        Assert.Equal(named, error.ParamName);
    }

    [Theory]
    [InlineData("input", 0)]
    [InlineData("transposedFilters", 1)]
    [InlineData("output", 2)]
    [InlineData("winners", 3)]
    [InlineData("dOutput", 4)]
    [InlineData("dInput", 5)]
    [InlineData("dWeights", 6)]
    [InlineData("dBias", 7)]
    public void Backward_WrongLength_NamesIt(string named, int which)
    {
        ConvolutionStage stage = Table["alexnet-mnist, third layer, narrow"];
        ConvolutionGeometry g = stage.Convolution;
        float[] scratch = new float[WinogradConvolution.BackwardScratchLength(g, _team.ThreadCount)];
        foreach (int more in (ReadOnlySpan<int>)[-1, 1])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => WinogradConvolution.Backward(
                new float[g.InputLength + More(0)], new float[WinogradConvolution.TransposedFilterLength(g) + More(1)], new float[stage.OutputLength + More(2)],
                new byte[stage.OutputLength + More(3)], new float[stage.OutputLength + More(4)], new float[g.InputLength + More(5)],
                new float[g.WeightLength + More(6)], new float[g.OutputChannels + More(7)], stage, scratch, _team));
            Assert.Equal(named, error.ParamName);

            int More(int argument) => argument == which ? more : 0;
        }
    }

    [Fact]
    public void Calls_ScratchTooShortOrWinnersWithoutPooling_NameThem()
    {
        ConvolutionStage stage = new(Geometries.Same(2, 9, 9, 3, 3, 3, 3), ActivationKind.Relu);
        ConvolutionGeometry g = stage.Convolution;
        (float[] x, float[] w, float[] b, float[] y) = Operands(stage, Draw.Uniform);
        float[] filters = new float[WinogradConvolution.FilterLength(g)], scratch = new float[WinogradConvolution.BackwardScratchLength(g, _team.ThreadCount)];
        int forward = (int)WinogradConvolution.ForwardScratchLength(g, _team.ThreadCount);
        Names("scratch", () => WinogradConvolution.Forward(x, filters, b, y, [], stage, new float[forward - 1], _team));
        Names("scratch", () => WinogradConvolution.Backward(x, [], y, [], y, [], w, b, stage, scratch.AsSpan(1), _team));
        // Winners without pooling are a mistake, not ignored.
        Names("winners", () => WinogradConvolution.Forward(x, filters, b, y, new byte[y.Length], stage, new float[forward], _team));
        Names("winners", () => WinogradConvolution.Backward(x, [], y, new byte[y.Length], y, [], w, b, stage, scratch, _team));

        static void Names(string parameter, Action call) => Assert.Equal(parameter, Assert.Throws<ArgumentException>(call).ParamName);
    }

    [Theory]
    [InlineData("alexnet-mnist, third layer, narrow")]
    [InlineData("no pooling, 5x5")]
    public void AllPasses_SteadyState_AllocateNothing(string name)
    {
        ConvolutionStage stage = Table[name];
        ConvolutionGeometry g = stage.Convolution;
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        float[] filters = new float[WinogradConvolution.FilterLength(g)], transposed = new float[WinogradConvolution.TransposedFilterLength(g)];
        float[] y = new float[stage.OutputLength], dx = new float[x.Length], dw = new float[w.Length], db = new float[b.Length];
        float[] forward = new float[WinogradConvolution.ForwardScratchLength(g, _team.ThreadCount)];
        float[] backward = new float[WinogradConvolution.BackwardScratchLength(g, _team.ThreadCount)];
        byte[] winners = new byte[stage.Pooling is null ? 0 : stage.OutputLength];
        Allocations.AssertNone(Steps);

        void Steps()
        {
            WinogradConvolution.TransformFilters(w, filters, transposed, g, _team);
            WinogradConvolution.Forward(x, filters, b, y, winners, stage, forward, _team);
            WinogradConvolution.Backward(x, transposed, y, winners, dy, dx, dw, db, stage, backward, _team);
            WinogradConvolution.ForwardScratchLength(g, 2);
            WinogradConvolution.BackwardScratchLength(g, 2);
        }
    }

    private static Results Compute(in ConvolutionStage stage, float[] x, float[] w, float[] b, float[] dy, ThreadTeam team)
    {
        ConvolutionGeometry g = stage.Convolution;
        Guarded<float> filters = new((int)WinogradConvolution.FilterLength(g)), transposed = new((int)WinogradConvolution.TransposedFilterLength(g));
        WinogradConvolution.TransformFilters(new Guarded<float>(w).Span, filters.Span, transposed.Span, g, team);
        Guarded<float> y = new((int)stage.OutputLength), forward = new((int)WinogradConvolution.ForwardScratchLength(g, team.ThreadCount));
        Guarded<byte> winners = new(stage.Pooling is null ? 0 : (int)stage.OutputLength);
        WinogradConvolution.Forward(
            new Guarded<float>(x).Span, filters.Span, b.Length == 0 ? [] : new Guarded<float>(b).Span, y.Span, winners.Span, stage, forward.Span, team);
        Guarded<float> dx = new((int)g.InputLength), dw = new((int)g.WeightLength), db = new(g.OutputChannels);
        Guarded<float> backward = new((int)WinogradConvolution.BackwardScratchLength(g, team.ThreadCount));
        WinogradConvolution.Backward(
            new Guarded<float>(x).Span, transposed.Span, y.Span, winners.Span, new Guarded<float>(dy).Span, dx.Span, dw.Span, db.Span, stage, backward.Span, team);
        filters.Values();
        transposed.Values();
        forward.Values();
        backward.Values();
        return new Results(y.Values(), winners.Values(), dx.Values(), dw.Values(), db.Values());
    }

    private void CheckRealNumbers(in ConvolutionStage stage)
    {
        ConvolutionGeometry g = stage.Convolution;
        (float[] x, float[] w, float[] b, float[] dy) = Operands(stage, Draw.Uniform);
        double[] wideX = x.Widen(), wideW = w.Widen(), wideDY = dy.Widen();
        Results results = Compute(stage, x, w, b, dy, _team);
        string tiles = $"Winograd {g.KernelHeight}x{g.KernelWidth}";
        // Sigmoid's and tanh's own rounding is relative to 1 at most.
        Close.WithinScale(
            $"{tiles} output", new Composed(stage, wideX, wideW, b.Widen()).Output, results.Output, WinogradTolerances.Output(g) + Tolerances.Sigmoid, 1);

        // From the kernel's own output and winners, so that a near tie decided otherwise is no error.
        double[] wideY = results.Output.Widen();
        (double[] dWeights, double[] dBias) = Composed.Gradients(stage, wideX, wideY, results.Winners, wideDY);
        double[] dInput = Composed.InputGradient(stage, wideW, wideY, results.Winners, wideDY);
        Close.WithinScale($"{tiles} dInput", dInput, results.DInput, WinogradTolerances.InputGradient(stage), 1);
        Close.WithinScale($"{tiles} dWeights", dWeights, results.DWeights, WinogradTolerances.WeightGradient(stage), 1);
        double[] magnitudes = ReferenceConvolution2D.BiasGradient(Composed.Unpool(stage, wideDY.Magnitudes(), results.Winners), g.Twin());
        Close.Within($"{tiles} dBias", dBias, results.DBias, WinogradTolerances.BiasGradient(stage), magnitudes);
    }

    private readonly record struct Results(float[] Output, byte[] Winners, float[] DInput, float[] DWeights, float[] DBias);
}
