using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Floats = System.Runtime.Intrinsics.Vector128<float>;

namespace AlexNetSharp.Kernels.Simd;

/// <summary>Four lanes: SSE2 and Arm's NEON, and the fall-back everywhere else.</summary>
internal readonly unsafe struct Simd128 : ISimd<Floats>
{
    /// <inheritdoc/>
    public static int Width => 4;

    /// <inheritdoc/>
    public static Floats Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Floats.Zero;
    }

    /// <inheritdoc/>
    public static Floats PairNumbers
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<ulong>.Indices.AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Broadcast(float value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats BroadcastBits(uint value) => Vector128.Create(value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats BroadcastPairs(ulong value) => Vector128.Create(value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Load(float* source) => Vector128.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Floats vector, float* destination) => vector.Store(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats LoadBytes(byte* source) =>
        Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(source)).AsByte())).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Floats integers, byte* destination) =>
        Unsafe.WriteUnaligned(destination, Vector128.Narrow(Vector128.Narrow(integers.AsUInt32(), Vector128<uint>.Zero), Vector128<ushort>.Zero).AsUInt32().ToScalar());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Add(Floats a, Floats b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Subtract(Floats a, Floats b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Multiply(Floats a, Floats b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Divide(Floats a, Floats b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats MultiplyAdd(Floats a, Floats b, Floats c) => Vector128.MultiplyAddEstimate(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Max(Floats a, Floats b) => Vector128.MaxNative(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Abs(Floats a) => Vector128.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Sqrt(Floats a) => Vector128.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Exp(Floats a) => Vector128.Exp(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Log(Floats a) => Vector128.Log(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats GreaterThan(Floats a, Floats b) => Vector128.GreaterThan(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats EqualBits(Floats a, Floats b) => Vector128.Equals(a.AsUInt32(), b.AsUInt32()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats LessThanIntegers(Floats a, Floats b) => Vector128.LessThan(a.AsInt32(), b.AsInt32()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Select(Floats mask, Floats whenTrue, Floats whenFalse) =>
        Vector128.ConditionalSelect(mask, whenTrue, whenFalse);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Align(Floats low, Floats high, int start)
    {
        if (start == 0)
            return low;
        if (start == Width)
            return high;
        if (Ssse3.IsSupported)
            return Ssse3.AlignRight(high.AsByte(), low.AsByte(), (byte)(sizeof(float) * start)).AsSingle();
        if (AdvSimd.IsSupported)
            return AdvSimd.ExtractVector128(low, high, (byte)start);
        return start switch
        {
            1 => Vector128.Create(low[1], low[2], low[3], high[0]),
            2 => Vector128.Create(low[2], low[3], high[0], high[1]),
            _ => Vector128.Create(low[3], high[0], high[1], high[2]),
        };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats And(Floats a, Floats b) => a & b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Xor(Floats a, Floats b) => a ^ b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats ShiftRight(Floats a, int count) => (a.AsUInt32() >>> count).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats AddPairs(Floats a, Floats b) => (a.AsUInt64() + b.AsUInt64()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats MultiplyEven(Floats a, Floats b)
    {
        if (Sse2.IsSupported)
            return Sse2.Multiply(a.AsUInt32(), b.AsUInt32()).AsSingle();
        if (AdvSimd.Arm64.IsSupported)
        {
            Vector64<uint> x = AdvSimd.ExtractNarrowingLower(a.AsUInt64()), y = AdvSimd.ExtractNarrowingLower(b.AsUInt64());
            return AdvSimd.MultiplyWideningLower(x, y).AsSingle();
        }
        Vector128<ulong> low = Vector128.Create((ulong)uint.MaxValue);
        return ((a.AsUInt64() & low) * (b.AsUInt64() & low)).AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats OddToEven(Floats a) => (a.AsUInt64() >>> 32).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats JoinEven(Floats even, Floats odd) =>
        Vector128.ConditionalSelect(Vector128.Create((ulong)uint.MaxValue), even.AsUInt64(), odd.AsUInt64() << 32).AsSingle();
}
