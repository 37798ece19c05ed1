using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Floats = System.Runtime.Intrinsics.Vector512<float>;

namespace AlexNetSharp.Kernels.Simd;

/// <summary>Sixteen lanes: AVX-512.</summary>
internal readonly unsafe struct Simd512 : ISimd<Floats>
{
    /// <inheritdoc/>
    public static int Width => 16;

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
        get => Vector512<ulong>.Indices.AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Broadcast(float value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats BroadcastBits(uint value) => Vector512.Create(value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats BroadcastPairs(ulong value) => Vector512.Create(value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Load(float* source) => Vector512.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Floats vector, float* destination) => vector.Store(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats LoadBytes(byte* source) =>
        Vector512.WidenLower(Vector256.WidenLower(Vector128.Load(source).ToVector256()).ToVector512()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Floats integers, byte* destination) =>
        NarrowBytes(Vector256.Narrow(integers.AsUInt32().GetLower(), integers.AsUInt32().GetUpper())).Store(destination);

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
    public static Floats MultiplyAdd(Floats a, Floats b, Floats c) => Vector512.MultiplyAddEstimate(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Max(Floats a, Floats b) => Vector512.MaxNative(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Abs(Floats a) => Vector512.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Sqrt(Floats a) => Vector512.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Exp(Floats a) => Vector512.Exp(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Log(Floats a) => Vector512.Log(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats GreaterThan(Floats a, Floats b) => Vector512.GreaterThan(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats EqualBits(Floats a, Floats b) => Vector512.Equals(a.AsUInt32(), b.AsUInt32()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats LessThanIntegers(Floats a, Floats b) => Vector512.LessThan(a.AsInt32(), b.AsInt32()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Select(Floats mask, Floats whenTrue, Floats whenFalse) =>
        Vector512.ConditionalSelect(mask, whenTrue, whenFalse);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Align(Floats low, Floats high, int start)
    {
        const int Half = 8;
        if (start == Width)
            return high;
        if (Avx512F.IsSupported)
            return Avx512F.AlignRight32(high.AsUInt32(), low.AsUInt32(), (byte)start).AsSingle();
        return start <= Half
            ? Vector512.Create(Simd256.Align(low.GetLower(), low.GetUpper(), start), Simd256.Align(low.GetUpper(), high.GetLower(), start))
            : Vector512.Create(Simd256.Align(low.GetUpper(), high.GetLower(), start - Half), Simd256.Align(high.GetLower(), high.GetUpper(), start - Half));
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
    public static Floats MultiplyEven(Floats a, Floats b) => Avx512F.IsSupported
        ? Avx512F.Multiply(a.AsUInt32(), b.AsUInt32()).AsSingle()
        : Vector512.Create(Simd256.MultiplyEven(a.GetLower(), b.GetLower()), Simd256.MultiplyEven(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats OddToEven(Floats a) => (a.AsUInt64() >>> 32).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats JoinEven(Floats even, Floats odd) =>
        Vector512.ConditionalSelect(Vector512.Create((ulong)uint.MaxValue), even.AsUInt64(), odd.AsUInt64() << 32).AsSingle();

    private static Vector128<byte> NarrowBytes(Vector256<ushort> words) => Vector128.Narrow(words.GetLower(), words.GetUpper());
}
