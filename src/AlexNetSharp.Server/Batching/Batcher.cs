using System.Diagnostics;
using System.Threading.Channels;
using AlexNetSharp.Execution;

namespace AlexNetSharp.Server;

/// <summary>Runs the requests for one model together: a bounded queue, and one thread that computes whatever waits in it.</summary>
internal sealed class Batcher : IDisposable
{
    private readonly ServerServices _services;
    private readonly ModelMetrics _metrics;
    private readonly int _capacity, _classes, _inputLength;
    private readonly TimeSpan _delay, _deadline;
    private readonly ExecutionPlan _plan;
    private readonly Channel<InferenceJob> _queue;
    private readonly Thread _worker;
    private readonly List<(InferenceJob Job, int First, int Count)> _parts = [];
    private Task<bool>? _arrival;
    private InferenceJob? _current;
    private int _waiting;
    private volatile int _running;

    public Batcher(Network network, string name, string version, ServerServices services)
    {
        _services = services;
        (_capacity, _delay, _deadline) = (services.Options.QueueCapacity, services.Options.MaximalDelay, services.Options.Deadline);
        (_classes, _inputLength) = (network.Spec.Classes.Length, network.Spec.Input.Length);
        _plan = new ExecutionPlan(network, services.Options.MaximalBatch, PlanMode.Inference, services.Team.Threads);
        _metrics = services.Metrics.Register(name, version, () => Volatile.Read(ref _waiting));
        // Every request holds at least one picture, so that the count of pictures bounds the requests as well.
        _queue = Channel.CreateBounded<InferenceJob>(new BoundedChannelOptions(_capacity) { SingleReader = true });
        _worker = new Thread(Work) { IsBackground = true, Name = $"batches of {name}" };
        _worker.Start();
    }

    /// <summary>Pictures that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Pictures in the batch at hand.</summary>
    public int Running => _running;

    /// <summary>Runs the smallest and the largest batch once, so that no request waits for what is prepared at a first run.</summary>
    public void WarmUp()
    {
        lock (_services.Team.Lock)
        {
            _plan.Input(_plan.MaximalBatch).Clear();
            _plan.Forward(1);
            _plan.Forward(_plan.MaximalBatch);
        }
    }

    /// <summary>Computes logits, together with whatever else waits.</summary>
    /// <param name="input">[count, height, width, channels]; must stay as it is until the task ends.</param>
    /// <param name="logits">[count, classes], written.</param>
    /// <param name="count">Pictures, at least 1.</param>
    /// <param name="aborted">Gone clients; their pictures are not computed.</param>
    /// <exception cref="RequestException">The queue is full (503), or the deadline passed (504).</exception>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask RunAsync(ReadOnlyMemory<float> input, Memory<float> logits, int count, CancellationToken aborted)
    {
        if (count > _capacity)
            throw RequestException.TooLarge($"The request holds {count} pictures; the queue takes {_capacity}. Send fewer at a time.");
        InferenceJob job = new(input[..(count * _inputLength)], logits[..(count * _classes)], count);
        if (Interlocked.Add(ref _waiting, count) > _capacity)
        {
            Interlocked.Add(ref _waiting, -count);
            throw RequestException.Overloaded($"{_capacity} pictures are waiting already; try again later.");
        }
        if (!_queue.Writer.TryWrite(job))
        {
            Interlocked.Add(ref _waiting, -count);
            throw RequestException.Overloaded("The queue is full; try again later.");
        }
        try
        {
            await job.Done.WaitAsync(_deadline, aborted);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            if (job.TryAbandon())
            {
                if (e is OperationCanceledException)
                    throw;
                throw RequestException.DeadlineExceeded($"The request has waited for {_deadline.TotalMilliseconds:F0} ms, its deadline, without being computed.");
            }
            // It is being computed, and its memory in use, for a moment more.
            await job.Done;
        }
    }

    /// <summary>Waits for the worker's end; nobody may still be waiting for an answer.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _worker.Join();
        _metrics.Dispose();
        lock (_services.Team.Lock)
            _plan.Dispose();
    }

    private void Work()
    {
        while (Arrives(Timeout.InfiniteTimeSpan))
        {
            int count = Collect();
            _running = count;
            if (count > 0)
                Run(count);
            _running = 0;
        }
    }

    // Whether there is something to read within that time; false for good at the end.
    private bool Arrives(TimeSpan within)
    {
        if (_current is not null || _queue.Reader.TryPeek(out _))
            return true;
        _arrival ??= _queue.Reader.WaitToReadAsync().AsTask();
        if (!_arrival.Wait(within))
            return false;
        bool arrived = _arrival.Result;
        _arrival = null;
        return arrived;
    }

    private int Collect()
    {
        _parts.Clear();
        int count = Take(0);
        if (_delay > TimeSpan.Zero && count > 0)
        {
            long start = Stopwatch.GetTimestamp();
            for (TimeSpan left = _delay; count < _plan.MaximalBatch && left > TimeSpan.Zero && Arrives(left); left = _delay - Stopwatch.GetElapsedTime(start))
                count = Take(count);
        }
        return count;
    }

    private int Take(int count)
    {
        while (count < _plan.MaximalBatch && (_current ??= Next()) is InferenceJob job)
        {
            // A request larger than what is left goes on in the next batch.
            int part = Math.Min(_plan.MaximalBatch - count, job.Count - job.Taken);
            _parts.Add((job, job.Taken, part));
            job.Taken += part;
            count += part;
            if (job.Taken == job.Count)
                _current = null;
        }
        return count;
    }

    private InferenceJob? Next()
    {
        while (_queue.Reader.TryRead(out InferenceJob? job))
        {
            Interlocked.Add(ref _waiting, -job.Count);
            if (job.TryClaim())
            {
                _metrics.Waited(Stopwatch.GetElapsedTime(job.Queued));
                return job;
            }
            _metrics.Dropped();
        }
        return null;
    }

    private void Run(int count)
    {
        try
        {
            lock (_services.Team.Lock)
            {
                long start = Stopwatch.GetTimestamp();
                Compute(count);
                _metrics.Computed(count, Stopwatch.GetElapsedTime(start));
            }
        }
        catch (Exception e)
        {
            // Whatever went wrong is the requests' answer; the thread serves the next ones.
            foreach ((InferenceJob job, _, _) in _parts)
                job.Fail(e);
            _current = null;
            return;
        }
        foreach ((InferenceJob job, int first, int part) in _parts)
        {
            if (first + part == job.Count)
                job.Complete();
        }
    }

    private void Compute(int count)
    {
        Span<float> input = _plan.Input(count);
        int at = 0;
        foreach ((InferenceJob job, int first, int part) in _parts)
        {
            job.Input.Span.Slice(first * _inputLength, part * _inputLength).CopyTo(input[(at * _inputLength)..]);
            at += part;
        }
        ReadOnlySpan<float> logits = _plan.Forward(count);
        at = 0;
        foreach ((InferenceJob job, int first, int part) in _parts)
        {
            logits.Slice(at * _classes, part * _classes).CopyTo(job.Logits.Span[(first * _classes)..]);
            at += part;
        }
    }
}
