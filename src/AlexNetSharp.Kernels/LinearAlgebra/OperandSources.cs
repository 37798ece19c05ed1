using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>Where the left operand of a product comes from: packs blocks of it for <see cref="RegisterTile{TSimd,TVec}"/>.</summary>
internal unsafe interface ILeftOperand<TOrder>
    where TOrder : struct, IPackedOrder
{
    /// <summary>Writes rows [row, row + rows) by [k, k + depth), in slivers of six rows; rows past the last are left as they are.</summary>
    void Pack(int row, int rows, int k, int depth, float* destination);
}

/// <summary>Where the right operand of a product comes from: packs blocks of it into panels of a register tile's columns.</summary>
internal unsafe interface IRightOperand
{
    /// <summary>Writes [k, k + depth) by columns [column, column + columns), panel after panel; missing columns of the last panel are zero.</summary>
    void Pack<TSimd, TVec>(int k, int depth, int column, int columns, float* destination)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged;
}

/// <summary>Where rows of the result go.</summary>
internal unsafe interface IResultRows
{
    /// <summary>The address of column 0 of row <paramref name="row"/>; its columns adjoin.</summary>
    float* Row(int row);
}

/// <summary>A matrix whose rows run along K, at a fixed distance.</summary>
internal readonly unsafe struct RowMajorLeft(float* data, nint stride) : ILeftOperand<RowOrder>
{
    private readonly float* _data = data;
    private readonly nint _stride = stride;

    public void Pack(int row, int rows, int k, int depth, float* destination)
    {
        for (int i = 0; i < rows; i++)
            new ReadOnlySpan<float>(_data + ((row + i) * _stride) + k, depth).CopyTo(new Span<float>(destination + (i * RegisterTile.RowStride), depth));
    }
}

/// <summary>A matrix whose columns run along M: the transpose of a row-major one.</summary>
internal readonly unsafe struct ColumnMajorLeft(float* data, nint stride) : ILeftOperand<DepthOrder>
{
    private readonly float* _data = data;
    private readonly nint _stride = stride;

    public void Pack(int row, int rows, int k, int depth, float* destination)
    {
        const int TileRows = BlockSizes.TileRows;
        int sliver = 0;
        for (; sliver + TileRows <= rows; sliver += TileRows)
        {
            float* source = _data + (k * _stride) + row + sliver;
            for (int p = 0; p < depth; p++, source += _stride, destination += TileRows)
            {
                // Six floats as three pairs.
                ((ulong*)destination)[0] = ((ulong*)source)[0];
                ((ulong*)destination)[1] = ((ulong*)source)[1];
                ((ulong*)destination)[2] = ((ulong*)source)[2];
            }
            destination += (RegisterTile.RowStride - depth) * TileRows;
        }
        if (sliver < rows)
        {
            float* source = _data + (k * _stride) + row + sliver;
            for (int p = 0; p < depth; p++, source += _stride, destination += TileRows)
            {
                for (int i = 0; i < rows - sliver; i++)
                    destination[i] = source[i];
            }
        }
    }
}

/// <summary>A matrix whose rows run along N, at a fixed distance.</summary>
internal readonly unsafe struct RowMajorRight(float* data, nint stride) : IRightOperand
{
    private readonly float* _data = data;
    private readonly nint _stride = stride;

    public void Pack<TSimd, TVec>(int k, int depth, int column, int columns, float* destination)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        for (int p = 0; p < depth; p++)
            RightPanels.PackRow<TSimd, TVec>(_data + ((k + p) * _stride) + column, columns, destination, p, depth);
    }
}

/// <summary>A matrix whose columns run along K: the transpose of a row-major one.</summary>
internal readonly unsafe struct ColumnMajorRight(float* data, nint stride) : IRightOperand
{
    private readonly float* _data = data;
    private readonly nint _stride = stride;

    public void Pack<TSimd, TVec>(int k, int depth, int column, int columns, float* destination)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int panel = RegisterTile<TSimd, TVec>.Columns;
        for (int j = 0; j < columns; j += panel, destination += panel * depth)
        {
            int inside = Math.Min(panel, columns - j);
            for (int c = 0; c < inside; c++)
            {
                float* source = _data + ((column + j + c) * _stride) + k;
                float* target = destination + c;
                for (int p = 0; p < depth; p++, target += panel)
                    *target = source[p];
            }
            for (int c = inside; c < panel; c++)
            {
                for (int p = 0; p < depth; p++)
                    destination[(p * panel) + c] = 0;
            }
        }
    }
}

/// <summary>The layout of a packed right operand.</summary>
internal static unsafe class RightPanels
{
    /// <summary>Writes row <paramref name="p"/> of a block, <paramref name="columns"/> adjoining floats, into its panels.</summary>
    public static void PackRow<TSimd, TVec>(float* source, int columns, float* destination, int p, int depth)
        where TSimd : struct, ISimd<TVec>
        where TVec : unmanaged
    {
        int panel = RegisterTile<TSimd, TVec>.Columns;
        float* target = destination + (p * panel);
        int j = 0;
        for (; j + panel <= columns; j += panel, target += panel * depth)
        {
            TSimd.Store(TSimd.Load(source + j), target);
            TSimd.Store(TSimd.Load(source + j + TSimd.Width), target + TSimd.Width);
        }
        if (j < columns)
        {
            for (int c = 0; c < panel; c++)
                target[c] = j + c < columns ? source[j + c] : 0;
        }
    }
}

/// <summary>A row-major result at a fixed distance between rows.</summary>
internal readonly unsafe struct RowMajorResult(float* data, nint stride) : IResultRows
{
    private readonly float* _data = data;
    private readonly nint _stride = stride;

    public float* Row(int row) => _data + (row * _stride);
}
