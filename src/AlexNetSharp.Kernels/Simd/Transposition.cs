using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AlexNetSharp.Kernels.Simd;

/// <summary>Transposes matrices: blocks of 8 x 8 with AVX, of 4 x 4 with SSE and on Arm, element by element at the edges and elsewhere.</summary>
internal static unsafe class Transposition
{
    // A cache line: blocks are taken in squares of this side, so that the lines of both matrices are finished while they are in L1.
    private const int Square = 16;

    /// <summary>destination[c, r] = source[r, c].</summary>
    /// <param name="source">[rows, columns].</param>
    /// <param name="sourceStride">Floats between its rows.</param>
    /// <param name="destination">[columns, rows]; must not overlap the source.</param>
    /// <param name="destinationStride">Floats between its rows.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    public static void Transpose(float* source, nint sourceStride, float* destination, nint destinationStride, int rows, int columns)
    {
        for (int r = 0; r < rows; r += Square, source += Square * sourceStride, destination += Square)
        {
            for (int c = 0; c < columns; c += Square)
            {
                int blockRows = Math.Min(Square, rows - r), blockColumns = Math.Min(Square, columns - c);
                float* from = source + c, to = destination + (c * destinationStride);
                if (Avx.IsSupported && VectorWidth.Bits >= 256)
                    Eights(from, sourceStride, to, destinationStride, blockRows, blockColumns);
                else
                    Fours(from, sourceStride, to, destinationStride, blockRows, blockColumns);
            }
        }
    }

    private static void Eights(float* source, nint sourceStride, float* destination, nint destinationStride, int rows, int columns)
    {
        int c = 0;
        for (; c + 8 <= columns; c += 8)
        {
            int r = 0;
            for (; r + 8 <= rows; r += 8)
                Eight(source + (r * sourceStride) + c, sourceStride, destination + (c * destinationStride) + r, destinationStride);
            if (r < rows)
                Fours(source + (r * sourceStride) + c, sourceStride, destination + (c * destinationStride) + r, destinationStride, rows - r, 8);
        }
        if (c < columns)
            Fours(source + c, sourceStride, destination + (c * destinationStride), destinationStride, rows, columns - c);
    }

    private static void Fours(float* source, nint sourceStride, float* destination, nint destinationStride, int rows, int columns)
    {
        int c = 0;
        if (Sse.IsSupported || AdvSimd.Arm64.IsSupported)
        {
            for (; c + 4 <= columns; c += 4)
            {
                int r = 0;
                for (; r + 4 <= rows; r += 4)
                    Four(source + (r * sourceStride) + c, sourceStride, destination + (c * destinationStride) + r, destinationStride);
                Elements(source + c, sourceStride, destination + (c * destinationStride), destinationStride, r, rows, 4);
            }
        }
        Elements(source + c, sourceStride, destination + (c * destinationStride), destinationStride, 0, rows, columns - c);
    }

    private static void Elements(
        float* source, nint sourceStride, float* destination, nint destinationStride, int firstRow, int endRow, int columns)
    {
        for (int r = firstRow; r < endRow; r++)
        {
            for (int c = 0; c < columns; c++)
                destination[(c * destinationStride) + r] = source[(r * sourceStride) + c];
        }
    }

    // A vector takes half a row and the half of the row four below: what crosses the vector's halves is done by the loads.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        Half(source, sourceStride, destination, destinationStride);
        Half(source + 4, sourceStride, destination + (4 * destinationStride), destinationStride);
    }

    // Four columns of eight rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        Vector256<float> r0 = Rows(source, sourceStride), r1 = Rows(source + sourceStride, sourceStride);
        Vector256<float> r2 = Rows(source + (2 * sourceStride), sourceStride), r3 = Rows(source + (3 * sourceStride), sourceStride);
        Vector256<float> low01 = Avx.UnpackLow(r0, r1), high01 = Avx.UnpackHigh(r0, r1);
        Vector256<float> low23 = Avx.UnpackLow(r2, r3), high23 = Avx.UnpackHigh(r2, r3);
        Avx.Shuffle(low01, low23, 0b01_00_01_00).Store(destination);
        Avx.Shuffle(low01, low23, 0b11_10_11_10).Store(destination + destinationStride);
        Avx.Shuffle(high01, high23, 0b01_00_01_00).Store(destination + (2 * destinationStride));
        Avx.Shuffle(high01, high23, 0b11_10_11_10).Store(destination + (3 * destinationStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rows(float* source, nint sourceStride) =>
        Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * sourceStride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* source, nint sourceStride, float* destination, nint destinationStride)
    {
        Vector128<float> r0 = Vector128.Load(source), r1 = Vector128.Load(source + sourceStride);
        Vector128<float> r2 = Vector128.Load(source + (2 * sourceStride)), r3 = Vector128.Load(source + (3 * sourceStride));
        Vector128<float> c0, c1, c2, c3;
        if (Sse.IsSupported)
        {
            Vector128<float> low01 = Sse.UnpackLow(r0, r1), high01 = Sse.UnpackHigh(r0, r1);
            Vector128<float> low23 = Sse.UnpackLow(r2, r3), high23 = Sse.UnpackHigh(r2, r3);
            (c0, c1) = (Sse.MoveLowToHigh(low01, low23), Sse.MoveHighToLow(low23, low01));
            (c2, c3) = (Sse.MoveLowToHigh(high01, high23), Sse.MoveHighToLow(high23, high01));
        }
        else
        {
            Vector128<float> low02 = AdvSimd.Arm64.ZipLow(r0, r2), high02 = AdvSimd.Arm64.ZipHigh(r0, r2);
            Vector128<float> low13 = AdvSimd.Arm64.ZipLow(r1, r3), high13 = AdvSimd.Arm64.ZipHigh(r1, r3);
            (c0, c1) = (AdvSimd.Arm64.ZipLow(low02, low13), AdvSimd.Arm64.ZipHigh(low02, low13));
            (c2, c3) = (AdvSimd.Arm64.ZipLow(high02, high13), AdvSimd.Arm64.ZipHigh(high02, high13));
        }
        c0.Store(destination);
        c1.Store(destination + destinationStride);
        c2.Store(destination + (2 * destinationStride));
        c3.Store(destination + (3 * destinationStride));
    }
}
