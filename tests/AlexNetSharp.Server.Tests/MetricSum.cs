using System.Diagnostics.Metrics;

namespace AlexNetSharp.Server.Tests;

/// <summary>Adds up what one server records under a name.</summary>
internal sealed class MetricSum : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _sum, _count;

    public MetricSum(IMeterFactory factory, string instrument, string? tag)
    {
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, factory))
                listener.EnableMeasurementEvents(published);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => Add(value, tags, tag));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Add(value, tags, tag));
        _listener.Start();
    }

    public long Value => Volatile.Read(ref _sum);

    public long Count => Volatile.Read(ref _count);

    public void Dispose() => _listener.Dispose();

    private void Add(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, string? tag)
    {
        foreach (KeyValuePair<string, object?> each in tags)
        {
            if (tag is null || Equals(each.Value?.ToString(), tag))
            {
                Interlocked.Add(ref _sum, value);
                Interlocked.Increment(ref _count);
                return;
            }
        }
    }
}
