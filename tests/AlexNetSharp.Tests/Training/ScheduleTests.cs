using AlexNetSharp.Reference;
using AlexNetSharp.Training;

namespace AlexNetSharp.Tests.Training;

public sealed class ScheduleTests
{
    public static TheoryData<string> Cycles => [.. GoldenFile.Load("one_cycle").Select(golden => golden.Name)];

    public static TheoryData<LearningRateSchedule> All =>
    [
        new ConstantSchedule(), new StepSchedule { EveryEpochs = 2, Factor = 0.5f }, new PlateauSchedule(), new CosineSchedule { FinalShare = 0.1f }, new OneCycleSchedule(),
    ];

    public static TheoryData<LearningRateSchedule, string> Senseless => new()
    {
        { new ConstantSchedule { WarmUpSteps = -1 }, "The warm-up takes -1 steps; it must be 0 or more." },
        { new StepSchedule { EveryEpochs = 0 }, "The rate changes every 0 epochs; it must be at least 1." },
        { new StepSchedule { Factor = 0 }, "The rate is multiplied by 0; it must lie in (0, 1]." },
        { new StepSchedule { Factor = float.NaN }, "The rate is multiplied by NaN; it must lie in (0, 1]." },
        { new PlateauSchedule { Factor = 1 }, "On a plateau the rate is multiplied by 1; it must lie in (0, 1)." },
        { new PlateauSchedule { Patience = -1 }, "The plateau's patience is -1 epochs; it must be 0 or more." },
        { new PlateauSchedule { MinimalImprovement = -0.5f }, "The plateau's minimal improvement is -0.5; it must be 0 or more." },
        { new CosineSchedule { FinalShare = 1.5f }, "The cosine ends at 1.5 of the rate; it must lie in [0, 1]." },
        { new OneCycleSchedule { PeakAt = 1 }, "The cycle's peak is at 1 of the run; it must lie between 0 and 1." },
        { new OneCycleSchedule { StartDivisor = 0.5f }, "The cycle's divisors are 0.5 and 10000; both must be at least 1." },
    };

    [Theory]
    [MemberData(nameof(Senseless))]
    public void Validate_SenselessSchedule_NamesItsValueAndTheRange(LearningRateSchedule schedule, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(schedule.Validate).Message);

    [Theory]
    [MemberData(nameof(Cycles))]
    public void RateAt_OneCycle_IsPyTorchs(string name)
    {
        GoldenCase golden = GoldenFile.Load("one_cycle").Single(one => one.Name == name);
        OneCycleSchedule schedule = new()
        {
            PeakAt = golden.Get<float>("peakAt"),
            StartDivisor = golden.Get<float>("startDivisor"),
            FinalDivisor = golden.Get<float>("finalDivisor"),
        };
        double[] expected = golden.Array("rates");
        float rate = golden.Get<float>("rate");

        // Rate and peak are rounded to float32.
        for (int step = 0; step < expected.Length; step++)
            Assert.Equal(expected[step], schedule.RateAt(rate, step, expected.Length, 5), 1e-6 * rate);
    }

    [Fact]
    public void RateAt_Step_FallsByTheFactorEverySoManyEpochs()
    {
        StepSchedule schedule = new() { EveryEpochs = 2, Factor = 0.1f };

        double[] rates = [.. Enumerable.Range(0, 15).Select(step => (double)schedule.RateAt(1, step, 15, 3))];

        double[] expected = [1, 1, 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01];
        Assert.All(rates.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-7));
    }

    [Fact]
    public void RateAt_CosineWithAFinalShare_EndsThere()
    {
        CosineSchedule schedule = new() { FinalShare = 0.2f };

        Assert.Equal(1, schedule.RateAt(1, 0, 1000, 10));
        Assert.Equal(0.6, schedule.RateAt(1, 500, 1000, 10), 1e-6);
        Assert.Equal(0.2, schedule.RateAt(1, 999, 1000, 10), 1e-5);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void RateAt_WarmUp_IsTheSchedulesOwnRateTimesARisingShare(LearningRateSchedule schedule)
    {
        const int Steps = 40, WarmUp = 8;
        LearningRateSchedule warm = schedule with { WarmUpSteps = WarmUp };
        for (int step = 0; step < Steps; step++)
        {
            double share = Math.Min(1, (step + 1.0) / WarmUp);
            Assert.Equal(share * schedule.RateAt(0.3f, step, Steps, 10), warm.RateAt(0.3f, step, Steps, 10), 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void RateAt_AnyShortRun_IsAboveZeroAndAtMostFull(LearningRateSchedule schedule)
    {
        foreach (int warmUp in new[] { 0, 1, 100 })
        {
            for (int steps = 1; steps <= 12; steps++)
            {
                for (int step = 0; step < steps; step++)
                    Assert.InRange((schedule with { WarmUpSteps = warmUp }).RateAt(1, step, steps, 3), float.Epsilon, 1);
            }
        }
    }

    [Fact]
    public void RateAt_OneCycleOfOneStep_IsTheFullRate() => Assert.Equal(0.5f, new OneCycleSchedule().RateAt(0.5f, 0, 1, 1));

    [Fact]
    public void RateAt_OneCycleWhosePeakIsTheFirstStep_StartsAtThePeak() => Assert.Equal(1, new OneCycleSchedule { PeakAt = 0.25f }.RateAt(1, 0, 4, 1), 1e-6f);

    [Fact]
    public void RateAt_WarmUpLongerThanTheRun_NeverReachesTheFullRate() =>
        Assert.Equal(0.1f, new ConstantSchedule { WarmUpSteps = 100 }.RateAt(1, 9, 10, 10), 1e-6f);

    [Fact]
    public void Factor_Plateau_FallsWhenPatienceIsAtItsEndAndNotBefore()
    {
        PlateauState state = new(new PlateauSchedule { Factor = 0.5f, Patience = 1, MinimalImprovement = 0.01f });
        List<float> factors = [];
        // 0.505 is no improvement on 0.5 by a hundredth; 0.52 is.
        foreach (double accuracy in new[] { 0.5, 0.505, 0.52, 0.52, 0.1, 0.52, double.NaN, 0.6 })
        {
            state.Report(accuracy);
            factors.Add(state.Factor);
        }

        Assert.Equal([1, 1, 1, 1, 0.5f, 0.5f, 0.25f, 0.25f], factors);
    }
}
