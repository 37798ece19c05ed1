namespace AlexNetSharp.Execution;

/// <summary>A part of a plan's memory.</summary>
/// <param name="name">For reports.</param>
/// <param name="bytes">Its size, rounded up to whole cache lines.</param>
/// <param name="first">The moment of the first write.</param>
/// <param name="last">The moment of the last read.</param>
internal abstract unsafe class PlanBuffer(string name, long bytes, int first, int last)
{
    public string Name { get; } = name;

    public long Bytes { get; } = (bytes + PlanMemory.Alignment - 1) / PlanMemory.Alignment * PlanMemory.Alignment;

    public int First { get; } = first;

    public int Last { get; } = last;

    /// <summary>Bytes from the start of the plan's memory.</summary>
    public long Offset { get; set; }

    /// <summary>Where it lies; null before the memory is taken and after it is freed.</summary>
    public void* Address { get; set; }
}

/// <summary>A part of a plan's memory, with its element type.</summary>
internal sealed unsafe class PlanBuffer<T>(string name, int length, int first, int last) : PlanBuffer(name, (long)length * sizeof(T), first, last)
    where T : unmanaged
{
    public int Length => length;

    public Span<T> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(Address == null, this);
            return new Span<T>(Address, length);
        }
    }
}
