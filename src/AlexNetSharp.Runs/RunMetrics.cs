using System.Collections.Immutable;
using System.Text.Json;

namespace AlexNetSharp.Runs;

/// <summary>What a run's <c>metrics.jsonl</c> tells, in the order of its steps.</summary>
/// <param name="Minibatches">Minibatches, dropout off.</param>
/// <param name="Epochs">Ends of epochs.</param>
/// <param name="Test">The test at the end; null where it has not come to it.</param>
public sealed record RunMetrics(ImmutableArray<MinibatchMetric> Minibatches, ImmutableArray<EpochMetric> Epochs, TestMetric? Test)
{
    /// <summary>The file's name in a run's folder.</summary>
    public const string FileName = "metrics.jsonl";

    /// <summary>The highest validation accuracy; null where there is none.</summary>
    public double? BestValidationAccuracy => Epochs.Max(epoch => epoch.ValidationAccuracy);

    /// <summary>Reads the metrics of the run in <paramref name="folder"/>; none where the file is not there.</summary>
    /// <remarks>A last line without its end is passed over: the run was killed while it wrote it, or is writing it.</remarks>
    /// <exception cref="InvalidDataException">A line is no metric; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RunMetrics Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        ImmutableArray<MinibatchMetric>.Builder minibatches = ImmutableArray.CreateBuilder<MinibatchMetric>();
        ImmutableArray<EpochMetric>.Builder epochs = ImmutableArray.CreateBuilder<EpochMetric>();
        TestMetric? test = null;
        string[] lines = WholeLines(path);
        for (int i = 0; i < lines.Length; i++)
        {
            switch (Parse(lines[i], path, i + 1))
            {
                case MinibatchMetric minibatch:
                    minibatches.Add(minibatch);
                    break;
                case EpochMetric epoch:
                    epochs.Add(epoch);
                    break;
                case TestMetric last:
                    test = last;
                    break;
            }
        }
        return new RunMetrics(minibatches.ToImmutable(), epochs.ToImmutable(), test);
    }

    /// <summary>Those of the steps and epochs up to these, without the test, which comes after the last step of a run.</summary>
    public RunMetrics Until(int step, int evaluatedEpochs) =>
        new([.. Minibatches.Where(minibatch => minibatch.Step <= step)], [.. Epochs.Where(epoch => epoch.Step <= step && epoch.Epoch <= evaluatedEpochs)], Test: null);

    /// <summary>All metrics in the order in which a run writes them: at the same step the minibatch before the epoch.</summary>
    internal IEnumerable<object> InOrder()
    {
        IEnumerable<(int Step, object Metric)> minibatches = Minibatches.Select(minibatch => (minibatch.Step, (object)minibatch));
        IEnumerable<(int Step, object Metric)> all = minibatches.Concat(Epochs.Select(epoch => (epoch.Step, (object)epoch)));
        object[] test = Test is null ? [] : [Test];
        return all.OrderBy(each => each.Step).Select(each => each.Metric).Concat(test);
    }

    /// <summary>Time since the run began at its last metric, in seconds; 0 where there is none.</summary>
    public double LastSeconds => Math.Max(Minibatches.Length > 0 ? Minibatches[^1].Seconds : 0, Epochs.Length > 0 ? Epochs[^1].Seconds : 0);

    /// <summary>The lines of a file that are there whole, without their ends; none where there is no file.</summary>
    internal static string[] WholeLines(string path)
    {
        if (!File.Exists(path))
            return [];
        // It may be written to at the same time.
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().Split('\n')[..^1];
    }

    /// <summary>The metric of a line.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    internal static object Parse(string line, string path, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            // Each kind has a key that no other has.
            object? metric = root.TryGetProperty("test_accuracy", out _) ? root.Deserialize(RunsJsonForms.Line.TestMetric)
                : root.TryGetProperty("validation_accuracy", out _) ? root.Deserialize(RunsJsonForms.Line.EpochMetric)
                : root.TryGetProperty("learning_rate", out _) ? root.Deserialize(RunsJsonForms.Line.MinibatchMetric)
                : null;
            return metric ?? throw new JsonException("it has none of the keys test_accuracy, validation_accuracy and learning_rate.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}', line {number}: expected a metric of a run, found '{(line.Length > 60 ? line[..60] + "…" : line)}': {e.Message}", e);
        }
    }
}
