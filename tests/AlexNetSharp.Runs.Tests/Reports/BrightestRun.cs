using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AlexNetSharp.Execution;
using AlexNetSharp.Images;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;
using AlexNetSharp.Runs.Reports;
using AlexNetSharp.Training;

namespace AlexNetSharp.Runs.Tests.Reports;

/// <summary>The folder of a run whose network answers with the brightest of a row of pixels, one a class, so that every figure can be had by hand.</summary>
internal sealed class BrightestRun : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ThreadTeam _team = new(1);

    public BrightestRun(params ImmutableArray<string> classes)
    {
        Classes = classes;
        int count = classes.Length;
        Network = new Network(new ModelSpec
        {
            Name = "brightest",
            Input = new FeatureShape(1, count, 1),
            Classes = classes,
            Layers = [new Flatten { Name = "flat" }, new Dense { Name = "fc", Units = count }],
        });
        float[] weights = new float[count * count];
        for (int i = 0; i < count; i++)
            weights[i * (count + 1)] = 1;
        Network.Write(Network.Find("fc.weight"), weights);
        Record = new RunRecord(
            RunState.Done, "brightest.json", "rows", "default", null, "none", 1, null, new JsonObject { ["learning_rate"] = 0.25, ["optimizer"] = new JsonObject { ["type"] = "sgd" } }, 2, 256,
            "a processor", ".NET", "a system", "1.2.3", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Steps: 300, Images: 19_200, Seconds: 3_723, ImagesPerSecond: 5.2, BestEpoch: 2);
    }

    public ImmutableArray<string> Classes { get; }

    public Network Network { get; }

    public RunRecord Record { get; set; }

    public string Folder => _directory.Path;

    /// <summary>Writes a run of these metrics and its report; returns the page.</summary>
    public string Write(RunTest? test, params object[] metrics)
    {
        using (RunFolder folder = RunFolder.Create(Path.Combine(_directory.Path, "run"), "brightest"))
        {
            folder.WriteRecord(Record);
            folder.RewindMetrics(0, 0);
            foreach (object metric in metrics)
                folder.WriteMetric(metric);
            return File.ReadAllText(RunReport.Write(folder.Path, Network, test));
        }
    }

    public string PlotPath(string name) => Path.Combine(_directory.Path, "run", "plots", name);

    /// <summary>A test of pictures of the given brightest pixels, as sure as they are bright.</summary>
    public RunTest Test(params (int Label, int Brightest, byte Brightness)[] pictures)
    {
        byte[] pixels = new byte[pictures.Length * Classes.Length];
        foreach ((int i, (int _, int brightest, byte brightness)) in pictures.Index())
            pixels[(i * Classes.Length) + brightest] = brightness;
        return Test(new LabeledImages("rows/test", 1, Classes.Length, 1, pixels, pictures.Select(picture => picture.Label).ToArray(), Classes));
    }

    public RunTest Test(ImageSet images) => new(Evaluator.Evaluate(Network, images, _team, TestContext.Current.CancellationToken), images);

    public void Dispose()
    {
        Network.Dispose();
        _team.Dispose();
        _directory.Dispose();
    }
}
