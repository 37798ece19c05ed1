using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Optimizers;

public sealed class AdamTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> GoldenCases => Golden.Names("adam");

    private static IEnumerable<int> Lengths => Enumerable.Range(0, 71).Concat([16383, 16384, 16385, 50000]);

    [Theory]
    [InlineData(AdamForm.EpsilonHat, 1, 0.9f, 0.999f, 1e-8f)]
    [InlineData(AdamForm.EpsilonHat, 1000, 0.9f, 0.999f, 1e-8f)]
    [InlineData(AdamForm.EpsilonHat, 3, 0.8f, 0.99f, 0.01f)]
    [InlineData(AdamForm.Epsilon, 1, 0.9f, 0.999f, 1e-8f)]
    [InlineData(AdamForm.Epsilon, 1000, 0.9f, 0.999f, 1e-8f)]
    [InlineData(AdamForm.Epsilon, 3, 0.8f, 0.99f, 0.01f)]
    [InlineData(AdamForm.Epsilon, 1_000_000, 0f, 0f, 1e-3f)]
    public void Update_EveryLength_AgreesWithTheTwin(AdamForm form, int t, float beta1, float beta2, float epsilon)
    {
        AdamStep step = new(0.001f, t, beta1, beta2, epsilon, form);
        foreach (int length in Lengths)
        {
            CheckUpdate(step, Draw.Uniform(length, length), length);
            // From weights of zero the update itself is seen to full precision.
            CheckUpdate(step, new float[length], length);
        }
    }

    [Theory]
    [InlineData(AdamForm.Epsilon, 1, 0.01f)]
    [InlineData(AdamForm.Epsilon, 1000, 0.5f)]
    [InlineData(AdamForm.EpsilonHat, 3, 0.01f)]
    public void Update_DecoupledDecayAtEveryLength_AgreesWithTheTwin(AdamForm form, int t, float decay)
    {
        AdamStep step = new(0.01f, t, Form: form, WeightDecay: decay);
        foreach (int length in Lengths)
            CheckUpdate(step, Draw.Uniform(length, length), length);
    }

    [Fact]
    public void Update_DecoupledDecay_LeavesTheMomentsAndShrinksWeightsWithoutAGradient()
    {
        float[] w = [1, -2, 0.5f], g = Draw.Uniform(1, 3), zeros = new float[3];
        AdamStep step = new(0.1f, 1, Form: AdamForm.Epsilon, WeightDecay: 0.5f);
        (float[] moved, float[] m, float[] v) = Calls.AdamUpdate(step, w, zeros, zeros, g, _team);
        (float[] plain, float[] plainM, float[] plainV) = Calls.AdamUpdate(step with { WeightDecay = 0 }, w, zeros, zeros, g, _team);
        Close.SameBits("m", plainM, m);
        Close.SameBits("v", plainV, v);
        Assert.All(moved.Zip(plain, (with, without) => with / without), ratio => Assert.NotEqual(1, ratio));
        (float[] still, _, _) = Calls.AdamUpdate(step, w, zeros, zeros, zeros, _team);
        Close.Within("decay alone", [0.95, -1.9, 0.475], still, 2 * Tolerances.UnitRoundoff);
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Update_GoldenCase_AgreesOverTenSteps(string name)
    {
        GoldenCase golden = Golden.Case("adam", name);
        int length = golden.Get<int>("length"), steps = golden.Get<int>("steps");
        (double rate, double beta1, double beta2) = (golden.Get<double>("learningRate"), golden.Get<double>("beta1"), golden.Get<double>("beta2"));
        AdamForm form = golden.Get<string>("form") == "pytorch" ? AdamForm.Epsilon : AdamForm.EpsilonHat;
        float[] w = golden.Floats("initialWeights"), m = new float[length], v = new float[length], gradients = golden.Floats("gradients"), history = new float[steps * length];
        for (int t = 1; t <= steps; t++)
        {
            AdamStep step = new((float)rate, t, (float)beta1, (float)beta2, (float)golden.Get<double>("epsilon"), form, (float)golden.Get<double>("weightDecay"));
            (w, m, v) = Calls.AdamUpdate(step, w, m, v, gradients[((t - 1) * length)..(t * length)], _team);
            w.CopyTo(history, (t - 1) * length);
        }
        // A β rounded to float32 is off by 2^−25, which is much of 1 − β: 3e-5 of it at β = 0.999.
        double rounding1 = Tolerances.UnitRoundoff / 2 / (1 - beta1), rounding2 = Tolerances.UnitRoundoff / 2 / (1 - beta2);
        Close.WithinLargest("Adam m, golden", golden.Array("finalFirstMoment"), m, steps * (rounding1 + Tolerances.Moment));
        Close.WithinLargest("Adam v, golden", golden.Array("finalSecondMoment"), v, rounding2 + (steps * Tolerances.Moment));
        // An update is at most rate · max(1, (1 − β1)/√(1 − β2)) (Kingma and Ba 2015, §2.1); each errs by that part of itself, and rounds its weight.
        double update = rate * Math.Max(1, (1 - beta1) / Math.Sqrt(1 - beta2));
        double largest = golden.Array("weights").Max(Math.Abs);
        // A decay is rounded to float32, and so is its product with the rate.
        double decay = 3 * Tolerances.UnitRoundoff * rate * golden.Get<double>("weightDecay");
        double tolerance = steps * (Tolerances.UnitRoundoff + decay + (update * (Tolerances.AdamUpdate + (2 * rounding1) + rounding2) / largest));
        Close.WithinLargest("Adam w, golden", golden.Array("weights"), history, tolerance);
    }

    [Fact]
    public void Update_AnyNumberOfThreads_GivesTheSameBits()
    {
        const int Length = 100_003;
        float[] w = Draw.Uniform(1, Length), m = Draw.Uniform(2, Length), v = Draw.Uniform(3, Length, 0, 1), g = Draw.Uniform(4, Length);
        Teams.GiveTheSameBits("Adam", team =>
        {
            (float[] weights, float[] first, float[] second) = Calls.AdamUpdate(new AdamStep(0.01f, 7, WeightDecay: 0.1f), w, m, v, g, team);
            return [.. weights, .. first, .. second];
        });
    }

    [Fact]
    public void Update_ConstantOutOfItsRange_NamesIt()
    {
        AdamStep sound = new(0.001f, 1);
        Rejects(sound with { Step = 0 }, "Step = 0");
        Rejects(sound with { Beta1 = 1 }, "Beta1 = 1");
        Rejects(sound with { Beta1 = -0.1f }, "Beta1 = -0.1");
        Rejects(sound with { Beta2 = float.NaN }, "Beta2 = NaN");
        Rejects(sound with { Epsilon = 0 }, "Epsilon = 0");
        Rejects(sound with { Epsilon = -1 }, "Epsilon = -1");
        Rejects(sound with { WeightDecay = -0.5f }, "WeightDecay = -0.5");
        Rejects(sound with { WeightDecay = float.NaN }, "WeightDecay = NaN");

        void Rejects(AdamStep step, string named)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => Adam.Update(new float[3], new float[3], new float[3], new float[3], step, _team));
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(4, 3, 3, "'firstMoment' holds 4 elements; its geometry needs 3")]
    [InlineData(3, 2, 3, "'secondMoment' holds 2 elements; its geometry needs 3")]
    [InlineData(3, 3, 5, "'gradient' holds 5 elements; its geometry needs 3")]
    public void Update_WrongLength_NamesIt(int first, int second, int gradient, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => Adam.Update(new float[3], new float[first], new float[second], new float[gradient], new AdamStep(0.001f, 1), _team));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private void CheckUpdate(in AdamStep step, float[] w, int seed)
    {
        float[] m = Draw.Uniform(seed + 1, w.Length), v = Draw.Uniform(seed + 2, w.Length, 0, 1), g = Draw.Uniform(seed + 3, w.Length);
        (float[] weights, float[] first, float[] second) = Calls.AdamUpdate(step, w, m, v, g, _team);
        (double[] wd, double[] md, double[] vd) = (w.Widen(), m.Widen(), v.Widen());
        // The same with all terms of m positive and from zero: minus the sum of the magnitudes that an update is made of.
        (double[] moved, double[] am, double[] av) = (new double[w.Length], md.Magnitudes(), v.Widen());
        Update(step, wd, g.Widen(), md, vd);
        Update(step, moved, g.Widen().Magnitudes(), am, av);
        Close.Within("Adam m", md, first, Tolerances.Moment, am);
        Close.Within("Adam v", vd, second, Tolerances.Moment);
        // The last sum rounds once: an eighth of |w| under 12u is 1.5u.
        double[] magnitudes = [.. moved.Zip(wd, (update, weight) => (1.2 * Math.Abs(update)) + (Math.Abs(weight) / 8))];
        Close.Within("Adam w", wd, weights, Tolerances.AdamUpdate, magnitudes);
    }

    private static void Update(in AdamStep s, double[] w, double[] g, double[] m, double[] v)
    {
        if (s.WeightDecay != 0)
            ReferenceAdam.AdamWUpdate(w, g, m, v, s.Step, s.LearningRate, s.Beta1, s.Beta2, s.Epsilon, s.WeightDecay, s.Form == AdamForm.EpsilonHat);
        else if (s.Form == AdamForm.EpsilonHat)
            ReferenceAdam.TensorFlowUpdate(w, g, m, v, s.Step, s.LearningRate, s.Beta1, s.Beta2, s.Epsilon);
        else
            ReferenceAdam.PyTorchUpdate(w, g, m, v, s.Step, s.LearningRate, s.Beta1, s.Beta2, s.Epsilon);
    }
}
