namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>The sizes of C = op(A) · op(B): op(A) is M x K, op(B) is K x N, C is M x N, all row-major without gaps.</summary>
/// <param name="M">Rows of op(A) and C, at least 1.</param>
/// <param name="N">Columns of op(B) and C, at least 1.</param>
/// <param name="K">Columns of op(A), rows of op(B), at least 1.</param>
public readonly record struct GemmGeometry(int M, int N, int K)
{
    /// <summary>A is stored as K x M and read transposed.</summary>
    public bool TransposeA { get; init; }

    /// <summary>B is stored as N x K and read transposed.</summary>
    public bool TransposeB { get; init; }

    /// <summary>Multiply-accumulates of the product.</summary>
    public long MultiplyAccumulates => (long)M * N * K;
}
