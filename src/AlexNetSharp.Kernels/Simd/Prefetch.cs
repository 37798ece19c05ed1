using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace AlexNetSharp.Kernels.Simd;

/// <summary>Asks for cache lines ahead of their use; on hardware without such an instruction in .NET it does nothing.</summary>
/// <remarks>
/// Panels are short runs of memory, far apart: the hardware's own prefetchers lose each run's beginning. An address past the end of a buffer
/// is allowed: the processor drops it.
/// </remarks>
internal static unsafe class Prefetch
{
    private const int FloatsPerLine = 16;

    /// <summary>Asks for the line that holds <paramref name="address"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(float* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    /// <summary>Asks for <paramref name="lines"/> lines of 64 bytes, from the one that holds <paramref name="first"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Lines(float* first, int lines)
    {
        for (int i = 0; Sse.IsSupported && i < lines; i++)
            Sse.Prefetch0(first + (i * FloatsPerLine));
    }
}
