namespace AlexNetSharp.Server;

/// <summary>A request's body, read whole into pooled memory, decompressed.</summary>
internal sealed class RequestBody(MemoryBudget budget, long limit) : IDisposable
{
    private const int FirstLength = 1 << 14;

    private byte[] _buffer = [];

    /// <summary>Bytes read.</summary>
    public int Length { get; private set; }

    /// <summary>What was read.</summary>
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    /// <summary>Room for more, at least one byte.</summary>
    /// <param name="wanted">How much would be read at once.</param>
    /// <exception cref="RequestException">The limit is reached (413), or the server's memory for bodies is (503).</exception>
    public Memory<byte> Room(int wanted = 1)
    {
        if (_buffer.Length - Length < wanted)
            Grow(Length + (long)wanted);
        return _buffer.AsMemory(Length);
    }

    /// <summary>Says that so many bytes were written into the room.</summary>
    /// <exception cref="RequestException">They exceed the limit (413).</exception>
    public void Advance(int count)
    {
        Length += count;
        if (Length > limit)
            throw TooLarge(limit);
    }

    public static RequestException TooLarge(long limit) =>
        RequestException.TooLarge($"The body has more than {limit} bytes, once decompressed if it is compressed. Send less at a time.");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayLoan.Return(_buffer);
            budget.Return(_buffer.Length);
        }
        (_buffer, Length) = ([], 0);
    }

    private void Grow(long needed)
    {
        // One byte past the limit is room enough to notice that there is more.
        if (needed > limit + 1)
            throw TooLarge(limit);
        byte[] larger = ArrayLoan.Rent<byte>((int)Math.Min(Math.Max(needed, Math.Max(FirstLength, _buffer.Length * 2L)), Math.Max(needed, limit + 1)));
        try
        {
            budget.Take(larger.Length);
        }
        catch
        {
            ArrayLoan.Return(larger);
            throw;
        }
        _buffer.AsSpan(0, Length).CopyTo(larger);
        int length = Length;
        Dispose();
        (_buffer, Length) = (larger, length);
    }
}
