using System.Runtime.Intrinsics;
using AlexNetSharp.Kernels.Convolution.Winograd;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Tests.Support;

namespace AlexNetSharp.Kernels.Tests.Convolution.Winograd;

/// <summary>The maps of one dimension against the matrices of the theory, and those against the convolution.</summary>
public sealed unsafe class WinogradMapTests
{
    // Between two elements lie two vectors: each map must go by its stride.
    private const int VectorsApart = 3;

    // 1/6, 1/12 and 1/24 are rounded themselves, and no path passes through more than four further roundings.
    private const double FilterTolerance = 5 * Tolerances.UnitRoundoff;

    private const float Untouched = -77;

    public static TheoryData<int, int> Tiles => new() { { 4, 3 }, { 3, 3 }, { 2, 5 } };

    [Theory]
    [MemberData(nameof(Tiles))]
    public void Matrices_AnyTile_ComputeTheConvolutionExactly(int outputs, int taps)
    {
        // y[o] = Σ g[t] · d[o + t] for all g and d means: the coefficient of g[t] · d[i] is 1 where i = o + t, else 0.
        WinogradMatrices m = new(outputs, taps);
        for (int o = 0; o < outputs; o++)
        {
            for (int t = 0; t < taps; t++)
            {
                for (int i = 0; i < m.Inputs; i++)
                {
                    long coefficient = 0;
                    for (int p = 0; p < WinogradMatrices.Points; p++)
                        coefficient += m.Output[o, p] * m.Filter[p, t] * m.Input[p, i];
                    Assert.Equal(i == o + t ? WinogradMatrices.Denominator : 0, coefficient);
                }
            }
        }
    }

    [Fact]
    public void Matrices_TilesOfThreeTaps_ShareTheirFilters()
    {
        for (int p = 0; p < WinogradMatrices.Points; p++)
        {
            for (int t = 0; t < 3 && p != WinogradArithmetic.MinusTwo; t++)
                Assert.Equal(WinogradMatrices.Tile4Filter3.Filter[p, t], WinogradMatrices.Tile3Filter3.Filter[p, t]);
        }
    }

    [Fact]
    public void TileMaps_EveryWidth_AreTheMatricesAndTheirTransposesOnIntegers()
    {
        AllWidths<Tile4Filter3>(WinogradMatrices.Tile4Filter3);
        AllWidths<Tile3Filter3>(WinogradMatrices.Tile3Filter3);
        AllWidths<Tile2Filter5>(WinogradMatrices.Tile2Filter5);

        static void AllWidths<TTile>(WinogradMatrices m)
            where TTile : struct, IWinogradTile
        {
            Assert.Equal((m.Outputs, m.Inputs), (TTile.Outputs, TTile.Inputs));
            Tile<TTile, Simd128, Vector128<float>>(m);
            Tile<TTile, Simd256, Vector256<float>>(m);
            Tile<TTile, Simd512, Vector512<float>>(m);
        }

        static void Tile<TTile, TSimd, TVec>(WinogradMatrices m)
            where TTile : struct, IWinogradTile
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int points = WinogradMatrices.Points, inputs = m.Inputs, outputs = m.Outputs;
            double[,] bT = Matrix(points, inputs, (p, i) => m.Input[p, i]), aT = Matrix(outputs, points, (o, p) => m.Output[o, p]);
            string name = typeof(TTile).Name + " at " + typeof(TSimd).Name;
            int width = TSimd.Width;
            int? absent = inputs < points ? WinogradArithmetic.MinusTwo : null;
            Exactly($"{name}: input", width, bT, TTile.Input<TSimd, TVec>, absent, null);
            Exactly($"{name}: output", width, aT, TTile.Output<TSimd, TVec>, null, absent);
            Exactly($"{name}: output's adjoint", width, Transposed(aT), TTile.OutputAdjoint<TSimd, TVec>, absent, null);
            Map stores = (x, xStep, y, yStep) => TTile.InputAdjoint<TSimd, TVec>(x, xStep, y, yStep, adds: false);
            Map adds = (x, xStep, y, yStep) => TTile.InputAdjoint<TSimd, TVec>(x, xStep, y, yStep, adds: true);
            Exactly($"{name}: input's adjoint", width, Transposed(bT), stores, null, absent);
            Exactly($"{name}: input's adjoint, added", width, Transposed(bT), adds, null, absent, added: 5);
        }
    }

    [Fact]
    public void TileMaps_EveryWidth_AreAdjointToEachOther()
    {
        AllWidths<Tile4Filter3>();
        AllWidths<Tile3Filter3>();
        AllWidths<Tile2Filter5>();

        static void AllWidths<TTile>()
            where TTile : struct, IWinogradTile
        {
            Adjoint<TTile, Simd128, Vector128<float>>();
            Adjoint<TTile, Simd256, Vector256<float>>();
            Adjoint<TTile, Simd512, Vector512<float>>();
        }

        // <Bᵀ·d, v> = <d, B·v> and <Aᵀ·v, y> = <v, A·y>, exactly, for sums of whole numbers.
        static void Adjoint<TTile, TSimd, TVec>()
            where TTile : struct, IWinogradTile
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            int step = TSimd.Width, points = WinogradMatrices.Points * step, inputs = TTile.Inputs * step, outputs = TTile.Outputs * step;
            float[] d = Draw.Integers(1, inputs), v = Draw.Integers(2, points), y = Draw.Integers(3, outputs);
            float[] bd = new float[points], bv = new float[inputs], av = new float[outputs], ay = new float[points];
            if (TTile.Inputs < WinogradMatrices.Points)
                v.AsSpan(WinogradArithmetic.MinusTwo * step, step).Clear();
            fixed (float* pd = d, pv = v, py = y, pbd = bd, pbv = bv, pav = av, pay = ay)
            {
                TTile.Input<TSimd, TVec>(pd, step, pbd, step);
                TTile.InputAdjoint<TSimd, TVec>(pv, step, pbv, step, adds: false);
                TTile.Output<TSimd, TVec>(pv, step, pav, step);
                TTile.OutputAdjoint<TSimd, TVec>(py, step, pay, step);
            }
            Assert.Equal(Draw.Dot(bd.Widen(), v.Widen()), Draw.Dot(d.Widen(), bv.Widen()));
            Assert.Equal(Draw.Dot(av.Widen(), y.Widen()), Draw.Dot(v.Widen(), ay.Widen()));
        }
    }

    [Fact]
    public void FilterMaps_EveryWidth_AreTheMatrixAndItsTranspose()
    {
        AllWidths<Filter3>(WinogradMatrices.Tile4Filter3);
        AllWidths<Filter5>(WinogradMatrices.Tile2Filter5);

        static void AllWidths<TFilter>(WinogradMatrices m)
            where TFilter : struct, IWinogradFilter
        {
            Assert.Equal(m.Taps, TFilter.Taps);
            Filter<TFilter, Simd128, Vector128<float>>(m);
            Filter<TFilter, Simd256, Vector256<float>>(m);
            Filter<TFilter, Simd512, Vector512<float>>(m);
        }

        static void Filter<TFilter, TSimd, TVec>(WinogradMatrices m)
            where TFilter : struct, IWinogradFilter
            where TSimd : struct, ISimd<TVec>
            where TVec : unmanaged
        {
            double[,] g = Matrix(WinogradMatrices.Points, m.Taps, (p, t) => m.Filter[p, t] / (double)WinogradMatrices.Denominator);
            Near(TSimd.Width, g, TFilter.Evaluate<TSimd, TVec>);
            Near(TSimd.Width, Transposed(g), TFilter.EvaluateAdjoint<TSimd, TVec>);
        }
    }

    private delegate void Map(float* source, nint sourceStride, float* target, nint targetStride);

    private static double[,] Matrix(int rows, int columns, Func<int, int, double> element)
    {
        double[,] matrix = new double[rows, columns];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                matrix[r, c] = element(r, c);
        }
        return matrix;
    }

    private static double[,] Transposed(double[,] matrix) => Matrix(matrix.GetLength(1), matrix.GetLength(0), (r, c) => matrix[c, r]);

    // Every lane of every element is the matrix's product; a row that is absent is not written, a column that is absent is not read.
    private static void Exactly(string what, int width, double[,] matrix, Map map, int? absentRow, int? absentColumn, float added = 0)
    {
        float before = added == 0 ? Untouched : added;
        (float[] source, float[] target) = Run(Draw.Integers(5, matrix.GetLength(1) * width), width, matrix.GetLength(0), map, absentColumn, before);
        double[] expected = Product(matrix, source, width, absentColumn);
        for (int i = 0; i < expected.Length; i++)
            expected[i] = i / width == absentRow ? before : expected[i] + added;
        Close.Exactly(what, expected, target);
    }

    private static void Near(int width, double[,] matrix, Map map)
    {
        (float[] source, float[] target) = Run(Draw.Uniform(6, matrix.GetLength(1) * width), width, matrix.GetLength(0), map, null, Untouched);
        double[] magnitudes = Product(
            Matrix(matrix.GetLength(0), matrix.GetLength(1), (r, c) => Math.Abs(matrix[r, c])), Array.ConvertAll(source, Math.Abs), width, null);
        Close.Within("Winograd filter map", Product(matrix, source, width, null), target, FilterTolerance, magnitudes);
    }

    // [columns][width] in, [rows][width] out; between elements lies what must not be read or written.
    private static (float[] Source, float[] Target) Run(float[] source, int width, int rows, Map map, int? absentColumn, float before)
    {
        int step = VectorsApart * width, columns = source.Length / width;
        Guarded<float> spreadSource = new(columns * step), spreadTarget = new(rows * step);
        for (int c = 0; c < columns; c++)
        {
            if (c != absentColumn)
                source.AsSpan(c * width, width).CopyTo(spreadSource.Span[(c * step)..]);
        }
        spreadTarget.Span.Fill(before);
        fixed (float* x = spreadSource.Span, y = spreadTarget.Span)
            map(x, step, y, step);
        float[] all = spreadTarget.Values(), target = new float[rows * width];
        for (int i = 0; i < all.Length; i++)
        {
            (int row, int lane) = Math.DivRem(i, step);
            if (lane < width)
                target[(row * width) + lane] = all[i];
            else
                Assert.Equal(before, all[i]);
        }
        return (source, target);
    }

    private static double[] Product(double[,] matrix, float[] x, int width, int? absentColumn)
    {
        double[] y = new double[matrix.GetLength(0) * width];
        for (int i = 0; i < y.Length; i++)
        {
            (int row, int lane) = Math.DivRem(i, width);
            for (int c = 0; c < matrix.GetLength(1); c++)
                y[i] += c == absentColumn ? 0 : matrix[row, c] * x[(c * width) + lane];
        }
        return y;
    }
}
