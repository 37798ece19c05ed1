using System.Runtime.CompilerServices;

namespace AlexNetSharp.Kernels;

/// <summary>The checks at a kernel's entry; the unsafe bodies rely on them.</summary>
internal static class Check
{
    public static void Length<T>(ReadOnlySpan<T> span, long expected, string name)
    {
        if (span.Length != expected)
            throw new ArgumentException($"'{name}' holds {span.Length} elements; its geometry needs {expected}.", name);
    }

    public static void AtLeast(ReadOnlySpan<float> scratch, long expected, string name)
    {
        if (scratch.Length < expected)
            throw new ArgumentException($"'{name}' holds {scratch.Length} floats; at least {expected} are needed. Ask the kernel's ScratchLength with the same geometry and thread count.", name);
    }

    /// <summary>In-place is allowed, a shifted overlap is not: a task would read what another has overwritten.</summary>
    public static void SameOrApart(ReadOnlySpan<float> input, ReadOnlySpan<float> output, string name)
    {
        if (input.Overlaps(output, out int offset) && offset != 0)
            throw new ArgumentException($"'{name}' overlaps the input by an offset of {offset} elements. Pass the same span for in-place work, or one apart.", name);
    }

    /// <summary>For an operand that is read again after results were written.</summary>
    public static void Apart(ReadOnlySpan<float> input, ReadOnlySpan<float> output, string name)
    {
        if (input.Overlaps(output))
            throw new ArgumentException($"'{name}' overlaps the input, which is still needed. Pass a span apart from it.", name);
    }

    public static void PositiveFinite(float value, string name, [CallerMemberName] string owner = "")
    {
        if (!(value > 0) || !float.IsFinite(value))
            throw new ArgumentException($"{owner}: '{name}' is {value}; a positive, finite number is needed.", name);
    }
}
