using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Floats = System.Runtime.Intrinsics.Vector256<float>;

namespace AlexNetSharp.Kernels.Simd;

/// <summary>Eight lanes: AVX2.</summary>
internal readonly unsafe struct Simd256 : ISimd<Floats>
{
    /// <inheritdoc/>
    public static int Width => 8;

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
        get => Vector256<ulong>.Indices.AsSingle();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Broadcast(float value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats BroadcastBits(uint value) => Vector256.Create(value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats BroadcastPairs(ulong value) => Vector256.Create(value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Load(float* source) => Vector256.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Floats vector, float* destination) => vector.Store(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats LoadBytes(byte* source) =>
        Vector256.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(source)).AsByte()).ToVector256()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Floats integers, byte* destination) =>
        Unsafe.WriteUnaligned(destination, Vector128.Narrow(Vector128.Narrow(integers.AsUInt32().GetLower(), integers.AsUInt32().GetUpper()), Vector128<ushort>.Zero).AsUInt64().ToScalar());

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
    public static Floats MultiplyAdd(Floats a, Floats b, Floats c) => Vector256.MultiplyAddEstimate(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Max(Floats a, Floats b) => Vector256.MaxNative(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Abs(Floats a) => Vector256.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Sqrt(Floats a) => Vector256.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Exp(Floats a) => Vector256.Exp(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Log(Floats a) => Vector256.Log(a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats GreaterThan(Floats a, Floats b) => Vector256.GreaterThan(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats EqualBits(Floats a, Floats b) => Vector256.Equals(a.AsUInt32(), b.AsUInt32()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats LessThanIntegers(Floats a, Floats b) => Vector256.LessThan(a.AsInt32(), b.AsInt32()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Select(Floats mask, Floats whenTrue, Floats whenFalse) =>
        Vector256.ConditionalSelect(mask, whenTrue, whenFalse);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats Align(Floats low, Floats high, int start)
    {
        const int Half = 4;
        if (start == 0)
            return low;
        if (start == Width)
            return high;
        if (Avx2.IsSupported)
        {
            // The instruction shifts each half by itself: the halves of low or high against the two that meet in the middle.
            Floats middle = Avx.Permute2x128(low, high, 0x21);
            if (start == Half)
                return middle;
            return start < Half
                ? Avx2.AlignRight(middle.AsByte(), low.AsByte(), (byte)(sizeof(float) * start)).AsSingle()
                : Avx2.AlignRight(high.AsByte(), middle.AsByte(), (byte)(sizeof(float) * (start - Half))).AsSingle();
        }
        return start <= Half
            ? Vector256.Create(Simd128.Align(low.GetLower(), low.GetUpper(), start), Simd128.Align(low.GetUpper(), high.GetLower(), start))
            : Vector256.Create(Simd128.Align(low.GetUpper(), high.GetLower(), start - Half), Simd128.Align(high.GetLower(), high.GetUpper(), start - Half));
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
    public static Floats MultiplyEven(Floats a, Floats b) => Avx2.IsSupported
        ? Avx2.Multiply(a.AsUInt32(), b.AsUInt32()).AsSingle()
        : Vector256.Create(Simd128.MultiplyEven(a.GetLower(), b.GetLower()), Simd128.MultiplyEven(a.GetUpper(), b.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats OddToEven(Floats a) => (a.AsUInt64() >>> 32).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Floats JoinEven(Floats even, Floats odd) =>
        Vector256.ConditionalSelect(Vector256.Create((ulong)uint.MaxValue), even.AsUInt64(), odd.AsUInt64() << 32).AsSingle();
}
