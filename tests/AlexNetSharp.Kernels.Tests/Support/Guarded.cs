using System.Runtime.InteropServices;

namespace AlexNetSharp.Kernels.Tests.Support;

/// <summary>Memory for a kernel to read or write, between guard zones.</summary>
/// <remarks>
/// Zones and contents start as bytes of 0xFF, which as floats are NaN: an element that a kernel reads outside its operand, or does not write,
/// turns up as NaN, and one that it writes outside is seen by its bytes.
/// </remarks>
internal sealed class Guarded<T>
    where T : unmanaged
{
    // Odd, so that the contents are not aligned to a vector; longer than the longest vector.
    private const int Zone = 61;

    private readonly T[] _memory;
    private readonly int _length;

    public Guarded(int length)
    {
        _length = length;
        _memory = new T[length + (2 * Zone)];
        MemoryMarshal.AsBytes(_memory.AsSpan()).Fill(0xFF);
    }

    public Guarded(ReadOnlySpan<T> values)
        : this(values.Length) => values.CopyTo(Span);

    public Span<T> Span => _memory.AsSpan(Zone, _length);

    /// <summary>The contents, once the zones are seen to be intact.</summary>
    public T[] Values()
    {
        Assert.False(MemoryMarshal.AsBytes(_memory.AsSpan(0, Zone)).ContainsAnyExcept((byte)0xFF), "Something was written before the start of a span.");
        Assert.False(MemoryMarshal.AsBytes(_memory.AsSpan(Zone + _length)).ContainsAnyExcept((byte)0xFF), "Something was written past the end of a span.");
        return Span.ToArray();
    }
}
