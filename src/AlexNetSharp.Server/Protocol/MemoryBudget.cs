namespace AlexNetSharp.Server;

/// <summary>Bounds the memory of all bodies that are in the server at once: what would exceed it is refused like any overload.</summary>
internal sealed class MemoryBudget(ServerOptions options)
{
    // Some bodies of the largest size, and at the least many small ones.
    private readonly long _limit = Math.Max(256L << 20, 4 * options.MaximalBodyBytes);
    private long _used;

    /// <summary>Takes some of it.</summary>
    /// <exception cref="RequestException">There is not so much left (503).</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= _limit)
            return;
        Interlocked.Add(ref _used, -bytes);
        throw RequestException.Overloaded("The bodies of the requests at hand fill the memory set aside for them; try again later.");
    }

    /// <summary>Gives back what was taken.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
