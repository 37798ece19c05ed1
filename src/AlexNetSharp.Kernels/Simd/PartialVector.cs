using System.Runtime.CompilerServices;

namespace AlexNetSharp.Kernels.Simd;

/// <summary>Loads and stores of the last few elements of a row, fewer than a vector holds.</summary>
/// <remarks>The arithmetic between them runs on whole vectors, so an element's bits do not depend on its place in the row.</remarks>
internal static unsafe class PartialVector
{
    /// <summary>Reads <paramref name="count"/> floats (all lanes when it is at least the width); the other lanes are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Load<TSimd, TVec>(float* source, int count)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => count >= TSimd.Width ? TSimd.Load(source) : LoadSlowly<TSimd, TVec>(source, count);

    /// <summary>Writes the first <paramref name="count"/> lanes (all when it is at least the width).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TSimd, TVec>(TVec vector, float* destination, int count)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        if (count >= TSimd.Width)
            TSimd.Store(vector, destination);
        else
            StoreSlowly<TSimd, TVec>(vector, destination, count);
    }

    /// <summary>Reads <paramref name="count"/> bytes into integer lanes; the other lanes are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec LoadBytes<TSimd, TVec>(byte* source, int count)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged => count >= TSimd.Width ? TSimd.LoadBytes(source) : LoadBytesSlowly<TSimd, TVec>(source, count);

    /// <summary>Writes the low bytes of the first <paramref name="count"/> integer lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes<TSimd, TVec>(TVec integers, byte* destination, int count)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        if (count >= TSimd.Width)
            TSimd.StoreBytes(integers, destination);
        else
            StoreBytesSlowly<TSimd, TVec>(integers, destination, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVec LoadSlowly<TSimd, TVec>(float* source, int count)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        float* lanes = stackalloc float[TSimd.Width];
        for (int i = 0; i < count; i++)
            lanes[i] = source[i];
        return TSimd.Load(lanes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSlowly<TSimd, TVec>(TVec vector, float* destination, int count)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        float* lanes = stackalloc float[TSimd.Width];
        TSimd.Store(vector, lanes);
        for (int i = 0; i < count; i++)
            destination[i] = lanes[i];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVec LoadBytesSlowly<TSimd, TVec>(byte* source, int count)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        byte* lanes = stackalloc byte[TSimd.Width];
        for (int i = 0; i < count; i++)
            lanes[i] = source[i];
        return TSimd.LoadBytes(lanes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreBytesSlowly<TSimd, TVec>(TVec integers, byte* destination, int count)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        byte* lanes = stackalloc byte[TSimd.Width];
        TSimd.StoreBytes(integers, lanes);
        for (int i = 0; i < count; i++)
            destination[i] = lanes[i];
    }
}
