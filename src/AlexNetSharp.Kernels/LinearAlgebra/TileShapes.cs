namespace AlexNetSharp.Kernels.LinearAlgebra;

/// <summary>A number of rows known to the JIT.</summary>
internal interface ITileRows
{
    /// <summary>1 to 8.</summary>
    static abstract int Count { get; }
}

internal readonly struct Rows1 : ITileRows
{
    public static int Count => 1;
}

internal readonly struct Rows2 : ITileRows
{
    public static int Count => 2;
}

internal readonly struct Rows4 : ITileRows
{
    public static int Count => 4;
}

internal readonly struct Rows6 : ITileRows
{
    public static int Count => 6;
}

internal readonly struct Rows8 : ITileRows
{
    public static int Count => 8;
}

/// <summary>Tiles of two vectors.</summary>
internal readonly struct Wide<TRows> : ITileShape
    where TRows : struct, ITileRows
{
    public static int Rows => TRows.Count;

    public static int Vectors => 2;
}

/// <summary>Tiles of one vector: the last panel, where two make a 512-bit tile and their number is odd.</summary>
internal readonly struct Narrow<TRows> : ITileShape
    where TRows : struct, ITileRows
{
    public static int Rows => TRows.Count;

    public static int Vectors => 1;
}
