using System.Runtime.InteropServices;
using AlexNetSharp.Kernels.Randomness;

namespace AlexNetSharp.Benchmarks.KernelBenchmarks;

/// <summary>Memory as plans lay it out: from the start of a page on, outside the collected heap.</summary>
internal sealed unsafe class AlignedFloats : IDisposable
{
    private const int Alignment = 4096;

    private readonly float* _memory;
    private readonly int _length;

    /// <param name="length">Floats, all zero.</param>
    public AlignedFloats(long length)
    {
        _length = checked((int)length);
        _memory = (float*)NativeMemory.AlignedAlloc(sizeof(float) * (nuint)Math.Max(length, 1), Alignment);
        Span.Clear();
    }

    public Span<float> Span => new(_memory, _length);

    /// <summary>Values from −1 to 1: about half of them pass a ReLU, and none is so small that it slows arithmetic down.</summary>
    public static AlignedFloats Noise(long length, ulong stream)
    {
        AlignedFloats result = new(length);
        PhiloxSequence random = new(seed: 1, stream);
        foreach (ref float value in result.Span)
            value = (float)((2 * random.NextDouble()) - 1);
        return result;
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
