using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AlexNetSharp.Runs;

/// <summary>Two runs side by side.</summary>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
/// <param name="Settings">Settings in which they differ, and on what they ran, as far as that differs.</param>
/// <param name="Axis">Epochs where both have validated, else steps.</param>
/// <param name="Curve">Their ways; empty where neither has measured anything.</param>
/// <param name="Figures">What they ended with; figures that neither has are left out.</param>
public sealed record RunComparison(
    RunSummary A, RunSummary B, ImmutableArray<SettingDifference> Settings, CurveAxis Axis, ImmutableArray<CurvePoint> Curve, ImmutableArray<FigureDifference> Figures)
{
    /// <summary>Points of curves over steps.</summary>
    public const int StepPoints = 20;

    // What run.json says of how the run went; all else was asked for, or is what it ran on.
    private static readonly HashSet<string> OfTheCourse =
    [
        "state", "started", "resumed", "steps", "images", "seconds", "images_per_s", "best_epoch", "stopped_early", "skipped_pictures", "test_loss", "test_accuracy", "error",
    ];

    /// <summary>Compares the runs in two folders.</summary>
    /// <param name="a">The folder of the first.</param>
    /// <param name="b">The folder of the second.</param>
    /// <exception cref="InvalidDataException">A file of theirs is damaged.</exception>
    /// <exception cref="FileNotFoundException">A folder holds no run.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static RunComparison Of(string a, string b)
    {
        (RunRecord recordA, RunMetrics metricsA) = Read(a);
        (RunRecord recordB, RunMetrics metricsB) = Read(b);
        RunSummary summaryA = RunSummary.Read(a), summaryB = RunSummary.Read(b);
        bool byEpoch = metricsA.BestValidationAccuracy is not null && metricsB.BestValidationAccuracy is not null;
        FigureDifference[] figures =
        [
            new("best_validation_accuracy", summaryA.BestValidationAccuracy, summaryB.BestValidationAccuracy),
            new("best_epoch", recordA.BestEpoch, recordB.BestEpoch),
            new("test_accuracy", summaryA.TestAccuracy, summaryB.TestAccuracy),
            new("test_loss", recordA.TestLoss ?? metricsA.Test?.TestLoss, recordB.TestLoss ?? metricsB.Test?.TestLoss),
            new("epochs", summaryA.Epochs, summaryB.Epochs),
            new("steps", summaryA.Steps, summaryB.Steps),
            new("seconds", summaryA.Seconds, summaryB.Seconds),
            new("images_per_s", recordA.ImagesPerSecond, recordB.ImagesPerSecond),
        ];
        return new RunComparison(
            summaryA, summaryB, Differences(SettingsOf(recordA), SettingsOf(recordB)), byEpoch ? CurveAxis.Epoch : CurveAxis.Step,
            byEpoch ? ByEpoch(metricsA, metricsB) : ByStep(metricsA, metricsB), [.. figures.Where(figure => figure.A is not null || figure.B is not null)]);
    }

    private static (RunRecord Record, RunMetrics Metrics) Read(string folder)
    {
        _ = RunFolder.RecordPath(folder);
        return (RunRecord.Read(folder)!, RunMetrics.Read(folder));
    }

    // Without those that are null: to leave an option out and to switch it off are the same.
    private static Dictionary<string, JsonNode> SettingsOf(RunRecord record)
    {
        Dictionary<string, JsonNode> settings = [];
        foreach ((string key, JsonNode? value) in JsonSerializer.SerializeToNode(record, RunsJsonForms.Line.RunRecord)!.AsObject())
        {
            if (!OfTheCourse.Contains(key))
                Flatten(key, value);
        }
        return settings;

        void Flatten(string key, JsonNode? value)
        {
            if (value is JsonObject { Count: > 0 } nested)
            {
                foreach ((string inner, JsonNode? child) in nested)
                    Flatten($"{key}.{inner}", child);
            }
            else if (value is not null)
            {
                settings[key] = value;
            }
        }
    }

    private static ImmutableArray<SettingDifference> Differences(Dictionary<string, JsonNode> a, Dictionary<string, JsonNode> b) =>
    [
        // What only the second has stands with its neighbours.
        .. from key in a.Keys.Union(b.Keys).GroupBy(Parent).SelectMany(siblings => siblings)
           let valueA = a.GetValueOrDefault(key)
           let valueB = b.GetValueOrDefault(key)
           where !JsonNode.DeepEquals(valueA, valueB)
           select new SettingDifference(key, valueA, valueB),
    ];

    private static string Parent(string key) => key[..Math.Max(0, key.LastIndexOf('.'))];

    private static ImmutableArray<CurvePoint> ByEpoch(RunMetrics a, RunMetrics b)
    {
        ILookup<int, EpochMetric> ofA = a.Epochs.ToLookup(epoch => epoch.Epoch), ofB = b.Epochs.ToLookup(epoch => epoch.Epoch);
        return
        [
            .. from epoch in a.Epochs.Concat(b.Epochs).Select(epoch => epoch.Epoch).Distinct().Order()
               let inA = ofA[epoch].LastOrDefault()
               let inB = ofB[epoch].LastOrDefault()
               select new CurvePoint(epoch, inA?.ValidationLoss, inB?.ValidationLoss, inA?.ValidationAccuracy, inB?.ValidationAccuracy),
        ];
    }

    private static ImmutableArray<CurvePoint> ByStep(RunMetrics a, RunMetrics b)
    {
        int last = a.Minibatches.Concat(b.Minibatches).Select(minibatch => minibatch.Step).DefaultIfEmpty().Max();
        int count = Math.Min(StepPoints, Math.Max(a.Minibatches.Length, b.Minibatches.Length));
        return [.. Enumerable.Range(1, count).Select(PointAt)];

        CurvePoint PointAt(int i)
        {
            int after = StepOf(i - 1), until = StepOf(i);
            MinibatchMetric[] ofA = Between(a), ofB = Between(b);
            return new CurvePoint(until, Mean(ofA, m => m.Loss), Mean(ofB, m => m.Loss), Mean(ofA, m => m.Accuracy), Mean(ofB, m => m.Accuracy));

            MinibatchMetric[] Between(RunMetrics metrics) => [.. metrics.Minibatches.Where(minibatch => minibatch.Step > after && minibatch.Step <= until)];
        }

        int StepOf(int i) => (int)((long)last * i / count);

        static double? Mean(MinibatchMetric[] minibatches, Func<MinibatchMetric, double> figure) => minibatches.Length == 0 ? null : minibatches.Average(figure);
    }
}
