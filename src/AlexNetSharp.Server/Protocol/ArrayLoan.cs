using System.Buffers;
using System.Runtime.CompilerServices;

namespace AlexNetSharp.Server;

/// <summary>Arrays for the time of a request: small ones from the shared pool, large ones from the collector.</summary>
/// <remarks>The pool keeps arrays for every thread and size; after a few large bodies it would hold gigabytes.</remarks>
internal static class ArrayLoan
{
    private const int LargestPooledBytes = 1 << 20;

    /// <summary>An array of at least that length, its content whatever it is.</summary>
    public static T[] Rent<T>(int length)
        where T : unmanaged => IsPooled<T>(length) ? ArrayPool<T>.Shared.Rent(length) : GC.AllocateUninitializedArray<T>(length);

    /// <summary>Gives it back.</summary>
    public static void Return<T>(T[] array)
        where T : unmanaged
    {
        if (array.Length > 0 && IsPooled<T>(array.Length))
            ArrayPool<T>.Shared.Return(array);
    }

    private static bool IsPooled<T>(int length) => (long)length * Unsafe.SizeOf<T>() <= LargestPooledBytes;
}
