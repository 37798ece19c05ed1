using AlexNetSharp.Kernels.Imaging;

namespace AlexNetSharp.Inspection;

/// <summary>Where in a picture a network sees what speaks for a class: from <see cref="NetworkInspector.GradCam"/> or <see cref="NetworkInspector.HiResCam"/>.</summary>
/// <param name="Label">The class that is explained, an index into the model's.</param>
/// <param name="Layer">The layer whose output is weighed: the last convolution, or the activation that follows it.</param>
/// <param name="Height">Rows of that layer's output.</param>
/// <param name="Width">Its columns.</param>
/// <param name="Values">The map, [height, width], from 0 up; all zero where nothing speaks for the class.</param>
public sealed record ClassActivationMap(int Label, string Layer, int Height, int Width, ReadOnlyMemory<float> Values)
{
    /// <summary>The map at another size, interpolated linearly between the centres of its cells and divided by its largest value.</summary>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    /// <returns>[height, width], 0 to 1; all zero where the map is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is below one.</exception>
    public float[] Resize(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        // Sampling wants two rows and columns at least: a single one is given an equal neighbour.
        int sourceHeight = Math.Max(Height, 2), sourceWidth = Math.Max(Width, 2);
        ReadOnlySpan<float> values = Values.Span;
        float largest = 0;
        float[] source = new float[sourceHeight * sourceWidth];
        for (int i = 0; i < source.Length; i++)
        {
            source[i] = values[(Math.Min(i / sourceWidth, Height - 1) * Width) + Math.Min(i % sourceWidth, Width - 1)];
            largest = Math.Max(largest, source[i]);
        }
        float[] rows = new float[height * width], columns = new float[height * width], resized = new float[height * width];
        for (int i = 0; i < resized.Length; i++)
        {
            rows[i] = (((i / width) + 0.5f) * Height / height) - 0.5f;
            columns[i] = (((i % width) + 0.5f) * Width / width) - 0.5f;
        }
        BilinearSampling.Sample(source, sourceHeight, sourceWidth, channels: 1, rows, columns, resized);
        for (int i = 0; largest > 0 && i < resized.Length; i++)
            resized[i] /= largest;
        return resized;
    }
}
