namespace AlexNetSharp.Runs.Tests;

public sealed class RunComparisonTests : IDisposable
{
    private readonly TestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Of_NestedOptions_DifferByTheirDottedKeys()
    {
        string a = _runs.Add("a", TestRuns.Record(options: """
            { "seed": 1, "augmentation": null, "freeze": [], "optimizer": { "type": "adam", "beta1": 0.9 }, "schedule": { "type": "cosine" }, "epochs": 3 }
            """));
        string b = _runs.Add("b", TestRuns.Record(day: 2, more: """ "test_accuracy": 0.5, """, options: """
            { "seed": 1, "augmentation": { "flip": 0.5 }, "freeze": ["conv"], "optimizer": { "type": "sgd", "momentum": 0.5 }, "schedule": { "type": "cosine" }, "epochs": 4 }
            """));

        Assert.Equal(
            [
                ("options.freeze", "[]", "[\"conv\"]"), ("options.epochs", "3", "4"), ("options.optimizer.type", "\"adam\"", "\"sgd\""), ("options.optimizer.beta1", "0.9", null),
                ("options.optimizer.momentum", null, "0.5"), ("options.augmentation.flip", null, "0.5"),
            ],
            RunComparison.Of(a, b).Settings.Select(setting => (setting.Key, setting.A?.ToJsonString(), setting.B?.ToJsonString())));
    }

    [Fact]
    public void Of_SameRun_DiffersInNothing()
    {
        string run = _runs.Add("run", TestRuns.Record(), TestRuns.Epoch(1, 0.5, 0.8));

        RunComparison comparison = RunComparison.Of(run, run);

        Assert.Empty(comparison.Settings);
        Assert.All(comparison.Figures, figure => Assert.Equal(0, figure.Difference));
    }

    [Fact]
    public void Of_BothValidated_ComparesEpochs()
    {
        string a = _runs.Add("a", TestRuns.Record(), TestRuns.Epoch(1, 0.5, 0.8), TestRuns.Epoch(2, 0.4, 0.9));
        string b = _runs.Add("b", TestRuns.Record(), TestRuns.Minibatch(5, 9, 0.1), TestRuns.Epoch(1, 0.6, 0.7));

        RunComparison comparison = RunComparison.Of(a, b);

        Assert.Equal(CurveAxis.Epoch, comparison.Axis);
        Assert.Equal([new CurvePoint(1, 0.5, 0.6, 0.8, 0.7), new CurvePoint(2, 0.4, null, 0.9, null)], comparison.Curve);
    }

    [Fact]
    public void Of_OneNeverValidated_ComparesMeansOfMinibatches()
    {
        string[] ofA = [.. Enumerable.Range(1, 40).Select(i => TestRuns.Minibatch(10 * i, i, 0.5)), TestRuns.Epoch(1, 0.5, 0.8)];
        string a = _runs.Add("a", TestRuns.Record(), ofA);
        string b = _runs.Add("b", TestRuns.Record(), TestRuns.Minibatch(15, 4, 0.25), TestRuns.Minibatch(390, 2, 0.75), TestRuns.Epoch(1, null, null));

        RunComparison comparison = RunComparison.Of(a, b);

        Assert.Equal(CurveAxis.Step, comparison.Axis);
        Assert.Equal(RunComparison.StepPoints, comparison.Curve.Length);
        Assert.Equal(new CurvePoint(20, 1.5, 4, 0.5, 0.25), comparison.Curve[0]);
        Assert.Equal(new CurvePoint(40, 3.5, null, 0.5, null), comparison.Curve[1]);
        Assert.Equal(new CurvePoint(400, 39.5, 2, 0.5, 0.75), comparison.Curve[^1]);
    }

    [Fact]
    public void Of_NothingMeasured_HasNoCurve() => Assert.Empty(RunComparison.Of(_runs.Add("a", TestRuns.Record()), _runs.Add("b", TestRuns.Record())).Curve);

    [Fact]
    public void Of_FinalFigures_AreThoseThatOneHasAtLeast()
    {
        string a = _runs.Add("a", TestRuns.Record(more: """ "steps": 30, "test_accuracy": 0.75, """), TestRuns.Epoch(1, 0.5, 0.5));
        string b = _runs.Add("b", TestRuns.Record("interrupted", more: """ "steps": 10, """), TestRuns.Epoch(1, 0.5, 0.25));

        FigureDifference[] figures = [.. RunComparison.Of(a, b).Figures];

        Assert.Equal(["best_validation_accuracy", "test_accuracy", "epochs", "steps", "seconds"], figures.Select(figure => figure.Name));
        Assert.Equal([-0.25, null, 0, -20, 0], figures.Select(figure => figure.Difference));
        Assert.Equal((0.75, null), (figures[1].A, figures[1].B));
    }

    [Fact]
    public void Of_DamagedOrNoRun_Throws()
    {
        string run = _runs.Add("run", TestRuns.Record()), broken = _runs.Add("broken", TestRuns.Record(), "nonsense");

        Assert.Contains(broken, Assert.Throws<InvalidDataException>(() => RunComparison.Of(run, broken)).Message, StringComparison.Ordinal);
        Assert.Contains(_runs.Path, Assert.Throws<FileNotFoundException>(() => RunComparison.Of(_runs.Path, run)).Message, StringComparison.Ordinal);
    }
}
