using AlexNetSharp.Kernels.Optimizers;
using AlexNetSharp.Kernels.Tests.Support;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Reference;

namespace AlexNetSharp.Kernels.Tests.Optimizers;

public sealed class SgdTests(TeamFixture fixture) : IClassFixture<TeamFixture>
{
    private readonly ThreadTeam _team = fixture.Team;

    public static TheoryData<string> GoldenCases => Golden.Names("sgd");

    private static IEnumerable<int> Lengths => Enumerable.Range(0, 71).Concat([16383, 16384, 16385, 50000]);

    [Theory]
    [InlineData(MomentumForm.GradientVelocity, 0f, 0f)]
    [InlineData(MomentumForm.GradientVelocity, 0.9f, 0f)]
    [InlineData(MomentumForm.GradientVelocity, 0.9f, 0.0005f)]
    [InlineData(MomentumForm.WeightVelocity, 0f, 0.1f)]
    [InlineData(MomentumForm.WeightVelocity, 0.9f, 0.0005f)]
    public void Update_EveryLength_AgreesWithTheTwin(MomentumForm form, float momentum, float decay)
    {
        SgdStep step = new(0.05f, momentum, decay, form);
        foreach (int length in Lengths)
        {
            float[] w = Draw.Uniform(length, length), v = Draw.Uniform(length + 1, length), g = Draw.Uniform(length + 2, length);
            (float[] weights, float[] velocity) = Calls.SgdUpdate(step, w, v, g, _team);
            (double[] wd, double[] vd, double[] gd) = (w.Widen(), v.Widen(), g.Widen());
            double[] velocityTerms = new double[length], weightTerms = new double[length];
            double scale = form == MomentumForm.GradientVelocity ? 1 : step.LearningRate, move = form == MomentumForm.GradientVelocity ? step.LearningRate : 1;
            for (int i = 0; i < length; i++)
            {
                velocityTerms[i] = (momentum * Math.Abs(vd[i])) + (scale * (Math.Abs(gd[i]) + (decay * Math.Abs(wd[i]))));
                weightTerms[i] = Math.Abs(wd[i]) + (move * velocityTerms[i]);
            }
            Update(form, wd, gd, vd, step.LearningRate, momentum, decay);
            Close.Within("SGD v", vd, velocity, Tolerances.Sgd, velocityTerms);
            Close.Within("SGD w", wd, weights, Tolerances.Sgd, weightTerms);
        }
    }

    [Theory]
    [InlineData(MomentumForm.GradientVelocity, 0.9f, 0f)]
    [InlineData(MomentumForm.GradientVelocity, 0.9f, 0.0005f)]
    [InlineData(MomentumForm.WeightVelocity, 0.5f, 0.1f)]
    public void Update_NesterovAtEveryLength_AgreesWithTheTwin(MomentumForm form, float momentum, float decay)
    {
        SgdStep step = new(0.05f, momentum, decay, form, Nesterov: true);
        foreach (int length in Lengths)
        {
            float[] w = Draw.Uniform(length, length), v = Draw.Uniform(length + 1, length), g = Draw.Uniform(length + 2, length);
            (float[] weights, float[] velocity) = Calls.SgdUpdate(step, w, v, g, _team);
            (double[] wd, double[] vd, double[] gd) = (w.Widen(), v.Widen(), g.Widen());
            double[] velocityTerms = new double[length], weightTerms = new double[length];
            double scale = form == MomentumForm.GradientVelocity ? 1 : step.LearningRate, move = form == MomentumForm.GradientVelocity ? step.LearningRate : 1;
            for (int i = 0; i < length; i++)
            {
                double gradientTerms = scale * (Math.Abs(gd[i]) + (decay * Math.Abs(wd[i])));
                velocityTerms[i] = (momentum * Math.Abs(vd[i])) + gradientTerms;
                weightTerms[i] = Math.Abs(wd[i]) + (move * ((momentum * velocityTerms[i]) + gradientTerms));
            }
            if (form == MomentumForm.GradientVelocity)
                ReferenceSgd.PyTorchNesterovUpdate(wd, gd, vd, step.LearningRate, momentum, decay);
            else
                ReferenceSgd.StepNesterovUpdate(wd, gd, vd, step.LearningRate, momentum, decay);
            Close.Within("Nesterov v", vd, velocity, Tolerances.Sgd, velocityTerms);
            Close.Within("Nesterov w", wd, weights, Tolerances.Nesterov, weightTerms);
        }
    }

    [Fact]
    public void Update_NesterovAtAConstantRate_IsTheSameInBothForms()
    {
        const int Length = 50;
        float[] w = Draw.Uniform(1, Length), v = new float[Length], other = w, otherV = new float[Length];
        for (int t = 0; t < 10; t++)
        {
            float[] g = Draw.Uniform(t + 5, Length);
            (w, v) = Calls.SgdUpdate(new SgdStep(0.05f, 0.9f, 0.01f, MomentumForm.GradientVelocity, Nesterov: true), w, v, g, _team);
            (other, otherV) = Calls.SgdUpdate(new SgdStep(0.05f, 0.9f, 0.01f, MomentumForm.WeightVelocity, Nesterov: true), other, otherV, g, _team);
        }
        // Errors of a velocity are carried on at most 1/(1 − μ) = 10 times.
        Close.WithinLargest("Nesterov, both forms", w.Widen(), other, 10 * 10 * 2 * Tolerances.Nesterov);
    }

    [Theory]
    [MemberData(nameof(GoldenCases))]
    public void Update_GoldenCase_AgreesOverTenSteps(string name)
    {
        GoldenCase golden = Golden.Case("sgd", name);
        int length = golden.Get<int>("length"), steps = golden.Get<int>("steps");
        MomentumForm form = golden.Get<string>("form") == "pytorch" ? MomentumForm.GradientVelocity : MomentumForm.WeightVelocity;
        float[] w = golden.Floats("initialWeights"), v = new float[length], gradients = golden.Floats("gradients"), history = new float[steps * length];
        double[] rates = golden.Array("learningRates");
        for (int t = 0; t < steps; t++)
        {
            SgdStep step = new((float)rates[t], (float)golden.Get<double>("momentum"), (float)golden.Get<double>("weightDecay"), form, golden.Get<bool>("nesterov"));
            (w, v) = Calls.SgdUpdate(step, w, v, gradients[(t * length)..((t + 1) * length)], _team);
            w.CopyTo(history, t * length);
        }
        // Each step errs by 7u at most of its terms and 3u by its rounded constants; an error of the velocity is carried on, at most 1/(1 − μ) = 10 times.
        // The velocities' terms, times the rate, are below the largest weight here.
        Close.WithinLargest("SGD w, golden", golden.Array("weights"), history, steps * 10 * (Tolerances.Nesterov + (3 * Tolerances.UnitRoundoff)));
    }

    [Fact]
    public void Update_AnyNumberOfThreads_GivesTheSameBits()
    {
        const int Length = 100_003;
        float[] w = Draw.Uniform(1, Length), v = Draw.Uniform(2, Length), g = Draw.Uniform(3, Length);
        Teams.GiveTheSameBits("SGD", team =>
        {
            (float[] weights, float[] velocity) = Calls.SgdUpdate(new SgdStep(0.01f, 0.9f, 0.001f, Nesterov: true), w, v, g, team);
            return [.. weights, .. velocity];
        });
    }

    [Fact]
    public void Update_ConstantOutOfItsRange_NamesIt()
    {
        SgdStep sound = new(0.1f);
        Rejects(sound with { Momentum = 1 }, "Momentum = 1");
        Rejects(sound with { Momentum = -0.5f }, "Momentum = -0.5");
        Rejects(sound with { Momentum = float.NaN }, "Momentum = NaN");
        Rejects(sound with { WeightDecay = -2 }, "WeightDecay = -2");
        Rejects(sound with { Nesterov = true }, "momentum, which must be above 0");

        void Rejects(SgdStep step, string named)
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => Sgd.Update(new float[3], new float[3], new float[3], step, _team));
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(4, 3, "'velocity' holds 4 elements; its geometry needs 3")]
    [InlineData(3, 2, "'gradient' holds 2 elements; its geometry needs 3")]
    public void Update_WrongLength_NamesIt(int velocity, int gradient, string named)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Sgd.Update(new float[3], new float[velocity], new float[gradient], new SgdStep(0.1f), _team));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private static void Update(MomentumForm form, double[] w, double[] g, double[] v, double rate, double momentum, double decay)
    {
        if (form == MomentumForm.GradientVelocity)
            ReferenceSgd.PyTorchUpdate(w, g, v, rate, momentum, decay);
        else
            ReferenceSgd.Krizhevsky2012Update(w, g, v, rate, momentum, decay);
    }
}
