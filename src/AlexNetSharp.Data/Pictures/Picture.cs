using AlexNetSharp.Images;

namespace AlexNetSharp.Data;

/// <summary>A decoded picture: upright, opaque, 8-bit sRGB.</summary>
public sealed class Picture
{
    private readonly ReadOnlyMemory<byte> _rgb;

    /// <summary>Wraps pixels without copying them.</summary>
    /// <param name="name">What errors call the picture.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="rgb">[height, width, 3].</param>
    /// <exception cref="ArgumentException">A size is below one, or the length is not theirs.</exception>
    public Picture(string name, int height, int width, ReadOnlyMemory<byte> rgb)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (rgb.Length != (long)height * width * 3)
            throw new ArgumentException($"'{name}': {rgb.Length} bytes, but {height}x{width} pixels of RGB need {(long)height * width * 3}.", nameof(rgb));
        Name = name;
        Height = height;
        Width = width;
        _rgb = rgb;
    }

    /// <summary>What errors call the picture.</summary>
    public string Name { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>The pixels, [height, width, 3].</summary>
    public ReadOnlySpan<byte> Rgb => _rgb.Span;

    /// <summary>The picture at another size and nothing else done to it: no inversion, no crop, the aspect ratio not kept.</summary>
    /// <remarks>Areas are averaged where the picture shrinks; it is interpolated linearly where it grows.</remarks>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="channels">3 for RGB, or 1 for grey: Rec. 601 luma, 0.299 R + 0.587 G + 0.114 B.</param>
    /// <returns>[height, width, channels], 0 to 1, as a model takes it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is below one, or there are neither 1 nor 3 channels.</exception>
    public float[] Resize(int height, int width, int channels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, $"'{Name}': a picture becomes 1 channel (grey) or 3 (RGB), not {channels}. Use a model with such an input.");
        return Resampler.Resize(new RowReader(ReadRow), Height, Width, height, width, channels);
    }

    /// <summary>The picture as a set of training pictures would hold it: the pixels themselves, or their luma.</summary>
    internal StoredImage ToStored(int channels)
    {
        if (channels != 1)
            return new StoredImage(Height, Width, _rgb);
        byte[] grey = GC.AllocateUninitializedArray<byte>(Height * Width);
        ReadOnlySpan<byte> rgb = Rgb;
        for (int i = 0; i < grey.Length; i++)
            grey[i] = Luma(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]);
        return new StoredImage(Height, Width, grey);
    }

    /// <summary>Rec. 601 luma in whole numbers, so that a grey picture keeps its levels exactly.</summary>
    internal static byte Luma(int red, int green, int blue) => (byte)(((299 * red) + (587 * green) + (114 * blue) + 500) / 1000);

    /// <summary>Writes row <paramref name="y"/> as grey where the span has room for one channel, else as RGB, 0 to 1.</summary>
    private void ReadRow(int y, Span<float> row)
    {
        ReadOnlySpan<byte> rgb = Rgb.Slice(y * Width * 3, Width * 3);
        if (row.Length == rgb.Length)
        {
            for (int i = 0; i < row.Length; i++)
                row[i] = rgb[i] / 255f;
            return;
        }
        for (int x = 0; x < row.Length; x++)
        {
            // In whole numbers, so that a grey picture keeps its levels exactly.
            int luma = 299 * rgb[3 * x] + 587 * rgb[3 * x + 1] + 114 * rgb[3 * x + 2];
            row[x] = luma / 255_000f;
        }
    }
}
