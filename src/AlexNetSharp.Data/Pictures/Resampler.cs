namespace AlexNetSharp.Data;

/// <summary>Writes one row of a picture, [width, channels].</summary>
internal delegate void RowReader(int y, Span<float> row);

/// <summary>Brings pictures to another size, row by row, so that a large one is never held as floats.</summary>
/// <remarks>
/// Separable. Where a side shrinks, an output pixel is the mean of the area that it covers, with the partly covered pixels
/// weighted by their share; where it grows, the linear interpolation between the two nearest pixel centres.
/// </remarks>
internal static class Resampler
{
    /// <summary>Resizes the picture whose rows <paramref name="source"/> writes; returns [newHeight, newWidth, channels].</summary>
    public static float[] Resize(RowReader source, int height, int width, int newHeight, int newWidth, int channels)
    {
        Tap[] rows = Taps(height, newHeight);
        Tap[] columns = Taps(width, newWidth);
        float[] result = new float[newHeight * newWidth * channels];
        float[] row = new float[width * channels];
        float[] narrow = new float[newWidth * channels];
        for (int y = 0; y < height; y++)
        {
            source(y, row);
            ResizeRow(row, narrow, columns, channels);
            for (int newY = 0; newY < newHeight; newY++)
            {
                int tap = y - rows[newY].First;
                if ((uint)tap >= (uint)rows[newY].Weights.Length)
                    continue;
                float weight = rows[newY].Weights[tap];
                Span<float> target = result.AsSpan(newY * narrow.Length, narrow.Length);
                for (int i = 0; i < target.Length; i++)
                    target[i] += weight * narrow[i];
            }
        }
        return result;
    }

    private static void ResizeRow(ReadOnlySpan<float> row, Span<float> result, Tap[] columns, int channels)
    {
        for (int x = 0; x < columns.Length; x++)
        {
            (int first, float[] weights) = columns[x];
            for (int channel = 0; channel < channels; channel++)
            {
                float sum = 0;
                for (int i = 0; i < weights.Length; i++)
                    sum += weights[i] * row[(first + i) * channels + channel];
                result[x * channels + channel] = sum;
            }
        }
    }

    /// <summary>What each of <paramref name="newLength"/> pixels takes from the <paramref name="length"/> pixels of a line.</summary>
    private static Tap[] Taps(int length, int newLength)
    {
        double scale = (double)length / newLength;
        Tap[] taps = new Tap[newLength];
        for (int i = 0; i < newLength; i++)
            taps[i] = scale >= 1 ? Area(i * scale, (i + 1) * scale, length) : Linear((i + 0.5) * scale - 0.5, length);
        return taps;
    }

    private static Tap Area(double start, double end, int length)
    {
        int first = (int)start;
        // Rounding may carry the end a hair past a pixel's edge, or past the line's.
        int last = Math.Min((int)Math.Ceiling(end - 1e-9), length) - 1;
        float[] weights = new float[last - first + 1];
        for (int i = 0; i < weights.Length; i++)
        {
            double covered = Math.Min(end, first + i + 1) - Math.Max(start, first + i);
            weights[i] = (float)(covered / (end - start));
        }
        return new Tap(first, weights);
    }

    private static Tap Linear(double centre, int length)
    {
        double inside = Math.Clamp(centre, 0, length - 1);
        int first = Math.Min((int)inside, Math.Max(length - 2, 0));
        float second = (float)(inside - first);
        return new Tap(first, length > 1 ? [1 - second, second] : [1]);
    }

    private readonly record struct Tap(int First, float[] Weights);
}
