using AlexNetSharp.Kernels.Activations;
using AlexNetSharp.Kernels.Dense;
using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Dense;

public sealed class DenseLayerTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    // Around panels of 16, the 64 and 96 rows of a data gradient's task, the 128 of a depth block and the 512 of an update's task.
    private static readonly int[] InputCounts = [1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 95, 96, 97, 127, 128, 129, 257, 385, 511, 512, 513];

    // Around panels of 16, pairs of them, and a depth block of the data gradient.
    private static readonly int[] OutputCounts = [1, 2, 3, 10, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 127, 128, 129, 193];

    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> GoldenCases => Golden.Names("dense");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(130)]
    public void AllPasses_SizesAroundEveryEdge_AreExactOnIntegers(int batch)
    {
        int[] few = batch > 17 ? [17] : [16, 33];
        foreach (int other in few)
        {
            foreach (int inputs in InputCounts)
                CheckIntegers(new(batch, inputs, other));
            foreach (int outputs in OutputCounts)
                CheckIntegers(new(batch, other, outputs));
        }
    }

    [Theory]
    [InlineData(1, 20, 2065)]
    [InlineData(3, 20, 2065)]
    [InlineData(1, 2053, 9)]
    [InlineData(19, 2053, 9)]
    [InlineData(257, 40, 50)]
    [InlineData(129, 100, 70)]
    [InlineData(64, 200, 200)]
    public void AllPasses_LongSides_AreExactOnIntegers(int batch, int inputs, int outputs) => CheckIntegers(new(batch, inputs, outputs));

    [Theory]
    [InlineData(1, 600, 40)]
    [InlineData(64, 193, 100)]
    [InlineData(130, 70, 30)]
    public void AllPasses_RealNumbers_LieWithinTheRoundingOfTheirSums(int batch, int inputs, int outputs)
    {
        DenseGeometry g = new(batch, inputs, outputs);
        float[] x = Draw.Uniform(1, g.InputLength), w = Draw.Uniform(2, inputs * outputs), bias = Draw.Uniform(3, outputs), dy = Draw.Uniform(4, g.OutputLength);
        CheckAgainst(
            "dense", g, x, w, bias, dy, ReferenceDense.Forward(x.Widen(), w.Widen(), bias.Widen(), batch, inputs, outputs),
            ReferenceDense.DataGradient(dy.Widen(), w.Widen(), batch, inputs, outputs),
            ReferenceDense.WeightGradient(x.Widen(), dy.Widen(), batch, inputs, outputs));
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void AllPasses_GoldenCase_AgreeWithPyTorch(string name)
    {
        GoldenCase golden = Golden.Case("dense", name);
        DenseGeometry g = new(golden.Get<int>("rows"), golden.Get<int>("inputs"), golden.Get<int>("outputs"));
        CheckAgainst(
            "dense layer, golden", g, golden.Floats("input"), golden.Floats("weights"), golden.Floats("bias"), golden.Floats("dOutput"),
            golden.Array("output"), golden.Array("dInput"), golden.Array("dWeights"));
    }

    [Fact]
    public void Gradients_AgreeWithFiniteDifferencesOfTheTwin()
    {
        DenseGeometry g = new(5, 19, 11);
        (int rows, int inputs, int outputs) = (g.Batch, g.Inputs, g.Outputs);
        float[] x = Draw.Uniform(1, rows * inputs), w = Draw.Uniform(2, inputs * outputs), dy = Draw.Uniform(3, rows * outputs);
        double[] byInput = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceDense.Forward(p, w.Widen(), null, rows, inputs, outputs)), x.Widen(), Tolerances.DifferenceStep);
        double[] byWeights = FiniteDifference.Gradient(
            p => Draw.Dot(dy.Widen(), ReferenceDense.Forward(x.Widen(), p, null, rows, inputs, outputs)), w.Widen(), Tolerances.DifferenceStep);
        (double[] ax, double[] aw, double[] ady) = (x.Widen().Magnitudes(), w.Widen().Magnitudes(), dy.Widen().Magnitudes());
        Close.Within(
            "dense layer dInput, differences", byInput, Calls.DenseDataGradient(g, dy, w, _team),
            Tolerances.ChainOfProducts(outputs) + Tolerances.Difference, ReferenceDense.DataGradient(ady, aw, rows, inputs, outputs));
        Close.Within(
            "dense layer dWeights, differences", byWeights, Calls.UnpackWeights(g, Calls.DenseWeightGradient(g, x, dy, _team)),
            Tolerances.ChainOfProducts(rows) + Tolerances.Difference, ReferenceDense.WeightGradient(ax, ady, rows, inputs, outputs));
    }

    [Theory]
    [InlineData(ActivationKind.Relu)]
    [InlineData(ActivationKind.Tanh)]
    [InlineData(ActivationKind.Sigmoid)]
    public void Forward_WithActivation_IsTheActivationOfTheSums(ActivationKind kind)
    {
        foreach (int batch in (ReadOnlySpan<int>)[1, 7])
        {
            for (int outputs = 1; outputs <= 40; outputs++)
            {
                DenseGeometry g = new(batch, 19, outputs);
                float[] x = Draw.Uniform(outputs, g.InputLength), w = Draw.Uniform(outputs + 1, 19 * outputs), bias = Draw.Uniform(outputs + 2, outputs);
                float[] sums = Calls.DenseForward(g, x, w, bias, ActivationKind.Identity, _team);
                Close.SameBits($"{kind}, {g}", Calls.ActivationForward(kind, sums, _team), Calls.DenseForward(g, x, w, bias, kind, _team));
            }
        }
    }

    [Fact]
    public void ForwardAndDataGradient_RowAloneAndAmongOthers_HaveTheSameBits()
    {
        (int inputs, int outputs, int most) = (530, 77, 100);
        float[] x = Draw.Uniform(1, most * inputs), w = Draw.Uniform(2, inputs * outputs), bias = Draw.Uniform(3, outputs), dy = Draw.Uniform(4, most * outputs);
        (float[] output, float[] dInput) = Passes(0, most);
        foreach (int count in (ReadOnlySpan<int>)[1, 2, 3, 5, 7, 16, 33])
        {
            for (int first = 0; first + count <= most; first += Math.Max(count, 9))
            {
                (float[] y, float[] dx) = Passes(first, count);
                Close.SameBits($"output of {count} rows from {first}", output.AsSpan(first * outputs, count * outputs), y);
                Close.SameBits($"dInput of {count} rows from {first}", dInput.AsSpan(first * inputs, count * inputs), dx);
            }
        }

        (float[] Output, float[] DInput) Passes(int first, int count)
        {
            DenseGeometry g = new(count, inputs, outputs);
            return (Calls.DenseForward(g, x[(first * inputs)..((first + count) * inputs)], w, bias, ActivationKind.Tanh, _team),
                Calls.DenseDataGradient(g, dy[(first * outputs)..((first + count) * outputs)], w, _team));
        }
    }

    [Theory]
    [InlineData(1, 300, 300)]
    [InlineData(7, 1100, 40)]
    [InlineData(64, 300, 170)]
    [InlineData(130, 90, 2100)]
    public void AllPasses_AnyNumberOfThreads_GiveTheSameBits(int batch, int inputs, int outputs)
    {
        DenseGeometry g = new(batch, inputs, outputs);
        float[] x = Draw.Uniform(1, g.InputLength), w = Draw.Uniform(2, inputs * outputs), bias = Draw.Uniform(3, outputs), dy = Draw.Uniform(4, g.OutputLength);
        float[] packed = Calls.PackWeights(g, w), zeros = new float[g.WeightLength];
        Teams.GiveTheSameBits("packed input", team => Calls.PackInput(g, x, team));
        Teams.GiveTheSameBits("output", team => Calls.DenseForward(g, x, w, bias, ActivationKind.Sigmoid, team));
        Teams.GiveTheSameBits("dInput", team => Calls.DenseDataGradient(g, dy, w, team));
        Teams.GiveTheSameBits("dWeights", team => Calls.DenseWeightGradient(g, x, dy, team));
        Teams.GiveTheSameBits("Adam", team => Calls.DenseAdam(g, new AdamStep(0.01f, 1), x, dy, packed, zeros, zeros, team).Weights);
        Teams.GiveTheSameBits("SGD", team => Calls.DenseSgd(g, new SgdStep(0.01f, 0.9f, 0.1f), x, dy, packed, zeros, team).Weights);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(130)]
    public void WeightGradientWithOptimizer_EveryEdge_IsWeightGradientThenUpdateBitForBit(int batch)
    {
        foreach ((int inputs, int outputs) in (ReadOnlySpan<(int, int)>)[(1, 1), (5, 10), (16, 16), (17, 33), (40, 48), (100, 31), (513, 17), (1030, 65)])
        {
            DenseGeometry g = new(batch, inputs, outputs);
            float[] x = Draw.Uniform(1, g.InputLength), dy = Draw.Uniform(2, g.OutputLength);
            float[] w = WithoutNaN(g, Calls.PackWeights(g, Draw.Uniform(3, inputs * outputs)));
            float[] m = WithoutNaN(g, Calls.PackWeights(g, Draw.Uniform(4, inputs * outputs)));
            float[] v = WithoutNaN(g, Calls.PackWeights(g, Draw.Uniform(5, inputs * outputs, 0, 1)));
            float[] gradient = WithoutNaN(g, Calls.DenseWeightGradient(g, x, dy, _team));
            foreach ((AdamForm form, float decay) in (ReadOnlySpan<(AdamForm, float)>)
                [(AdamForm.EpsilonHat, 0), (AdamForm.EpsilonHat, 0.05f), (AdamForm.Epsilon, 0), (AdamForm.Epsilon, 0.1f)])
            {
                AdamStep step = new(0.01f, 3, Form: form, WeightDecay: decay);
                (float[] weights, float[] first, float[] second) = Calls.AdamUpdate(step, w, m, v, gradient, _team);
                (float[] fused, float[] fusedFirst, float[] fusedSecond) = Calls.DenseAdam(g, step, x, dy, w, m, v, _team);
                Close.SameBits($"{g} Adam w", weights, fused);
                Close.SameBits($"{g} Adam m", first, fusedFirst);
                Close.SameBits($"{g} Adam v", second, fusedSecond);
            }
            foreach ((MomentumForm form, bool nesterov) in (ReadOnlySpan<(MomentumForm, bool)>)
                [(MomentumForm.GradientVelocity, false), (MomentumForm.WeightVelocity, false), (MomentumForm.GradientVelocity, true), (MomentumForm.WeightVelocity, true)])
            {
                SgdStep step = new(0.01f, 0.9f, 0.1f, form, nesterov);
                (float[] weights, float[] velocity) = Calls.SgdUpdate(step, w, m, gradient, _team);
                (float[] fused, float[] fusedVelocity) = Calls.DenseSgd(g, step, x, dy, w, m, _team);
                Close.SameBits($"{g} SGD w", weights, fused);
                Close.SameBits($"{g} SGD v", velocity, fusedVelocity);
            }
        }
    }

    [Theory]
    [InlineData(5, 10)]
    [InlineData(17, 33)]
    [InlineData(100, 15)]
    public void WeightGradientWithOptimizer_ManySteps_LeavesThePaddingZero(int inputs, int outputs)
    {
        DenseGeometry g = new(6, inputs, outputs);
        float[] x = Draw.Uniform(1, g.InputLength), dy = Draw.Uniform(2, g.OutputLength);
        float[] start = WithoutNaN(g, Calls.PackWeights(g, Draw.Uniform(3, inputs * outputs)));
        (float[] w, float[] m, float[] v) = (start, new float[g.WeightLength], new float[g.WeightLength]);
        (float[] sgd, float[] velocity) = (start, new float[g.WeightLength]);
        for (int step = 1; step <= 5; step++)
        {
            (w, m, v) = Calls.DenseAdam(g, new AdamStep(0.1f, step, WeightDecay: 0.1f), x, dy, w, m, v, _team);
            (sgd, velocity) = Calls.DenseSgd(g, new SgdStep(0.1f, 0.9f, 0.1f, MomentumForm.WeightVelocity, Nesterov: true), x, dy, sgd, velocity, _team);
        }
        foreach (float[] panels in (ReadOnlySpan<float[]>)[w, m, v, sgd, velocity])
        {
            CheckPadding(g, panels, 0);
            Assert.DoesNotContain(0f, Calls.UnpackWeights(g, panels));
        }
    }

    [Fact]
    public void PackWeights_ThenUnpackWeights_GivesThemBackWithZerosAround()
    {
        foreach (int inputs in (ReadOnlySpan<int>)[1, 15, 16, 17, 40])
        {
            foreach (int outputs in (ReadOnlySpan<int>)[1, 15, 16, 17, 33])
            {
                DenseGeometry g = new(1, inputs, outputs);
                float[] w = Draw.Uniform(inputs, inputs * outputs), packed = Calls.PackWeights(g, w);
                Close.SameBits($"{g}", w, Calls.UnpackWeights(g, packed));
                CheckPadding(g, packed, float.NaN);
            }
        }
    }

    [Theory]
    [InlineData(0, 2, 3, "batch 0")]
    [InlineData(1, -2, 3, "-2 inputs")]
    [InlineData(1, 2, 0, "0 outputs")]
    [InlineData(1, 70_000, 70_000, "more than a span holds")]
    [InlineData(1, int.MaxValue, 1, "more than a span holds")]
    public void Validate_SizeThatCannotBe_NamesIt(int batch, int inputs, int outputs, string named)
    {
        DenseGeometry g = new(batch, inputs, outputs);
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => g.Validate()).Message, StringComparison.Ordinal);
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => DenseLayer.ForwardScratchLength(g, 1)).Message, StringComparison.Ordinal);
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => DenseLayer.BackwardScratchLength(g, 1)).Message, StringComparison.Ordinal);
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => DenseLayer.PackWeights([], [], g)).Message, StringComparison.Ordinal);
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => DenseLayer.UnpackWeights([], [], g)).Message, StringComparison.Ordinal);
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => DenseLayer.PackInput([], [], g, _team)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllPasses_WrongLength_NameItAndWhatIsNeeded()
    {
        DenseGeometry g = new(3, 5, 20);
        float[] x = new float[15], packed = new float[g.PackedInputLength], w = new float[g.WeightLength], b = new float[20], y = new float[60];
        float[] forward = new float[DenseLayer.ForwardScratchLength(g, _team.ThreadCount)], scratch = new float[DenseLayer.BackwardScratchLength(g, _team.ThreadCount)];
        float[] less = scratch[1..], odd = new float[7];
        Rejects("'rowMajor' holds 7 elements; its geometry needs 100", () => DenseLayer.PackWeights(odd, w, g));
        Rejects("'weights' holds 7 elements; its geometry needs 544", () => DenseLayer.PackWeights(new float[100], odd, g));
        Rejects("'weights' holds 7 elements; its geometry needs 544", () => DenseLayer.UnpackWeights(odd, new float[100], g));
        Rejects("'rowMajor' holds 7 elements; its geometry needs 100", () => DenseLayer.UnpackWeights(w, odd, g));
        Rejects("'input' holds 7 elements; its geometry needs 15", () => DenseLayer.PackInput(odd, packed, g, _team));
        Rejects("'packedInput' holds 7 elements; its geometry needs 64", () => DenseLayer.PackInput(x, odd, g, _team));
        Rejects("'packedInput' holds 7", () => DenseLayer.Forward(odd, w, b, y, g, ActivationKind.Relu, forward, _team));
        Rejects("'weights' holds 7", () => DenseLayer.Forward(packed, odd, b, y, g, ActivationKind.Relu, forward, _team));
        Rejects("'bias' holds 7 elements; its geometry needs 20", () => DenseLayer.Forward(packed, w, odd, y, g, ActivationKind.Relu, forward, _team));
        Rejects("'output' holds 7 elements; its geometry needs 60", () => DenseLayer.Forward(packed, w, b, odd, g, ActivationKind.Relu, forward, _team));
        Rejects("'scratch' holds", () => DenseLayer.Forward(packed, w, b, y, g, ActivationKind.Relu, forward.AsSpan(1), _team));
        Rejects("'dOutput' holds 7", () => DenseLayer.DataGradient(odd, w, x, g, scratch, _team));
        Rejects("'weights' holds 7", () => DenseLayer.DataGradient(y, odd, x, g, scratch, _team));
        Rejects("'dInput' holds 7 elements; its geometry needs 15", () => DenseLayer.DataGradient(y, w, odd, g, scratch, _team));
        Rejects("'scratch' holds", () => DenseLayer.DataGradient(y, w, x, g, less, _team));
        Rejects("'packedInput' holds 7", () => DenseLayer.WeightGradient(odd, y, w, g, scratch, _team));
        Rejects("'dOutput' holds 7", () => DenseLayer.WeightGradient(packed, odd, w, g, scratch, _team));
        Rejects("'dWeights' holds 7", () => DenseLayer.WeightGradient(packed, y, odd, g, scratch, _team));
        Rejects("'scratch' holds", () => DenseLayer.WeightGradient(packed, y, w, g, less, _team));
        Rejects("'weights' holds 7", () => DenseLayer.WeightGradientWithAdam(packed, y, odd, w, w, new AdamStep(1, 1), g, scratch, _team));
        Rejects("'firstMoment' holds 7", () => DenseLayer.WeightGradientWithAdam(packed, y, w, odd, w, new AdamStep(1, 1), g, scratch, _team));
        Rejects("'secondMoment' holds 7", () => DenseLayer.WeightGradientWithAdam(packed, y, w, w, odd, new AdamStep(1, 1), g, scratch, _team));
        Rejects("needed are a step from 1 up", () => DenseLayer.WeightGradientWithAdam(packed, y, w, w, w, new AdamStep(1, 0), g, scratch, _team));
        Rejects("'velocity' holds 7", () => DenseLayer.WeightGradientWithSgd(packed, y, w, odd, new SgdStep(1), g, scratch, _team));
        Rejects("needed are a momentum", () => DenseLayer.WeightGradientWithSgd(packed, y, w, w, new SgdStep(1, 1), g, scratch, _team));

        static void Rejects(string named, Action call) =>
            Assert.Contains(named, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    private static float[] WithoutNaN(in DenseGeometry g, float[] panels)
    {
        Calls.FillUnusedLines(g, panels, 0);
        return panels;
    }

    // Rows beyond the inputs and columns beyond the outputs are zero; the lines between panels are as they were.
    private static void CheckPadding(in DenseGeometry g, float[] panels, float unused)
    {
        int rows = (g.Inputs + 15) / 16 * 16;
        for (int i = 0; i < panels.Length; i++)
        {
            int row = i / 16 % (rows + 1), column = (i / 16 / (rows + 1) * 16) + (i % 16);
            if (row == rows)
                Assert.Equal(unused, panels[i]);
            else if (row >= g.Inputs || column >= g.Outputs)
                Assert.Equal(0, panels[i]);
        }
    }

    private void CheckIntegers(in DenseGeometry g)
    {
        float[] x = Draw.Integers(g.Inputs, g.InputLength), w = Draw.Integers(g.Outputs, g.Inputs * g.Outputs);
        float[] bias = Draw.Integers(7, g.Outputs), dy = Draw.Integers(g.Batch, g.OutputLength);
        Close.Exactly(
            $"{g} output", ReferenceDense.Forward(x.Widen(), w.Widen(), bias.Widen(), g.Batch, g.Inputs, g.Outputs),
            Calls.DenseForward(g, x, w, bias, ActivationKind.Identity, _team));
        Close.Exactly(
            $"{g} dInput", ReferenceDense.DataGradient(dy.Widen(), w.Widen(), g.Batch, g.Inputs, g.Outputs), Calls.DenseDataGradient(g, dy, w, _team));
        float[] dWeights = Calls.DenseWeightGradient(g, x, dy, _team);
        Close.Exactly(
            $"{g} dWeights", ReferenceDense.WeightGradient(x.Widen(), dy.Widen(), g.Batch, g.Inputs, g.Outputs), Calls.UnpackWeights(g, dWeights));
        CheckPadding(g, dWeights, float.NaN);
    }

    private void CheckAgainst(
        string what, in DenseGeometry g, float[] x, float[] w, float[] bias, float[] dy, double[] output, double[] dInput, double[] dWeights)
    {
        (double[] ax, double[] aw, double[] ab, double[] ady) = (x.Widen().Magnitudes(), w.Widen().Magnitudes(), bias.Widen().Magnitudes(), dy.Widen().Magnitudes());
        Close.Within(
            $"{what} output", output, Calls.DenseForward(g, x, w, bias, ActivationKind.Identity, _team),
            Tolerances.ChainOfProducts(g.Inputs), ReferenceDense.Forward(ax, aw, ab, g.Batch, g.Inputs, g.Outputs));
        Close.Within(
            $"{what} dInput", dInput, Calls.DenseDataGradient(g, dy, w, _team),
            Tolerances.ChainOfProducts(g.Outputs), ReferenceDense.DataGradient(ady, aw, g.Batch, g.Inputs, g.Outputs));
        Close.Within(
            $"{what} dWeights", dWeights, Calls.UnpackWeights(g, Calls.DenseWeightGradient(g, x, dy, _team)),
            Tolerances.ChainOfProducts(g.Batch), ReferenceDense.WeightGradient(ax, ady, g.Batch, g.Inputs, g.Outputs));
    }
}
