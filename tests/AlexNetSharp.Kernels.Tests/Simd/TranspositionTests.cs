using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.Tests.Simd;

public sealed unsafe class TranspositionTests
{
    // Around blocks of 4 and 8 and squares of 16.
    private static readonly int[] Sides = [1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 20, 24, 31, 32, 33, 47, 48, 49];

    [Fact]
    public void Transpose_SidesAroundEveryEdge_MovesEachElementAndTouchesNothingElse()
    {
        foreach (int rows in Sides)
        {
            foreach (int columns in Sides)
            {
                Check(rows, columns, columns, rows);
                Check(rows, columns, columns + 3, rows + 5);
            }
        }
    }

    [Fact]
    public void Transpose_NoRowsOrColumns_TouchesNothing()
    {
        Check(0, 5, 5, 1);
        Check(5, 0, 1, 5);
    }

    private static void Check(int rows, int columns, int sourceStride, int destinationStride)
    {
        float[] source = [.. Enumerable.Range(1, Math.Max(1, rows * sourceStride)).Select(i => (float)i)];
        float[] actual = new float[Math.Max(1, columns * destinationStride)], expected = new float[actual.Length];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                expected[(c * destinationStride) + r] = source[(r * sourceStride) + c];
        }
        fixed (float* from = source, to = actual)
            Transposition.Transpose(from, sourceStride, to, destinationStride, rows, columns);
        Assert.Equal(expected, actual);
    }
}
