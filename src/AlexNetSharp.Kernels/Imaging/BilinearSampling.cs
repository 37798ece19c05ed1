namespace AlexNetSharp.Kernels.Imaging;

/// <summary>Values of a picture between its pixels.</summary>
/// <remarks>
/// Between pixels i and i + 1 the value is a + f · (b − a), first along the row, then down the column: where f is 0 it is the pixel's own, to the
/// bit. One scalar body serves every machine, so the bits do not depend on the width of its vectors.
/// </remarks>
public static unsafe class BilinearSampling
{
    /// <summary>output[i] = picture at (rows[i], columns[i]).</summary>
    /// <param name="picture">[height, width, channels].</param>
    /// <param name="height">Rows of the picture, at least 2.</param>
    /// <param name="width">Columns of the picture, at least 2.</param>
    /// <param name="channels">Values of a pixel, at least 1.</param>
    /// <param name="rows">[n], in pixels: 0 is the first row's centre. Values outside of the picture are moved to its edge.</param>
    /// <param name="columns">[n], likewise.</param>
    /// <param name="output">[n, channels], overwritten.</param>
    /// <exception cref="ArgumentException">A length or a size does not fit.</exception>
    public static void Sample(ReadOnlySpan<float> picture, int height, int width, int channels, ReadOnlySpan<float> rows, ReadOnlySpan<float> columns, Span<float> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        Check.Length(picture, (long)height * width * channels, nameof(picture));
        Check.Length(columns, rows.Length, nameof(columns));
        Check.Length((ReadOnlySpan<float>)output, (long)rows.Length * channels, nameof(output));
        // A place is clamped to the picture and its upper left pixel to one that has neighbours, so all four reads lie within.
        fixed (float* source = picture, v = rows, u = columns, target = output)
        {
            if (channels == 1)
                SampleGrey(source, height, width, v, u, target, rows.Length);
            else
                SampleChannels(source, height, width, channels, v, u, target, rows.Length);
        }
    }

    private static void SampleGrey(float* source, int height, int width, float* rows, float* columns, float* output, int count)
    {
        for (int i = 0; i < count; i++)
        {
            float y = Math.Clamp(rows[i], 0, height - 1), x = Math.Clamp(columns[i], 0, width - 1);
            int row = Math.Min((int)y, height - 2), column = Math.Min((int)x, width - 2);
            float down = y - row, right = x - column;
            float* upper = source + ((nint)row * width) + column, lower = upper + width;
            float first = upper[0] + (right * (upper[1] - upper[0])), second = lower[0] + (right * (lower[1] - lower[0]));
            output[i] = first + (down * (second - first));
        }
    }

    private static void SampleChannels(float* source, int height, int width, int channels, float* rows, float* columns, float* output, int count)
    {
        for (int i = 0; i < count; i++, output += channels)
        {
            float y = Math.Clamp(rows[i], 0, height - 1), x = Math.Clamp(columns[i], 0, width - 1);
            int row = Math.Min((int)y, height - 2), column = Math.Min((int)x, width - 2);
            float down = y - row, right = x - column;
            float* upper = source + ((((nint)row * width) + column) * channels), lower = upper + ((nint)width * channels);
            for (int channel = 0; channel < channels; channel++)
            {
                float first = upper[channel] + (right * (upper[channel + channels] - upper[channel]));
                float second = lower[channel] + (right * (lower[channel + channels] - lower[channel]));
                output[channel] = first + (down * (second - first));
            }
        }
    }
}
