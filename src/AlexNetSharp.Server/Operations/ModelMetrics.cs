using System.Diagnostics.Metrics;

namespace AlexNetSharp.Server;

/// <summary>What is measured of one loaded model.</summary>
internal sealed class ModelMetrics(
    string model, string version, Func<int> waiting, Histogram<double> queueTime, Histogram<double> computeTime, Histogram<int> batchSize, Counter<long> dropped,
    Action<ModelMetrics> removed) : IDisposable
{
    private readonly KeyValuePair<string, object?> _model = new("model", model), _version = new("version", version);

    public string Model => model;

    public string Version => version;

    public int Waiting => waiting();

    public void Waited(TimeSpan time) => queueTime.Record(time.TotalSeconds, _model, _version);

    public void Dropped() => dropped.Add(1, _model, _version);

    public void Computed(int count, TimeSpan time)
    {
        computeTime.Record(time.TotalSeconds, _model, _version);
        batchSize.Record(count, _model, _version);
    }

    /// <summary>Ends what is measured.</summary>
    public void Dispose() => removed(this);
}
