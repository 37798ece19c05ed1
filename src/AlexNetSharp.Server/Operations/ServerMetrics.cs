using System.Diagnostics.Metrics;

namespace AlexNetSharp.Server;

/// <summary>What the server counts and measures; <c>/metrics</c> shows it.</summary>
internal sealed class ServerMetrics
{
    /// <summary>The meter that all instruments belong to.</summary>
    public const string MeterName = "AlexNetSharp.Server";

    // Seconds, from a tenth of a millisecond up to ten seconds.
    private static readonly double[] TimeBounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly int[] BatchBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

    private readonly Counter<long> _requests, _failures, _reloads, _dropped;
    private readonly Histogram<double> _duration, _queueTime, _computeTime;
    private readonly Histogram<int> _batchSize;
    private readonly Lock _lock = new();
    private readonly List<ModelMetrics> _models = [];

    public ServerMetrics(IMeterFactory factory)
    {
        Meter meter = factory.Create(MeterName);
        InstrumentAdvice<double> times = new() { HistogramBucketBoundaries = TimeBounds };
        _requests = meter.CreateCounter<long>("alexnet_requests", description: "Requests answered, by endpoint and status");
        _failures = meter.CreateCounter<long>("alexnet_failures", description: "Requests that failed, by reason");
        _dropped = meter.CreateCounter<long>("alexnet_dropped", description: "Requests taken from the queue without being computed: the client hung up, or the deadline passed");
        _reloads = meter.CreateCounter<long>("alexnet_reloads", description: "Models read again after their file changed, by outcome");
        _duration = meter.CreateHistogram("alexnet_request_duration", "s", "Time from a request's headers to the end of its answer", advice: times);
        _queueTime = meter.CreateHistogram("alexnet_queue_time", "s", "Time a request waited for its first batch", advice: times);
        _computeTime = meter.CreateHistogram("alexnet_compute_time", "s", "Time a batch took to compute", advice: times);
        _batchSize = meter.CreateHistogram("alexnet_batch_size", "{picture}", "Pictures a batch", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = BatchBounds });
        meter.CreateObservableGauge("alexnet_queue_depth", Depths, description: "Pictures that wait, by model");
    }

    /// <summary>Metrics of one loaded model.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="waiting">Pictures that wait.</param>
    public ModelMetrics Register(string model, string version, Func<int> waiting)
    {
        ModelMetrics metrics = new(model, version, waiting, _queueTime, _computeTime, _batchSize, _dropped, Remove);
        lock (_lock)
            _models.Add(metrics);
        return metrics;
    }

    public void Answered(string endpoint, int status, TimeSpan duration)
    {
        _requests.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("status", status));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("endpoint", endpoint));
    }

    public void Failed(string reason) => _failures.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Reloaded(string model, bool succeeded) =>
        _reloads.Add(1, new KeyValuePair<string, object?>("model", model), new KeyValuePair<string, object?>("outcome", succeeded ? "success" : "failure"));

    private void Remove(ModelMetrics metrics)
    {
        lock (_lock)
            _models.Remove(metrics);
    }

    // While a model is replaced there are two of it for a moment: their queues are one to whoever looks.
    private Measurement<int>[] Depths()
    {
        lock (_lock)
        {
            return [.. _models.GroupBy(model => (model.Model, model.Version)).Select(same => new Measurement<int>(
                same.Sum(model => model.Waiting), new("model", same.Key.Model), new("version", same.Key.Version)))];
        }
    }
}
