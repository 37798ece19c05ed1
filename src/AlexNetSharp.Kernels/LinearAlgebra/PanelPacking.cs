using AlexNetSharp.Kernels.Simd;

namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>Copies row-major matrices into panels (<see cref="PanelLayout"/>).</summary>
internal static unsafe class PanelPacking<TSimd, TVec>
    where TSimd : struct, ISimd<TVec>
    where TVec : unmanaged
{
    private const int Line = PanelLayout.Columns;

    /// <summary>Copies rows into panels; columns beyond the matrix's become zero.</summary>
    /// <param name="source">The first row's first column; rows are <paramref name="sourceStride"/> floats apart.</param>
    /// <param name="sourceStride">Floats between rows.</param>
    /// <param name="rows">Rows to copy.</param>
    /// <param name="columns">Columns to copy: those of all panels but the last are whole.</param>
    /// <param name="panels">The first row in the first panel.</param>
    /// <param name="panelStride">Floats between panels.</param>
    public static void Pack(float* source, nint sourceStride, int rows, int columns, float* panels, nint panelStride)
    {
        int whole = columns / Line;
        for (int r = 0; r < rows; r++, source += sourceStride, panels += Line)
        {
            float* from = source, to = panels;
            for (int p = 0; p < whole; p++, from += Line, to += panelStride)
            {
                for (int i = 0; i < Line; i += TSimd.Width)
                    TSimd.Store(TSimd.Load(from + i), to + i);
            }
            for (int i = 0; whole * Line < columns && i < Line; i += TSimd.Width)
                TSimd.Store(PartialVector.Load<TSimd, TVec>(from + i, columns - (whole * Line) - i), to + i);
        }
    }
}
