using System.Runtime.CompilerServices;

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
    /// <param name="rows">[n], in pixels: 0 is the first row's centre. Places outside of the picture are moved to its edge; NaN is 0.</param>
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
        // A place is moved into the picture, also one that is no number, and its upper left pixel to one that has neighbours: all four reads lie within.
        fixed (float* source = picture, v = rows, u = columns, target = output)
        {
            switch (channels)
            {
                case 1:
                    SampleGrey(source, height, width, v, u, target, rows.Length);
                    break;
                case 3:
                    SampleColors(source, height, width, v, u, target, rows.Length);
                    break;
                default:
                    SampleChannels(source, height, width, channels, v, u, target, rows.Length);
                    break;
            }
        }
    }

    private static void SampleGrey(float* source, int height, int width, float* rows, float* columns, float* output, int count)
    {
        for (int i = 0; i < count; i++)
        {
            (int row, float down) = Place(rows[i], height);
            (int column, float right) = Place(columns[i], width);
            float* upper = source + ((nint)row * width) + column;
            output[i] = Between(upper, 1, width, right, down);
        }
    }

    private static void SampleColors(float* source, int height, int width, float* rows, float* columns, float* output, int count)
    {
        const int Channels = 3;
        nint below = (nint)width * Channels;
        for (int i = 0; i < count; i++, output += Channels)
        {
            (int row, float down) = Place(rows[i], height);
            (int column, float right) = Place(columns[i], width);
            float* upper = source + (row * below) + (column * Channels);
            output[0] = Between(upper, Channels, below, right, down);
            output[1] = Between(upper + 1, Channels, below, right, down);
            output[2] = Between(upper + 2, Channels, below, right, down);
        }
    }

    private static void SampleChannels(float* source, int height, int width, int channels, float* rows, float* columns, float* output, int count)
    {
        nint below = (nint)width * channels;
        for (int i = 0; i < count; i++, output += channels)
        {
            (int row, float down) = Place(rows[i], height);
            (int column, float right) = Place(columns[i], width);
            float* upper = source + (row * below) + ((nint)column * channels);
            for (int channel = 0; channel < channels; channel++)
                output[channel] = Between(upper + channel, channels, below, right, down);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Pixel, float Fraction) Place(float place, int count)
    {
        float within = place > 0 ? Math.Min(place, count - 1) : 0;
        int pixel = Math.Min((int)within, count - 2);
        return (pixel, within - pixel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Between(float* upper, nint next, nint below, float right, float down)
    {
        float* lower = upper + below;
        float first = upper[0] + (right * (upper[next] - upper[0])), second = lower[0] + (right * (lower[next] - lower[0]));
        return first + (down * (second - first));
    }
}
