using System.Runtime.Intrinsics;
using AlexNetSharp.Kernels.LinearAlgebra;
using AlexNetSharp.Kernels.Simd;
using AlexNetSharp.Kernels.Tests.Support;

namespace AlexNetSharp.Kernels.Tests.LinearAlgebra;

/// <summary>Products of panel matrices at every width, the emulated ones too.</summary>
public sealed unsafe class PanelProductTests
{
    private const int Line = PanelLayout.Columns;
    private const int MostRows = 20;
    private const int MostPanels = 5;

    private delegate void Product(int extent, int aPanels, float* a, nint aStride, int columnPanels, float* b, nint bStride, float* c, nint cStride, bool accumulate);

    [Fact]
    public void Multiply_EveryShape_IsExactOnIntegers()
    {
        Shapes(PanelProduct<Simd128, Vector128<float>>.Multiply);
        Shapes(PanelProduct<Simd256, Vector256<float>>.Multiply);
        Shapes(PanelProduct<Simd512, Vector512<float>>.Multiply);

        static void Shapes(Product product)
        {
            for (int rows = 1; rows <= MostRows; rows++)
            {
                for (int columnPanels = 1; columnPanels <= MostPanels; columnPanels++)
                {
                    for (int aPanels = 1; aPanels <= 4; aPanels++)
                    {
                        bool accumulate = (rows + columnPanels + aPanels) % 2 == 0;
                        // One line between panels as the layout has it, then several.
                        int gap = 1 + (3 * (rows % 2));
                        Matrix a = new(1, rows, aPanels, gap), b = new(2, aPanels * Line, columnPanels, 5 - gap), c = new(3, rows, columnPanels, gap);
                        double[] expected = Expected(a, b, c, rows, aPanels * Line, transposed: false, accumulate);
                        Run(product, rows, a, b, c, accumulate);
                        c.AssertIs($"{rows} rows, {columnPanels} panels of columns, depth {aPanels * Line}, accumulate {accumulate}", expected);
                    }
                }
            }
        }
    }

    [Fact]
    public void MultiplyTransposed_EveryShape_IsExactOnIntegers()
    {
        Shapes(PanelProduct<Simd128, Vector128<float>>.MultiplyTransposed);
        Shapes(PanelProduct<Simd256, Vector256<float>>.MultiplyTransposed);
        Shapes(PanelProduct<Simd512, Vector512<float>>.MultiplyTransposed);

        static void Shapes(Product product)
        {
            for (int depth = 1; depth <= MostRows; depth++)
            {
                for (int columnPanels = 1; columnPanels <= MostPanels; columnPanels++)
                {
                    for (int aPanels = 1; aPanels <= 3; aPanels++)
                    {
                        bool accumulate = (depth + columnPanels + aPanels) % 2 == 0;
                        int gap = 1 + (3 * (depth % 2));
                        Matrix a = new(1, depth, aPanels, gap), b = new(2, depth, columnPanels, 5 - gap), c = new(3, aPanels * Line, columnPanels, gap);
                        double[] expected = Expected(a, b, c, aPanels * Line, depth, transposed: true, accumulate);
                        Run(product, depth, a, b, c, accumulate);
                        c.AssertIs($"depth {depth}, {columnPanels} panels of columns, {aPanels} of rows, accumulate {accumulate}", expected);
                    }
                }
            }
        }
    }

    [Fact]
    public void Multiply_NoRows_TouchesNothing()
    {
        Nothing(PanelProduct<Simd128, Vector128<float>>.Multiply);
        Nothing(PanelProduct<Simd256, Vector256<float>>.Multiply);
        Nothing(PanelProduct<Simd512, Vector512<float>>.Multiply);

        static void Nothing(Product product)
        {
            Matrix a = new(1, 4, 2, 1), b = new(2, 2 * Line, 3, 1), c = new(3, 4, 3, 1);
            double[] before = c.Elements.Widen();
            Run(product, 0, a, b, c, accumulate: false);
            c.AssertIs("no rows", before);
        }
    }

    [Fact]
    public void Multiply_RowAmongAnyOthers_HasTheSameBits()
    {
        Rows(PanelProduct<Simd128, Vector128<float>>.Multiply);
        Rows(PanelProduct<Simd256, Vector256<float>>.Multiply);
        Rows(PanelProduct<Simd512, Vector512<float>>.Multiply);

        // A picture's logits must not depend on what else stands in its batch.
        static void Rows(Product product)
        {
            Matrix a = new(Draw.Uniform(1, MostRows * 2 * Line), MostRows, 2, 1), b = new(Draw.Uniform(2, 2 * Line * 3 * Line), 2 * Line, 3, 1);
            Matrix alone = new(3, MostRows, 3, 1);
            for (int row = 0; row < MostRows; row++)
                Run(product, 1, a, b, alone, accumulate: false, row);
            for (int rows = 2; rows <= MostRows; rows++)
            {
                Matrix together = new(3, MostRows, 3, 1);
                Run(product, rows, a, b, together, accumulate: false);
                for (int panel = 0; panel < 3; panel++)
                    Close.SameBits($"panel {panel} of {rows} rows", alone.Panel(panel)[..(rows * Line)], together.Panel(panel)[..(rows * Line)]);
            }
        }
    }

    private static void Run(Product product, int extent, Matrix a, Matrix b, Matrix c, bool accumulate, int firstRow = 0)
    {
        fixed (float* pa = a.Memory.Span, pb = b.Memory.Span, pc = c.Memory.Span)
        {
            product(
                extent, a.Panels, pa + (firstRow * Line), a.Stride, b.Panels, pb, b.Stride, pc + (firstRow * Line), c.Stride, accumulate);
        }
    }

    private static double[] Expected(Matrix a, Matrix b, Matrix c, int rows, int depth, bool transposed, bool accumulate)
    {
        int columns = b.Panels * Line;
        float[] x = a.Elements, y = b.Elements, z = c.Elements;
        int aColumns = a.Panels * Line;
        double[] product = new double[rows * columns];
        for (int r = 0; r < rows; r++)
        {
            for (int k = 0; k < depth; k++)
            {
                double factor = transposed ? x[(k * aColumns) + r] : x[(r * aColumns) + k];
                for (int j = 0; j < columns; j++)
                    product[(r * columns) + j] += factor * y[(k * columns) + j];
            }
        }
        for (int i = 0; accumulate && i < product.Length; i++)
            product[i] += z[i];
        return product;
    }

    /// <summary>A panel matrix whose gaps between panels hold NaN: read, it shows in the product; written, it is seen.</summary>
    private sealed class Matrix
    {
        private readonly int _rows;

        public Matrix(int seed, int rows, int panels, int gap)
            : this(Draw.Integers(seed, (long)rows * panels * Line), rows, panels, gap)
        {
        }

        // From [rows, columns].
        public Matrix(float[] elements, int rows, int panels, int gap)
        {
            _rows = rows;
            Panels = panels;
            Stride = (rows + gap) * Line;
            Memory = new Guarded<float>(((panels - 1) * Stride) + (rows * Line));
            for (int i = 0; i < elements.Length; i++)
                At(Memory.Span, i) = elements[i];
        }

        public int Panels { get; }

        public int Stride { get; }

        public Guarded<float> Memory { get; }

        // [rows, columns].
        public float[] Elements
        {
            get
            {
                float[] elements = new float[_rows * Panels * Line];
                for (int i = 0; i < elements.Length; i++)
                    elements[i] = At(Memory.Span, i);
                return elements;
            }
        }

        public Span<float> Panel(int panel) => Memory.Span.Slice(panel * Stride, _rows * Line);

        public void AssertIs(string what, double[] expected)
        {
            Close.Exactly(what, expected, Elements);
            float[] all = Memory.Values();
            for (int i = 0; i < all.Length; i++)
            {
                if (i % Stride >= _rows * Line)
                    Assert.True(BitConverter.SingleToUInt32Bits(all[i]) == uint.MaxValue, $"{what}: the gap after a panel was written.");
            }
        }

        private ref float At(Span<float> memory, int element)
        {
            (int row, int column) = Math.DivRem(element, Panels * Line);
            return ref memory[(column / Line * Stride) + (row * Line) + (column % Line)];
        }
    }
}
