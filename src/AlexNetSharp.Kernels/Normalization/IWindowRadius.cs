namespace AlexNetSharp.Kernels.Normalization;

/// <summary>A radius that <see cref="SlidingWindow{TSimd, TVec, TRadius}"/> is compiled for.</summary>
internal interface IWindowRadius
{
    /// <summary>Values on either side.</summary>
    static abstract int Value { get; }
}

/// <summary>The window of five of Krizhevsky et al. 2012.</summary>
internal readonly struct Radius2 : IWindowRadius
{
    /// <inheritdoc/>
    public static int Value => 2;
}

/// <summary>The window of nine of the tutorial's network.</summary>
internal readonly struct Radius4 : IWindowRadius
{
    /// <inheritdoc/>
    public static int Value => 4;
}
