namespace AlexNetSharp.Server;

/// <summary>Bounds how many pictures are decoded at once, and how many wait for that.</summary>
internal sealed class PictureGate(ServerOptions options) : IDisposable
{
    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount));
    private int _waiting;

    /// <summary>Waits for a place.</summary>
    /// <exception cref="RequestException">As many wait as may (503), or none came free within the deadline (504).</exception>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask EnterAsync(CancellationToken aborted)
    {
        if (_places.Wait(0, CancellationToken.None))
            return;
        try
        {
            if (Interlocked.Increment(ref _waiting) > options.QueueCapacity)
                throw RequestException.Overloaded($"{options.QueueCapacity} requests wait for their pictures to be decoded already; try again later.");
            if (!await _places.WaitAsync(options.Deadline, aborted))
                throw RequestException.DeadlineExceeded($"The request has waited for {options.Deadline.TotalMilliseconds:F0} ms, its deadline, without its picture being decoded.");
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Leaves the place.</summary>
    public void Leave() => _places.Release();

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();
}
