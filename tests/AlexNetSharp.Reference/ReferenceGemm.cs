namespace AlexNetSharp.Reference;

/// <summary>Matrix product as three loops.</summary>
/// <remarks>c[i, j] = Σ over p of op(a)[i, p] · op(b)[p, j], row-major; op(x) is x or its transpose.</remarks>
public static class ReferenceGemm
{
    /// <param name="m">Rows of c.</param>
    /// <param name="n">Columns of c.</param>
    /// <param name="k">Length of the sum.</param>
    /// <param name="a">[m, k], or [k, m] if <paramref name="transposeA"/>.</param>
    /// <param name="transposeA">Whether a is stored transposed.</param>
    /// <param name="b">[k, n], or [n, k] if <paramref name="transposeB"/>.</param>
    /// <param name="transposeB">Whether b is stored transposed.</param>
    /// <returns>c, [m, n].</returns>
    public static double[] Multiply(int m, int n, int k, double[] a, bool transposeA, double[] b, bool transposeB)
    {
        Expect.Length(a, m * k, nameof(a));
        Expect.Length(b, k * n, nameof(b));
        var c = new double[m * n];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = 0.0;
                for (var p = 0; p < k; p++)
                {
                    var left = transposeA ? a[p * m + i] : a[i * k + p];
                    var right = transposeB ? b[j * k + p] : b[p * n + j];
                    sum += left * right;
                }

                c[i * n + j] = sum;
            }
        }

        return c;
    }
}
