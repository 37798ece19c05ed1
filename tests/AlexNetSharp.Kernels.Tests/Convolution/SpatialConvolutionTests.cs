using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Convolution;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.Convolution;

public sealed class SpatialConvolutionTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private static readonly int[] ChannelCounts = [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33];

    private static readonly Dictionary<string, ConvolutionGeometry> Table = new()
    {
        ["AlexNet's first layer, small"] = Geometries.Valid(1, 27, 31, 3, 8, 11, 11) with { StrideHeight = 4, StrideWidth = 4 },
        ["AlexNet's second layer, small"] = Geometries.Same(1, 7, 7, 8, 10, 5, 5) with { Groups = 2 },
        ["SAME of an even picture at stride 2 pads the end alone"] = Geometries.Valid(2, 8, 6, 3, 5, 3, 3) with { StrideHeight = 2, StrideWidth = 2, PadBottom = 1, PadRight = 1 },
        ["other padding on each side"] = Geometries.Valid(2, 5, 6, 3, 4, 4, 3) with { PadTop = 3, PadLeft = 1, PadBottom = 0, PadRight = 4 },
        ["padding wider than the kernel"] = Geometries.Valid(1, 3, 3, 2, 3, 2, 2) with { PadTop = 5, PadLeft = 4, PadBottom = 3, PadRight = 6 },
        ["dilation"] = Geometries.Valid(2, 9, 10, 3, 4, 3, 3) with { DilationHeight = 2, DilationWidth = 3 },
        ["dilation with stride, no common divisor"] = Geometries.Same(1, 11, 12, 3, 4, 3, 3) with { DilationHeight = 2, DilationWidth = 3, StrideHeight = 3, StrideWidth = 2 },
        ["dilation a multiple of the stride: most phases see no tap"] = Geometries.Same(1, 9, 9, 2, 3, 3, 3) with { DilationHeight = 2, DilationWidth = 4, StrideHeight = 2, StrideWidth = 4 },
        ["depthwise"] = Geometries.Same(2, 6, 5, 12, 12, 3, 3) with { Groups = 12 },
        ["depthwise with two filters a channel"] = Geometries.Same(1, 6, 5, 9, 18, 3, 3) with { Groups = 9 },
        ["groups of uneven sizes"] = Geometries.Same(2, 5, 5, 15, 21, 3, 3) with { Groups = 3 },
        ["one channel"] = Geometries.Same(3, 9, 9, 1, 17, 3, 3),
        ["one filter"] = Geometries.Same(3, 9, 9, 17, 1, 3, 3),
        ["1x1"] = Geometries.Valid(2, 6, 7, 33, 18, 1, 1),
        ["1x1 at stride 3: two of three rows and columns unseen"] = Geometries.Valid(2, 8, 7, 5, 6, 1, 1) with { StrideHeight = 3, StrideWidth = 3 },
        ["stride greater than the kernel"] = Geometries.Valid(1, 13, 11, 3, 5, 2, 3) with { StrideHeight = 4, StrideWidth = 4 },
        ["stride greater than the picture"] = Geometries.Valid(2, 3, 2, 3, 5, 2, 2) with { StrideHeight = 4, StrideWidth = 3 },
        ["stride in one direction"] = Geometries.Same(1, 7, 8, 4, 4, 3, 5) with { StrideWidth = 3 },
        ["last rows and columns unused"] = Geometries.Valid(1, 8, 9, 3, 4, 3, 3) with { StrideHeight = 3, StrideWidth = 4 },
        ["one row"] = Geometries.Same(2, 1, 40, 5, 6, 1, 7),
        ["one column"] = Geometries.Same(2, 40, 1, 5, 6, 7, 1),
        ["kernel as large as the picture"] = Geometries.Valid(3, 6, 7, 5, 9, 6, 7),
        ["one pixel"] = Geometries.Valid(1, 1, 1, 1, 1, 1, 1),
        ["a deep sum"] = Geometries.Same(1, 3, 3, 130, 7, 3, 3),
        ["a weight gradient in two parts"] = Geometries.Same(1, 64, 65, 2, 3, 3, 3),
        ["a weight gradient in three uneven parts"] = Geometries.Same(7, 31, 29, 3, 5, 2, 2),
    };

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> TableNames => [.. Table.Keys];

    public static TheoryData<string> GoldenCases => Golden.Names("conv2d");

    [Theory]
    [MemberData(nameof(TableNames))]
    public void AllPasses_GeometryOfTheTable_AreExactOnIntegers(string name) => CheckIntegers(Table[name]);

    [Fact]
    public void AllPasses_EveryKernelAndStride_AreExactOnIntegers()
    {
        for (int kernel = 1; kernel <= 11; kernel++)
        {
            for (int stride = 1; stride <= 4; stride++)
            {
                ConvolutionGeometry strided = Geometries.Same(1, 13, 12, 2, 3, kernel, kernel) with { StrideHeight = stride, StrideWidth = stride };
                CheckIntegers(strided);
                CheckIntegers(strided with { KernelWidth = 12 - kernel, PadLeft = (11 - kernel) / 2, PadRight = (12 - kernel) / 2, PadTop = 0 });
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AllPasses_ChannelsAroundEveryLane_AreExactOnIntegers(int kernel)
    {
        foreach (int inputs in ChannelCounts)
        {
            foreach (int outputs in ChannelCounts)
                CheckIntegers(Geometries.Same(1, 3, 4, inputs, outputs, kernel, kernel));
        }
    }

    [Fact]
    public void AllPasses_RandomGeometry_AreExactOnIntegers() => Geometries.Convolutions.Sample(g => CheckIntegers(g), iter: 150, threads: 1);

    [Theory]
    [MemberData(nameof(TableNames))]
    public void AllPasses_RealNumbers_LieWithinTheRoundingOfTheirSums(string name)
    {
        ConvolutionGeometry g = Table[name];
        ReferenceConvolutionShape s = g.Twin();
        float[] x = Draw.Uniform(1, g.InputLength), w = Draw.Uniform(2, g.WeightLength), b = Draw.Uniform(3, g.OutputChannels), dy = Draw.Uniform(4, g.OutputLength);
        Compare(
            "convolution", g, x, w, b, dy, ReferenceConvolution2D.Forward(x.Widen(), w.Widen(), b.Widen(), s),
            ReferenceConvolution2D.DataGradient(dy.Widen(), w.Widen(), s), ReferenceConvolution2D.WeightGradient(x.Widen(), dy.Widen(), s));
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void AllPasses_GoldenCase_AgreeWithPyTorch(string name)
    {
        GoldenCase golden = Golden.Case("conv2d", name);
        ConvolutionGeometry g = ReferenceConvolutionShape.From(golden).Kernel();
        Assert.Equal((golden.Get<int>("outputHeight"), golden.Get<int>("outputWidth")), (g.OutputHeight, g.OutputWidth));
        float[] dy = golden.Floats("dOutput");
        Compare(
            "convolution, golden", g, golden.Floats("input"), golden.Floats("weights"), golden.Floats("bias"), dy,
            golden.Array("output"), golden.Array("dInput"), golden.Array("dWeights"));
        double[] magnitudes = ReferenceConvolution2D.BiasGradient(dy.Widen().Magnitudes(), g.Twin());
        Close.Within("convolution dBias, golden", golden.Array("dBias"), Calls.ColumnSum(dy, g.OutputChannels, _team), Tolerances.ColumnSum(dy.Length / g.OutputChannels), magnitudes);
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Gradients_GoldenGeometry_AgreeWithFiniteDifferencesOfTheTwin(string name)
    {
        ReferenceConvolutionShape s = ReferenceConvolutionShape.From(Golden.Case("conv2d", name));
        ConvolutionGeometry g = s.Kernel();
        float[] x = Draw.Uniform(1, g.InputLength), w = Draw.Uniform(2, g.WeightLength), dy = Draw.Uniform(3, g.OutputLength);
        double[] byInput = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceConvolution2D.Forward(p, w.Widen(), null, s)), x.Widen(), Tolerances.DifferenceStep);
        double[] byWeights = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceConvolution2D.Forward(x.Widen(), p, null, s)), w.Widen(), Tolerances.DifferenceStep);
        double[] byBias = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceConvolution2D.Forward(x.Widen(), w.Widen(), p, s)), new double[g.OutputChannels], Tolerances.DifferenceStep);
        int positions = g.Batch * g.OutputHeight * g.OutputWidth;
        (double[] ax, double[] aw, double[] ady) = (x.Widen().Magnitudes(), w.Widen().Magnitudes(), dy.Widen().Magnitudes());
        Close.Within(
            "convolution dInput, differences", byInput, Calls.ConvolutionDataGradient(g, dy, w, _team),
            Tolerances.SumOfProducts(DataTerms(g)) + Tolerances.Difference, ReferenceConvolution2D.DataGradient(ady, aw, s));
        Close.Within(
            "convolution dWeights, differences", byWeights, Calls.ConvolutionWeightGradient(g, x, dy, _team),
            Tolerances.SumOfProducts(positions) + Tolerances.Difference, ReferenceConvolution2D.WeightGradient(ax, ady, s));
        Close.Within(
            "convolution dBias, differences", byBias, Calls.ColumnSum(dy, g.OutputChannels, _team),
            Tolerances.ColumnSum(positions) + Tolerances.Difference, ReferenceConvolution2D.BiasGradient(ady, s));
    }

    [Fact]
    public void AllPasses_StridePastThePicture_AreExactOnIntegers() =>
        CheckIntegers(Geometries.Same(2, 5, 7, 3, 4, 3, 3) with { StrideHeight = 2_000_000_000, StrideWidth = 2_000_000_000 });

    [Fact]
    public void WeightGradient_ManyPositions_SplitsTheSum()
    {
        // The two geometries of the table that this suite relies on to reach the split path.
        Assert.Equal(2, Splits(Table["a weight gradient in two parts"]));
        Assert.Equal(3, Splits(Table["a weight gradient in three uneven parts"]));

        static int Splits(in ConvolutionGeometry g) => BlockSizes.For(
            g.OutputChannels, g.KernelHeight * g.KernelWidth * g.InputChannels, g.Batch * g.OutputHeight * g.OutputWidth, splitDepth: true).Splits;
    }

    [Fact]
    public void DataGradient_PositionsThatNoTapReaches_AreZero()
    {
        ConvolutionGeometry g = Table["stride greater than the kernel"];
        float[] dy = new float[g.OutputLength], w = new float[g.WeightLength];
        Array.Fill(dy, 1f);
        Array.Fill(w, 1f);
        float[] dx = Calls.ConvolutionDataGradient(g, dy, w, _team);
        for (int i = 0; i < dx.Length; i++)
        {
            int y = i / (g.InputWidth * g.InputChannels), x = i / g.InputChannels % g.InputWidth;
            // The last window ends at row 9 of 13; the last column is the last that one covers.
            bool reached = y % 4 < 2 && x % 4 < 3 && y / 4 < g.OutputHeight && x / 4 < g.OutputWidth;
            Assert.Equal(reached ? g.OutputChannels : 0f, dx[i]);
        }
    }

    [Theory]
    [InlineData(ActivationKind.Relu)]
    [InlineData(ActivationKind.Tanh)]
    [InlineData(ActivationKind.Sigmoid)]
    public void Forward_WithActivation_IsTheActivationOfTheConvolution(ActivationKind kind)
    {
        foreach ((string name, ConvolutionGeometry g) in Table)
        {
            float[] x = Draw.Uniform(1, g.InputLength), w = Draw.Uniform(2, g.WeightLength), b = Draw.Uniform(3, g.OutputChannels);
            float[] sums = Calls.ConvolutionForward(g, x, w, b, ActivationKind.Identity, _team);
            Close.SameBits($"{kind}, {name}", Calls.ActivationForward(kind, sums, _team), Calls.ConvolutionForward(g, x, w, b, kind, _team));
        }
    }

    [Theory]
    [MemberData(nameof(TableNames))]
    public void AllPasses_AnyNumberOfThreads_GiveTheSameBits(string name)
    {
        ConvolutionGeometry g = Table[name];
        float[] x = Draw.Uniform(1, g.InputLength), w = Draw.Uniform(2, g.WeightLength), b = Draw.Uniform(3, g.OutputChannels), dy = Draw.Uniform(4, g.OutputLength);
        Teams.GiveTheSameBits($"{name}, all passes", team =>
        [
            .. Calls.ConvolutionForward(g, x, w, b, ActivationKind.Relu, team),
            .. Calls.ConvolutionDataGradient(g, dy, w, team),
            .. Calls.ConvolutionWeightGradient(g, x, dy, team),
        ]);
    }

    [Theory]
    [InlineData(28, 1, 64, 3)]
    [InlineData(14, 64, 40, 3)]
    [InlineData(7, 33, 129, 3)]
    [InlineData(27, 3, 24, 11)]
    public void ForwardAndDataGradient_PictureAloneAndInABatchOfSeven_HaveTheSameBits(int size, int inputs, int outputs, int kernel)
    {
        ConvolutionGeometry seven = Geometries.Same(7, size, size, inputs, outputs, kernel, kernel), one = seven with { Batch = 1 };
        float[] x = Draw.Uniform(1, seven.InputLength), w = Draw.Uniform(2, seven.WeightLength), b = Draw.Uniform(3, outputs), dy = Draw.Uniform(4, seven.OutputLength);
        float[] y = Calls.ConvolutionForward(seven, x, w, b, ActivationKind.Relu, _team), dx = Calls.ConvolutionDataGradient(seven, dy, w, _team);
        (int inputLength, int outputLength) = ((int)one.InputLength, (int)one.OutputLength);
        for (int picture = 0; picture < 7; picture++)
        {
            float[] picturesX = x[(picture * inputLength)..((picture + 1) * inputLength)], picturesDy = dy[(picture * outputLength)..((picture + 1) * outputLength)];
            Close.SameBits($"output of picture {picture}", Calls.ConvolutionForward(one, picturesX, w, b, ActivationKind.Relu, _team), y.AsSpan(picture * outputLength, outputLength));
            Close.SameBits($"dInput of picture {picture}", Calls.ConvolutionDataGradient(one, picturesDy, w, _team), dx.AsSpan(picture * inputLength, inputLength));
        }
    }

    [Theory]
    [InlineData(1, 0, 0, 0, 0, "'input' holds 76 elements; its geometry needs 75")]
    [InlineData(0, -1, 0, 0, 0, "'weights' holds 107 elements; its geometry needs 108")]
    [InlineData(0, 0, 3, 0, 0, "'bias' holds 3 elements; its geometry needs 4")]
    [InlineData(0, 0, 4, 1, 0, "'output' holds 37 elements; its geometry needs 36")]
    [InlineData(0, 0, 4, 0, -1, "'scratch' holds")]
    public void Forward_WrongLength_NamesItAndWhatIsNeeded(int input, int weights, int bias, int output, int scratch, string named)
    {
        ConvolutionGeometry g = Geometries.Valid(1, 5, 5, 3, 4, 3, 3);
        ArgumentException error = Assert.Throws<ArgumentException>(() => SpatialConvolution.Forward(
            new float[75 + input], new float[108 + weights], new float[bias], new float[36 + output], g, ActivationKind.Identity, new float[ForwardScratch(g) + scratch], _team));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_WrongLength_ThrowArgumentException()
    {
        ConvolutionGeometry g = Geometries.Valid(1, 5, 5, 3, 4, 3, 3);
        float[] x = new float[75], w = new float[108], y = new float[36], scratch = new float[SpatialConvolution.ScratchLength(g, _team.ThreadCount)];
        Assert.Throws<ArgumentException>(() => SpatialConvolution.DataGradient(x, w, x, g, scratch, _team));
        Assert.Throws<ArgumentException>(() => SpatialConvolution.DataGradient(y, y, x, g, scratch, _team));
        Assert.Throws<ArgumentException>(() => SpatialConvolution.DataGradient(y, w, y, g, scratch, _team));
        Assert.Throws<ArgumentException>(() => SpatialConvolution.DataGradient(y, w, x, g, [], _team));
        Assert.Throws<ArgumentException>(() => SpatialConvolution.WeightGradient(y, y, w, g, scratch, _team));
        Assert.Throws<ArgumentException>(() => SpatialConvolution.WeightGradient(x, x, w, g, scratch, _team));
        Assert.Throws<ArgumentException>(() => SpatialConvolution.WeightGradient(x, y, x, g, scratch, _team));
        Assert.Throws<ArgumentException>(() => SpatialConvolution.WeightGradient(x, y, w, g, [], _team));
    }

    [Fact]
    public void Calls_InvalidGeometry_ThrowArgumentException()
    {
        ConvolutionGeometry g = Geometries.Valid(1, 5, 5, 3, 4, 3, 3) with { Groups = 2 };
        Assert.Throws<ArgumentException>(() => SpatialConvolution.ScratchLength(g, 1));
        Assert.Throws<ArgumentException>(() => SpatialConvolution.Forward([], [], [], [], g, ActivationKind.Identity, [], _team));
        Assert.Throws<ArgumentException>(() => SpatialConvolution.DataGradient([], [], [], g, [], _team));
        Assert.Throws<ArgumentException>(() => SpatialConvolution.WeightGradient([], [], [], g, [], _team));
    }

    private static int DataTerms(in ConvolutionGeometry g) => g.KernelHeight * g.KernelWidth * g.OutputChannels / g.Groups;

    // The forward pass alone needs less than ScratchLength, which covers all three.
    private int ForwardScratch(in ConvolutionGeometry g) =>
        BlockSizes.For(g.Batch * g.OutputHeight * g.OutputWidth, g.OutputChannels, g.KernelHeight * g.KernelWidth * g.InputChannels).ScratchLength(_team.ThreadCount);

    private void CheckIntegers(in ConvolutionGeometry g)
    {
        ReferenceConvolutionShape s = g.Twin();
        float[] x = Draw.Integers(1, g.InputLength), w = Draw.Integers(2, g.WeightLength), b = Draw.Integers(3, g.OutputChannels), dy = Draw.Integers(4, g.OutputLength);
        (double[] xd, double[] wd, double[] dyd) = (x.Widen(), w.Widen(), dy.Widen());
        Close.Exactly($"output of {g}", ReferenceConvolution2D.Forward(xd, wd, b.Widen(), s), Calls.ConvolutionForward(g, x, w, b, ActivationKind.Identity, _team));
        Close.Exactly($"dInput of {g}", ReferenceConvolution2D.DataGradient(dyd, wd, s), Calls.ConvolutionDataGradient(g, dy, w, _team));
        Close.Exactly($"dWeights of {g}", ReferenceConvolution2D.WeightGradient(xd, dyd, s), Calls.ConvolutionWeightGradient(g, x, dy, _team));
    }

    private void Compare(
        string kernel, in ConvolutionGeometry g, float[] x, float[] w, float[] b, float[] dy, double[] output, double[] dInput, double[] dWeights)
    {
        ReferenceConvolutionShape s = g.Twin();
        (double[] ax, double[] aw, double[] ab, double[] ady) = (x.Widen().Magnitudes(), w.Widen().Magnitudes(), b.Widen().Magnitudes(), dy.Widen().Magnitudes());
        double forward = Tolerances.SumOfProducts(g.KernelHeight * g.KernelWidth * g.InputChannels / g.Groups);
        Close.Within($"{kernel} output", output, Calls.ConvolutionForward(g, x, w, b, ActivationKind.Identity, _team), forward, ReferenceConvolution2D.Forward(ax, aw, ab, s));
        Close.Within($"{kernel} dInput", dInput, Calls.ConvolutionDataGradient(g, dy, w, _team), Tolerances.SumOfProducts(DataTerms(g)), ReferenceConvolution2D.DataGradient(ady, aw, s));
        double weights = Tolerances.SumOfProducts(g.Batch * g.OutputHeight * g.OutputWidth);
        Close.Within($"{kernel} dWeights", dWeights, Calls.ConvolutionWeightGradient(g, x, dy, _team), weights, ReferenceConvolution2D.WeightGradient(ax, ady, s));
    }
}
