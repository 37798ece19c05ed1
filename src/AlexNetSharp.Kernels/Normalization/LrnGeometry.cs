namespace AlexNetSharp.Kernels.Normalization;

/// <summary>The constants of a local response normalisation.</summary>
/// <param name="Channels">C, at least 1.</param>
/// <param name="Radius">Channels on either side that count; the window is 2 · radius + 1 wide.</param>
/// <param name="Bias">Added to the sum, above 0 (k in the paper).</param>
/// <param name="Alpha">Weight of the sum of squares, not divided by the window (TensorFlow; Krizhevsky et al. 2012, §3.3).</param>
/// <param name="Beta">The exponent.</param>
public readonly record struct LrnGeometry(int Channels, int Radius, float Bias, float Alpha, float Beta)
{
    /// <summary>From the convention that weighs the window's mean square (PyTorch, Caffe, ONNX, cuDNN): α is divided by the window's size.</summary>
    /// <param name="channels">C.</param>
    /// <param name="size">The window's size, odd.</param>
    /// <param name="bias">k.</param>
    /// <param name="averagedAlpha">α as those libraries have it.</param>
    /// <param name="beta">The exponent.</param>
    /// <exception cref="ArgumentException"><paramref name="size"/> is even or below 1.</exception>
    public static LrnGeometry FromAveragedAlpha(int channels, int size, float bias, float averagedAlpha, float beta)
    {
        if (size < 1 || size % 2 == 0)
            throw new ArgumentException($"LRN: the window's size is {size}; an odd number is needed, so that it has a middle.", nameof(size));
        return new LrnGeometry(channels, (size - 1) / 2, bias, averagedAlpha / size, beta);
    }

    /// <summary>Throws unless every constant makes sense.</summary>
    /// <exception cref="ArgumentException">Names the constant at fault.</exception>
    public void Validate()
    {
        if (Channels is < 1 or > MaximalChannels)
            throw new ArgumentException($"LRN: {Channels} channels; 1 to {MaximalChannels} are supported.");
        if (Radius is < 0 or > MaximalChannels)
            throw new ArgumentException($"LRN: radius {Radius}; 0 to {MaximalChannels} are supported.");
        if (!(Bias > 0) || !float.IsFinite(Bias))
            throw new ArgumentException($"LRN: bias {Bias}; a positive, finite number is needed, or a silent channel would divide by zero.");
        if (!(Alpha >= 0) || !float.IsFinite(Alpha))
            throw new ArgumentException($"LRN: alpha {Alpha}; a finite number from 0 up is needed.");
        if (!float.IsFinite(Beta))
            throw new ArgumentException($"LRN: beta {Beta}; a finite number is needed.");
    }

    // The squares of one pixel lie on the stack.
    private const int MaximalChannels = 16384;
}
