using System.Numerics;

namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Gemm and MatMul.</summary>
internal static class ProductOperators
{
    /// <summary>alpha · A' · B' + beta · C for matrices of floating-point numbers, A and B transposed or not, C broadcast to the result.</summary>
    public static void Gemm(OnnxCall call)
    {
        OnnxTensor a = call.FloatInput(0);
        OnnxTensor b = call.Input(1, type => type == a.ElementType);
        OnnxTensor? c = call.Optional(2);
        bool transA = call.Attributes.Integer("transA", 0) != 0;
        bool transB = call.Attributes.Integer("transB", 0) != 0;
        double alpha = call.Attributes.Float("alpha", 1);
        double beta = call.Attributes.Float("beta", 1);
        if (a.Rank != 2 || b.Rank != 2)
            throw call.Error($"its operands are {a} and {b}; two matrices were expected.");
        (int rows, int inner) = transA ? (a.Dims[1], a.Dims[0]) : (a.Dims[0], a.Dims[1]);
        (int innerB, int columns) = transB ? (b.Dims[1], b.Dims[0]) : (b.Dims[0], b.Dims[1]);
        if (inner != innerB)
            throw call.Error($"{a}{(transA ? " transposed" : "")} and {b}{(transB ? " transposed" : "")} cannot be multiplied: {inner} meets {innerB}.");
        if (c is not null && (c.ElementType != a.ElementType || !Broadcasting.Shape(call, [rows, columns], c.Dims).SequenceEqual([rows, columns])))
            throw call.Error($"C is {c}; {a.ElementType.Name()} that can be broadcast to [{rows},{columns}] was expected.");
        call.ReturnDoubles(a.ElementType, [rows, columns], OnnxBudget.Product(rows, columns, inner), dims =>
        {
            double[] left = a.ToDoubles();
            double[] right = b.ToDoubles();
            double[] added = c?.ToDoubles() ?? [0];
            int[] addedAt = Broadcasting.Sources(c?.Dims ?? [], dims);
            double[] output = new double[rows * columns];
            for (int i = 0; i < output.Length; i++)
            {
                (int row, int column) = (i / columns, i % columns);
                double sum = 0;
                for (int k = 0; k < inner; k++)
                    sum += left[transA ? (k * rows) + row : (row * inner) + k] * right[transB ? (column * inner) + k : (k * columns) + column];
                output[i] = (alpha * sum) + (beta * added[addedAt[i]]);
            }
            return output;
        });
    }

    /// <summary>
    /// numpy's matmul: matrices in the last two dimensions, the others broadcast; a vector stands for a row on the left and a column on the right,
    /// and that dimension is dropped again.
    /// </summary>
    public static void MatMul(OnnxCall call)
    {
        OnnxTensor a = call.Input(0, type => type != OnnxElementType.Bool);
        OnnxTensor b = call.Input(1, type => type == a.ElementType);
        if (a.Rank == 0 || b.Rank == 0)
            throw call.Error($"its operands are {a} and {b}; a scalar cannot be multiplied.");
        int[] left = a.Rank == 1 ? [1, a.Dims[0]] : a.Dims;
        int[] right = b.Rank == 1 ? [b.Dims[0], 1] : b.Dims;
        if (left[^1] != right[^2])
            throw call.Error($"{a} and {b} cannot be multiplied: {left[^1]} meets {right[^2]}.");
        long[] batch = Broadcasting.Shape(call, left.AsSpan(0, left.Length - 2), right.AsSpan(0, right.Length - 2));
        long[] shape = [.. batch, .. a.Rank == 1 ? [] : left[^2..^1].Select(d => (long)d), .. b.Rank == 1 ? [] : right[^1..].Select(d => (long)d)];
        int[] batchDims = call.Checked(a.ElementType, batch);
        long steps = OnnxBudget.Product(OnnxShape.Count(batchDims), left[^2], left[^1], right[^1]);
        if (a.ElementType.IsFloatingPoint())
            call.ReturnDoubles(a.ElementType, shape, steps, _ => Multiply(a.ToDoubles(), left, b.ToDoubles(), right, batchDims));
        else
            call.ReturnIntegers(a.ElementType, shape, steps, _ => Multiply(a.ToIntegers(), left, b.ToIntegers(), right, batchDims));
    }

    private static T[] Multiply<T>(T[] a, int[] aDims, T[] b, int[] bDims, int[] batch)
        where T : INumber<T>
    {
        (int rows, int inner, int columns) = (aDims[^2], aDims[^1], bDims[^1]);
        int[] aMatrix = Broadcasting.Sources(aDims[..^2], batch);
        int[] bMatrix = Broadcasting.Sources(bDims[..^2], batch);
        T[] output = new T[aMatrix.Length * rows * columns];
        for (int i = 0; i < output.Length; i++)
        {
            (int matrix, int row, int column) = (i / columns / rows, i / columns % rows, i % columns);
            int aRow = ((aMatrix[matrix] * rows) + row) * inner;
            int bColumn = (bMatrix[matrix] * inner * columns) + column;
            T sum = T.Zero;
            for (int k = 0; k < inner; k++)
                sum += a[aRow + k] * b[bColumn + (k * columns)];
            output[i] = sum;
        }
        return output;
    }
}
