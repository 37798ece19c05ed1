namespace AlexNetSharp.Kernels.LinearAlgebra;

// Tiles whose rows are cut evenly rather than into as many large ones as possible and a rest.
internal readonly struct Rows3 : ITileRows
{
    public static int Count => 3;
}

internal readonly struct Rows5 : ITileRows
{
    public static int Count => 5;
}

internal readonly struct Rows7 : ITileRows
{
    public static int Count => 7;
}
