namespace AlexNetSharp.Server;

/// <summary>Numbers in pooled memory that grows.</summary>
internal sealed class NumberBuffer : IDisposable
{
    private const int FirstLength = 1024;

    private float[] _values = [];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers.</summary>
    public Memory<float> Memory => _values.AsMemory(0, Count);

    public void Add(float value)
    {
        if (Count == _values.Length)
            Reserve(Math.Max(FirstLength, 2 * Count));
        _values[Count++] = value;
    }

    /// <summary>Forgets the numbers.</summary>
    public void Clear() => Count = 0;

    /// <summary>Room for exactly so many, their values whatever they are.</summary>
    public Memory<float> Resize(int count)
    {
        Reserve(count);
        Count = count;
        return Memory;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_values.Length > 0)
            ArrayLoan.Return(_values);
        (_values, Count) = ([], 0);
    }

    private void Reserve(int length)
    {
        if (length <= _values.Length)
            return;
        float[] larger = ArrayLoan.Rent<float>(length);
        _values.AsSpan(0, Count).CopyTo(larger);
        if (_values.Length > 0)
            ArrayLoan.Return(_values);
        _values = larger;
    }
}
