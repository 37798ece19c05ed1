using System.Runtime.InteropServices;

namespace AlexNetSharp.Execution;

/// <summary>All memory of a plan: buffers are reserved with the moments between which they are needed, laid out once, and share what they can.</summary>
/// <remarks>
/// A buffer takes the lowest place that is free for all its moments, the largest buffers first (Pisarchyk and Lee 2020, "greedy by size").
/// Moments count from 0; see <see cref="OperationTime"/>.
/// </remarks>
internal sealed unsafe class PlanMemory : IDisposable
{
    /// <summary>Every buffer begins at a cache line of its own.</summary>
    public const int Alignment = 64;

    private readonly List<PlanBuffer> _buffers = [];
    private byte* _data;

    ~PlanMemory() => Free();

    /// <summary>Bytes of the whole, once laid out.</summary>
    public long Bytes { get; private set; }

    /// <summary>The buffers, in the order in which they were reserved.</summary>
    public IReadOnlyList<PlanBuffer> Buffers => _buffers;

    /// <summary>Asks for a buffer.</summary>
    /// <param name="name">For reports.</param>
    /// <param name="length">Elements, from 0 up.</param>
    /// <param name="first">The moment of the first write.</param>
    /// <param name="last">The moment of the last read.</param>
    public PlanBuffer<T> Reserve<T>(string name, long length, int first, int last)
        where T : unmanaged
    {
        if (length > Array.MaxLength)
            throw new ArgumentException($"Buffer '{name}' needs {length} elements, more than can be indexed. Use a smaller batch.");
        PlanBuffer<T> buffer = new(name, (int)length, first, last);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Gives every buffer its place; nothing is allocated yet.</summary>
    public void LayOut()
    {
        List<PlanBuffer> placed = [];
        foreach (PlanBuffer buffer in _buffers.OrderByDescending(buffer => buffer.Bytes))
        {
            long offset = 0;
            foreach (PlanBuffer other in placed.Where(other => other.First <= buffer.Last && buffer.First <= other.Last).OrderBy(other => other.Offset))
            {
                if (other.Offset - offset >= buffer.Bytes)
                    break;
                offset = Math.Max(offset, other.Offset + other.Bytes);
            }
            buffer.Offset = offset;
            Bytes = Math.Max(Bytes, offset + buffer.Bytes);
            placed.Add(buffer);
        }
    }

    /// <summary>Takes the memory, zeroed.</summary>
    public void Allocate()
    {
        _data = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(Bytes, Alignment), Alignment);
        NativeMemory.Clear(_data, (nuint)Bytes);
        GC.AddMemoryPressure(Math.Max(Bytes, Alignment));
        foreach (PlanBuffer buffer in _buffers)
            buffer.Address = _data + buffer.Offset;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_data == null)
            return;
        NativeMemory.AlignedFree(_data);
        GC.RemoveMemoryPressure(Math.Max(Bytes, Alignment));
        _data = null;
        foreach (PlanBuffer buffer in _buffers)
            buffer.Address = null;
    }
}
