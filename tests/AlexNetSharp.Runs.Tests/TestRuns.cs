using System.Globalization;

namespace AlexNetSharp.Runs.Tests;

/// <summary>A folder of runs for one test, written as <c>alexnet train</c> writes them.</summary>
internal sealed class TestRuns : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("alexnet-runs-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A run's folder with these files.</summary>
    /// <param name="name">Its path below <see cref="Path"/>.</param>
    /// <param name="record">What <c>run.json</c> holds.</param>
    /// <param name="metrics">The lines of <c>metrics.jsonl</c>.</param>
    public string Add(string name, string record, params string[] metrics)
    {
        string folder = Directory.CreateDirectory(PathOf(name)).FullName;
        File.WriteAllText(System.IO.Path.Combine(folder, RunRecord.FileName), record);
        File.WriteAllText(System.IO.Path.Combine(folder, RunMetrics.FileName), string.Concat(metrics.Select(line => line + "\n")));
        return folder;
    }

    /// <summary>What a <c>run.json</c> holds.</summary>
    /// <param name="state">How far the run is.</param>
    /// <param name="options">Its training options.</param>
    /// <param name="day">The day of the month on which it began.</param>
    /// <param name="more">Further keys, each with a comma after it.</param>
    public static string Record(string state = "done", string options = """{ "epochs": 3, "seed": 7 }""", int day = 1, string more = "") => $$"""
        {
          "state": "{{state}}", "model": "alexnet-mnist", "data": "mnist", "recipe": "default", "init_from": null, "test_time_augmentation": "none",
          "checkpoints": 1, "checkpoint_every": null, {{more}} "options": {{options}}, "threads": 2, "vector_bits": 256, "processor": "one", "runtime": ".NET",
          "system": "Linux", "version": "1.0.0", "started": "2026-01-{{day:00}}T10:00:00+00:00"
        }
        """;

    public static string Epoch(int epoch, double? loss, double? accuracy) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"epoch":{{epoch}},"step":{{10 * epoch}},"validation_loss":{{Json(loss)}},"validation_accuracy":{{Json(accuracy)}},"seconds":{{2 * epoch}}}""");

    public static string Minibatch(int step, double loss, double accuracy) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"step":{{step}},"images":{{64 * step}},"loss":{{loss}},"accuracy":{{accuracy}},"learning_rate":0.001,"seconds":{{step}}}""");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Json(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";
}
