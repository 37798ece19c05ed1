using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;
using CsCheck;

namespace AlexNetSharp.Kernels.Tests.LinearAlgebra;

public sealed class GemmTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    // Around the six rows of a tile, the 24 and 96 rows of a block and twice that.
    private static readonly int[] RowCounts = [1, 5, 6, 7, 11, 12, 13, 23, 24, 25, 95, 96, 97, 193];

    // Around vectors of 4, 8 and 16 lanes, panels of two, and the 32 and 128 columns of a block.
    private static readonly int[] ColumnCounts = [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 127, 128, 129];

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> GoldenCases => Golden.Names("gemm");

    public static TheoryData<string> DenseCases => Golden.Names("dense");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    public void Multiply_SizesAroundEveryEdge_IsExactOnIntegers(int k)
    {
        foreach (int m in RowCounts)
        {
            foreach (int n in ColumnCounts)
                CheckIntegers(m, n, k);
        }
    }

    [Theory]
    [InlineData(7, 17, 511)]
    [InlineData(7, 17, 512)]
    [InlineData(7, 17, 513)]
    [InlineData(7, 17, 4999)]
    [InlineData(385, 9, 31)]
    [InlineData(6, 1025, 33)]
    [InlineData(1, 1024, 300)]
    [InlineData(300, 300, 300)]
    public void Multiply_LongSides_IsExactOnIntegers(int m, int n, int k) => CheckIntegers(m, n, k);

    [Fact]
    public void Multiply_RandomSizes_IsExactOnIntegers() =>
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 200], Gen.Int[1, 300])
            .Sample((m, n, k) => CheckIntegers(m, n, k), iter: 60, threads: 1);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 9, 70)]
    [InlineData(64, 33, 256)]
    [InlineData(13, 17, 257)]
    [InlineData(97, 129, 600)]
    [InlineData(3, 5, 5000)]
    public void Multiply_RealNumbers_LiesWithinTheRoundingOfItsSums(int m, int n, int k)
    {
        float[] a = Draw.Uniform(1, m * k), b = Draw.Uniform(2, k * n), bias = Draw.Uniform(3, n);
        double[] expected = ReferenceDense.Forward(a.Widen(), b.Widen(), bias.Widen(), m, k, n);
        double[] magnitudes = ReferenceDense.Forward(a.Widen().Magnitudes(), b.Widen().Magnitudes(), bias.Widen().Magnitudes(), m, k, n);
        foreach (GemmGeometry g in Transpositions(m, n, k))
        {
            float[] actual = Calls.Multiply(g, g.TransposeA ? Transpose(a, m, k) : a, g.TransposeB ? Transpose(b, k, n) : b, bias, ActivationKind.Identity, _team);
            Close.Within("gemm", expected, actual, Tolerances.SumOfProducts(k), magnitudes);
        }
    }

    [Theory]
    [InlineData(ActivationKind.Relu)]
    [InlineData(ActivationKind.Tanh)]
    [InlineData(ActivationKind.Sigmoid)]
    public void Multiply_WithActivation_IsTheActivationOfTheProduct(ActivationKind kind)
    {
        for (int n = 1; n <= 40; n++)
        {
            GemmGeometry g = new(7, n, 19);
            float[] a = Draw.Uniform(n, g.M * g.K), b = Draw.Uniform(n + 1, g.K * g.N), bias = Draw.Uniform(n + 2, g.N);
            float[] product = Calls.Multiply(g, a, b, bias, ActivationKind.Identity, _team);
            Close.SameBits($"{kind}, N = {n}", Calls.ActivationForward(kind, product, _team), Calls.Multiply(g, a, b, bias, kind, _team));
        }
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Multiply_GoldenCase_AgreesWithPyTorch(string name)
    {
        GoldenCase golden = Golden.Case("gemm", name);
        GemmGeometry g = new(golden.Get<int>("m"), golden.Get<int>("n"), golden.Get<int>("k"))
        {
            TransposeA = golden.Get<bool>("transposeA"),
            TransposeB = golden.Get<bool>("transposeB"),
        };
        double[] magnitudes = ReferenceGemm.Multiply(
            g.M, g.N, g.K, golden.Array("a").Magnitudes(), g.TransposeA, golden.Array("b").Magnitudes(), g.TransposeB);
        float[] actual = Calls.Multiply(g, golden.Floats("a"), golden.Floats("b"), [], ActivationKind.Identity, _team);
        Close.Within("gemm, golden", golden.Array("c"), actual, Tolerances.SumOfProducts(g.K), magnitudes);
    }

    [Theory]
    [MemberData(nameof(DenseCases))]
    public void Multiply_GoldenDenseLayer_AgreesWithPyTorch(string name)
    {
        GoldenCase golden = Golden.Case("dense", name);
        (int rows, int inputs, int outputs) = (golden.Get<int>("rows"), golden.Get<int>("inputs"), golden.Get<int>("outputs"));
        float[] x = golden.Floats("input"), w = golden.Floats("weights"), dy = golden.Floats("dOutput");
        float[] y = Calls.Multiply(new(rows, outputs, inputs), x, w, golden.Floats("bias"), ActivationKind.Identity, _team);
        float[] dx = Calls.Multiply(new(rows, inputs, outputs) { TransposeB = true }, dy, w, [], ActivationKind.Identity, _team);
        float[] dw = Calls.Multiply(new(inputs, outputs, rows) { TransposeA = true }, x, dy, [], ActivationKind.Identity, _team);
        (double[] ax, double[] aw, double[] ady) = (x.Widen().Magnitudes(), w.Widen().Magnitudes(), dy.Widen().Magnitudes());
        Close.Within("dense output, golden", golden.Array("output"), y, Tolerances.SumOfProducts(inputs), ReferenceDense.Forward(ax, aw, golden.Array("bias").Magnitudes(), rows, inputs, outputs));
        Close.Within("dense dInput, golden", golden.Array("dInput"), dx, Tolerances.SumOfProducts(outputs), ReferenceDense.DataGradient(ady, aw, rows, inputs, outputs));
        Close.Within("dense dWeights, golden", golden.Array("dWeights"), dw, Tolerances.SumOfProducts(rows), ReferenceDense.WeightGradient(ax, ady, rows, inputs, outputs));
        Close.Within("dense dBias, golden", golden.Array("dBias"), Calls.ColumnSum(dy, outputs, _team), Tolerances.ColumnSum(rows), ReferenceDense.BiasGradient(ady, rows, outputs));
    }

    [Fact]
    public void Multiply_DenseGradients_AgreeWithFiniteDifferencesOfTheTwin()
    {
        (int rows, int inputs, int outputs) = (5, 19, 11);
        float[] x = Draw.Uniform(1, rows * inputs), w = Draw.Uniform(2, inputs * outputs), dy = Draw.Uniform(3, rows * outputs);
        float[] dx = Calls.Multiply(new(rows, inputs, outputs) { TransposeB = true }, dy, w, [], ActivationKind.Identity, _team);
        float[] dw = Calls.Multiply(new(inputs, outputs, rows) { TransposeA = true }, x, dy, [], ActivationKind.Identity, _team);
        double[] byInput = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceDense.Forward(p, w.Widen(), null, rows, inputs, outputs)), x.Widen(), Tolerances.DifferenceStep);
        double[] byWeights = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceDense.Forward(x.Widen(), p, null, rows, inputs, outputs)), w.Widen(), Tolerances.DifferenceStep);
        (double[] ax, double[] aw, double[] ady) = (x.Widen().Magnitudes(), w.Widen().Magnitudes(), dy.Widen().Magnitudes());
        Close.Within("dense dInput, differences", byInput, dx, Tolerances.SumOfProducts(outputs) + Tolerances.Difference, ReferenceDense.DataGradient(ady, aw, rows, inputs, outputs));
        Close.Within("dense dWeights, differences", byWeights, dw, Tolerances.SumOfProducts(rows) + Tolerances.Difference, ReferenceDense.WeightGradient(ax, ady, rows, inputs, outputs));
    }

    [Theory]
    [InlineData(97, 129, 600)]
    [InlineData(64, 1024, 100)]
    [InlineData(1, 1000, 300)]
    public void Multiply_AnyNumberOfThreads_GivesTheSameBits(int m, int n, int k)
    {
        float[] a = Draw.Uniform(1, m * k), b = Draw.Uniform(2, k * n), bias = Draw.Uniform(3, n);
        foreach (GemmGeometry g in Transpositions(m, n, k))
            Teams.GiveTheSameBits($"{g}", team => Calls.Multiply(g, a, b, bias, ActivationKind.Sigmoid, team));
    }

    [Fact]
    public void Multiply_RowAloneAndAmongOthers_HasTheSameBits()
    {
        (int n, int k) = (77, 530);
        float[] a = Draw.Uniform(1, 97 * k), b = Draw.Uniform(2, k * n), bias = Draw.Uniform(3, n);
        float[] all = Calls.Multiply(new(97, n, k), a, b, bias, ActivationKind.Tanh, _team);
        for (int row = 0; row < 97; row++)
        {
            float[] alone = Calls.Multiply(new(1, n, k), a[(row * k)..((row + 1) * k)], b, bias, ActivationKind.Tanh, _team);
            Close.SameBits($"row {row}", alone, all.AsSpan(row * n, n));
        }
    }

    [Theory]
    [InlineData(0, 2, 3, "M=0")]
    [InlineData(1, -2, 3, "N=-2")]
    [InlineData(1, 2, 0, "K=0")]
    public void Multiply_SizeBelowOne_NamesIt(int m, int n, int k, string named)
    {
        ArgumentException multiply = Assert.Throws<ArgumentException>(
            () => Gemm.Multiply([], [], [], [], new GemmGeometry(m, n, k), ActivationKind.Identity, [], _team));
        ArgumentException scratch = Assert.Throws<ArgumentException>(() => Gemm.ScratchLength(new GemmGeometry(m, n, k), 1));
        Assert.Contains(named, multiply.Message, StringComparison.Ordinal);
        Assert.Contains(named, scratch.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(13, 20, 0, 15, 0, "'a' holds 13 elements; its geometry needs 12")]
    [InlineData(12, 19, 0, 15, 0, "'b' holds 19 elements; its geometry needs 20")]
    [InlineData(12, 20, 4, 15, 0, "'bias' holds 4 elements; its geometry needs 5")]
    [InlineData(12, 20, 5, 16, 0, "'c' holds 16 elements; its geometry needs 15")]
    [InlineData(12, 20, 5, 15, -1, "'scratch' holds")]
    public void Multiply_WrongLength_NamesItAndWhatIsNeeded(int a, int b, int bias, int c, int scratchChange, string named)
    {
        GemmGeometry g = new(3, 5, 4);
        int scratch = Gemm.ScratchLength(g, _team.ThreadCount) + scratchChange;
        ArgumentException error = Assert.Throws<ArgumentException>(() => Gemm.Multiply(
            new float[a], new float[b], new float[bias], new float[c], g, ActivationKind.Identity, new float[scratch], _team));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ScratchLength_ProductTooLargeToIndex_SaysHowManyFloats()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Gemm.ScratchLength(new GemmGeometry(4096, 4096, 4096), 100_000));
        Assert.Contains("4096x4096x4096", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<GemmGeometry> Transpositions(int m, int n, int k) =>
        from a in new[] { false, true }
        from b in new[] { false, true }
        select new GemmGeometry(m, n, k) { TransposeA = a, TransposeB = b };

    private static float[] Transpose(float[] matrix, int rows, int columns)
    {
        float[] result = new float[matrix.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                result[(j * rows) + i] = matrix[(i * columns) + j];
        }
        return result;
    }

    private void CheckIntegers(int m, int n, int k)
    {
        float[] a = Draw.Integers(m + (7 * k), m * k), b = Draw.Integers(n + (11 * k), k * n);
        double[] expected = ReferenceGemm.Multiply(m, n, k, a.Widen(), false, b.Widen(), false);
        foreach (GemmGeometry g in Transpositions(m, n, k))
        {
            float[] actual = Calls.Multiply(g, g.TransposeA ? Transpose(a, m, k) : a, g.TransposeB ? Transpose(b, k, n) : b, [], ActivationKind.Identity, _team);
            Close.Exactly($"{g}", expected, actual);
        }
    }
}
