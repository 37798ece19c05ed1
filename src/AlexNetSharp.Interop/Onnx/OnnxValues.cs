using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AlexNetSharp.Interop.Onnx;

/// <summary>Elements of every type to and from the two types that operators compute in: double for floating point, int64 for integers.</summary>
internal static class OnnxValues
{
    /// <summary>The elements as doubles.</summary>
    public static double[] ToDoubles(OnnxElementType type, ReadOnlySpan<byte> data) => type switch
    {
        OnnxElementType.Float => Convert<float, double>(data, x => x),
        OnnxElementType.Double => Convert<double, double>(data, x => x),
        OnnxElementType.Float16 => Convert<Half, double>(data, x => (double)x),
        OnnxElementType.BFloat16 => Convert<ushort, double>(data, FromBFloat16),
        OnnxElementType.UInt64 => Convert<ulong, double>(data, x => x),
        _ => Array.ConvertAll(ToIntegers(type, data), x => (double)x),
    };

    /// <summary>The elements, which are integers or truth values, as int64; uint64 keeps its bits.</summary>
    public static long[] ToIntegers(OnnxElementType type, ReadOnlySpan<byte> data) => type switch
    {
        OnnxElementType.UInt8 => Convert<byte, long>(data, x => x),
        OnnxElementType.Int8 => Convert<sbyte, long>(data, x => x),
        OnnxElementType.UInt16 => Convert<ushort, long>(data, x => x),
        OnnxElementType.Int16 => Convert<short, long>(data, x => x),
        OnnxElementType.Int32 => Convert<int, long>(data, x => x),
        OnnxElementType.UInt32 => Convert<uint, long>(data, x => x),
        OnnxElementType.Int64 or OnnxElementType.UInt64 => Convert<long, long>(data, x => x),
        OnnxElementType.Bool => Convert<byte, long>(data, x => x == 0 ? 0 : 1),
        _ => throw new ArgumentException($"{type.Name()} is no integer type."),
    };

    /// <summary>Doubles as elements of any type: rounded to nearest; integers are cut towards zero and wrap around.</summary>
    public static byte[] FromDoubles(OnnxElementType type, ReadOnlySpan<double> values) => type switch
    {
        OnnxElementType.Float => Convert<float>(values, x => (float)x),
        OnnxElementType.Double => Convert<double>(values, x => x),
        OnnxElementType.Float16 => Convert<Half>(values, x => (Half)x),
        OnnxElementType.BFloat16 => Convert<ushort>(values, ToBFloat16),
        OnnxElementType.UInt64 => Convert<ulong>(values, x => x < 0 ? unchecked((ulong)(long)x) : (ulong)x),
        OnnxElementType.Bool => Convert<byte>(values, x => x != 0 ? (byte)1 : (byte)0),
        _ => FromIntegers(type, Array.ConvertAll(values.ToArray(), x => (long)x)),
    };

    /// <summary>Integers as elements of any type; those that do not fit wrap around.</summary>
    public static byte[] FromIntegers(OnnxElementType type, ReadOnlySpan<long> values) => type switch
    {
        OnnxElementType.UInt8 => Convert<byte>(values, x => unchecked((byte)x)),
        OnnxElementType.Int8 => Convert<sbyte>(values, x => unchecked((sbyte)x)),
        OnnxElementType.UInt16 => Convert<ushort>(values, x => unchecked((ushort)x)),
        OnnxElementType.Int16 => Convert<short>(values, x => unchecked((short)x)),
        OnnxElementType.Int32 => Convert<int>(values, x => unchecked((int)x)),
        OnnxElementType.UInt32 => Convert<uint>(values, x => unchecked((uint)x)),
        OnnxElementType.Int64 or OnnxElementType.UInt64 => Convert<long>(values, x => x),
        OnnxElementType.Bool => Convert<byte>(values, x => x != 0 ? (byte)1 : (byte)0),
        OnnxElementType.Float => Convert<float>(values, x => x), // not by way of a double, which would round twice
        _ => FromDoubles(type, Array.ConvertAll(values.ToArray(), x => (double)x)),
    };

    private static double FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>To the nearest bfloat16, ties to even, by way of float32; a NaN stays one.</summary>
    private static ushort ToBFloat16(double value)
    {
        uint bits = BitConverter.SingleToUInt32Bits((float)value);
        return double.IsNaN(value) ? (ushort)0x7fc0 : (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
    }

    private static TTo[] Convert<TFrom, TTo>(ReadOnlySpan<byte> data, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        ReadOnlySpan<TFrom> values = MemoryMarshal.Cast<byte, TFrom>(data);
        TTo[] result = new TTo[values.Length];
        for (int i = 0; i < values.Length; i++)
            result[i] = convert(values[i]);
        return result;
    }

    private static byte[] Convert<TTo>(ReadOnlySpan<double> values, Func<double, TTo> convert)
        where TTo : unmanaged
    {
        byte[] result = new byte[values.Length * Unsafe.SizeOf<TTo>()];
        Span<TTo> elements = MemoryMarshal.Cast<byte, TTo>(result.AsSpan());
        for (int i = 0; i < values.Length; i++)
            elements[i] = convert(values[i]);
        return result;
    }

    private static byte[] Convert<TTo>(ReadOnlySpan<long> values, Func<long, TTo> convert)
        where TTo : unmanaged
    {
        byte[] result = new byte[values.Length * Unsafe.SizeOf<TTo>()];
        Span<TTo> elements = MemoryMarshal.Cast<byte, TTo>(result.AsSpan());
        for (int i = 0; i < values.Length; i++)
            elements[i] = convert(values[i]);
        return result;
    }
}
