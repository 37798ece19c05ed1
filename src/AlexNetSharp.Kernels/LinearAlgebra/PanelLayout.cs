using System.Runtime.CompilerServices;

namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>A matrix cut into panels of 16 columns: [columns / 16][rows][16], a cache line a row.</summary>
/// <remarks>
/// One layout serves a product's left operand, its right operand, its result and the transforms beside it, at every vector width, so nothing
/// is packed in between. Columns are padded with zeros to whole panels. A panel is followed by one cache line that is not used: with a
/// power of two of rows, element k of all panels would otherwise fall into the same few sets of the L1 cache.
/// </remarks>
internal static class PanelLayout
{
    /// <summary>Columns of a panel: the floats of a 64-byte cache line.</summary>
    public const int Columns = 16;

    /// <summary>Panels that <paramref name="columns"/> columns take.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Panels(int columns) => (columns + Columns - 1) / Columns;

    /// <summary>The multiple of 16 from <paramref name="size"/> up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RoundUp(int size) => Panels(size) * Columns;

    /// <summary>Floats from a panel to the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Stride(int rows) => ((nint)rows + 1) * Columns;

    /// <summary>Floats of a whole matrix.</summary>
    public static long Length(int rows, int columns) => (long)Stride(rows) * Panels(columns);
}
