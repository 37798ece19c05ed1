using System.Runtime.InteropServices;

namespace AlexNetSharp.Tensors;

/// <summary>Memory outside the garbage collector's heap, aligned to cache lines and zeroed: it never moves, and large ones cost no collection.</summary>
/// <typeparam name="T">The element.</typeparam>
internal sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    private const int Alignment = 64;

    private T* _data;

    public NativeBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        // A vector's worth beyond the end, so that even an empty buffer has an address.
        nuint bytes = ((nuint)length * (nuint)sizeof(T)) + Alignment;
        _data = (T*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(_data, bytes);
        GC.AddMemoryPressure((long)bytes);
    }

    ~NativeBuffer() => Free();

    public int Length { get; }

    public Span<T> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_data == null, this);
            return new Span<T>(_data, Length);
        }
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
        GC.RemoveMemoryPressure(((long)Length * sizeof(T)) + Alignment);
        _data = null;
    }
}
