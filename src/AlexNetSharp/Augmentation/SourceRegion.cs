using AlexNetSharp.Images;

namespace AlexNetSharp.Augmentation;

/// <summary>The part of a stored picture that an input needs, as numbers from 0 to 255, with what lies around it filled in.</summary>
/// <remarks>Where the picture shrinks to less than two thirds, blocks of pixels are averaged first, so that none is skipped by the sampling after it.</remarks>
internal sealed class SourceRegion
{
    private const int Black = -1;
    private int[] _columns = [];
    private int[] _rows = [];
    private float[] _values = [];

    /// <summary>The first row and column, in blocks.</summary>
    public int Top { get; private set; }

    public int Left { get; private set; }

    public int Height { get; private set; }

    public int Width { get; private set; }

    public int Channels { get; private set; }

    /// <summary>Pixels that a block spans.</summary>
    public int RowBlock { get; private set; }

    public int ColumnBlock { get; private set; }

    /// <summary>Blocks of the whole picture.</summary>
    public int PictureRows { get; private set; }

    public int PictureColumns { get; private set; }

    /// <summary>[height, width, channels].</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Height * Width * Channels);

    /// <summary>Reads what the mapping reaches from an input of that size.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="stored">Its channels.</param>
    /// <param name="channels">Channels wanted: as many, or 1 of 3.</param>
    /// <param name="mapping">From the input to the picture.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    /// <param name="reach">How far, in pixels of the input, places may be displaced on top of that.</param>
    /// <param name="fill">What lies outside.</param>
    public void Read(StoredImage image, int stored, int channels, in PictureMapping mapping, int height, int width, double reach, PictureFill fill)
    {
        Channels = channels;
        ColumnBlock = Block(mapping.XX, mapping.XY);
        RowBlock = Block(mapping.YX, mapping.YY);
        PictureColumns = Blocks(image.Width, ColumnBlock);
        PictureRows = Blocks(image.Height, RowBlock);
        (Left, Width) = Extent(mapping.XX, mapping.XY, mapping.X, height, width, reach, ColumnBlock, PictureColumns, fill);
        (Top, Height) = Extent(mapping.YX, mapping.YY, mapping.Y, height, width, reach, RowBlock, PictureRows, fill);
        Fit(ref _columns, Width);
        Fit(ref _rows, Height);
        Fit(ref _values, checked(Height * Width * channels));
        Places(_columns.AsSpan(0, Width), Left, PictureColumns, fill);
        Places(_rows.AsSpan(0, Height), Top, PictureRows, fill);
        for (int row = 0; row < Height; row++)
        {
            Span<float> target = _values.AsSpan(row * Width * channels, Width * channels);
            if (_rows[row] == Black)
                target.Clear();
            else if (RowBlock == 1 && ColumnBlock == 1)
                ReadRow(image.Pixels.Span.Slice(_rows[row] * image.Width * stored, image.Width * stored), stored, target);
            else
                AverageRow(image, stored, _rows[row], target);
        }
    }

    private static int Block(double across, double down) => Math.Max(1, (int)(Math.Sqrt((across * across) + (down * down)) + 0.5));

    private static int Blocks(int pixels, int block) => (pixels + block - 1) / block;

    private static (int First, int Count) Extent(double perColumn, double perRow, double start, int height, int width, double reach, int block, int count, PictureFill fill)
    {
        double across = perColumn * width, down = perRow * height, more = (Math.Abs(perColumn) + Math.Abs(perRow)) * reach;
        double low = start + Math.Min(0, across) + Math.Min(0, down) - more, high = start + Math.Max(0, across) + Math.Max(0, down) + more;
        int first = (int)Math.Floor((low / block) - 0.5), last = (int)Math.Floor((high / block) - 0.5) + 1;
        if (fill != PictureFill.Reflect)
        {
            // One block around the picture holds what all beyond it do.
            first = Math.Clamp(first, -1, count - 1);
            last = Math.Clamp(last, first + 1, count);
        }
        return (first, last - first + 1);
    }

    private static void Places(Span<int> places, int first, int count, PictureFill fill)
    {
        int period = Math.Max(1, 2 * (count - 1));
        for (int i = 0; i < places.Length; i++)
        {
            int place = first + i;
            if ((uint)place >= (uint)count)
            {
                int folded = ((place % period) + period) % period;
                place = fill switch
                {
                    PictureFill.Black => Black,
                    PictureFill.Edge => Math.Clamp(place, 0, count - 1),
                    _ => Math.Min(folded < count ? folded : period - folded, count - 1),
                };
            }
            places[i] = place;
        }
    }

    private static void Fit<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[length];
    }

    private void ReadRow(ReadOnlySpan<byte> source, int stored, Span<float> target)
    {
        // Most places are pixels side by side; what lies outside of the picture is on either side of them, or all there is.
        int first = Math.Clamp(-Left, 0, Width), end = Math.Clamp(PictureColumns - Left, first, Width);
        ReadPlaces(source, stored, target, 0, first);
        if (end > first)
            ReadPixels(source[((Left + first) * stored)..((Left + end) * stored)], stored, target[(first * Channels)..(end * Channels)]);
        ReadPlaces(source, stored, target, end, Width);
    }

    private void ReadPixels(ReadOnlySpan<byte> bytes, int stored, Span<float> target)
    {
        if (stored == Channels)
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = bytes[i];
            return;
        }
        for (int i = 0; i < target.Length; i++)
            target[i] = Luma.Of(bytes[i * stored], bytes[(i * stored) + 1], bytes[(i * stored) + 2]);
    }

    private void ReadPlaces(ReadOnlySpan<byte> source, int stored, Span<float> target, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            Span<float> pixel = target.Slice(i * Channels, Channels);
            if (_columns[i] == Black)
            {
                pixel.Clear();
                continue;
            }
            ReadPixels(source.Slice(_columns[i] * stored, stored), stored, pixel);
        }
    }

    private void AverageRow(StoredImage image, int stored, int block, Span<float> target)
    {
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        int top = block * RowBlock, bottom = Math.Min(image.Height, top + RowBlock);
        Span<long> sums = stackalloc long[stored];
        for (int i = 0; i < Width; i++)
        {
            Span<float> pixel = target.Slice(i * Channels, Channels);
            if (_columns[i] == Black)
            {
                pixel.Clear();
                continue;
            }
            int left = _columns[i] * ColumnBlock, right = Math.Min(image.Width, left + ColumnBlock);
            sums.Clear();
            for (int row = top; row < bottom; row++)
            {
                ReadOnlySpan<byte> bytes = pixels.Slice(((row * image.Width) + left) * stored, (right - left) * stored);
                for (int at = 0; at < bytes.Length; at += stored)
                {
                    for (int channel = 0; channel < sums.Length; channel++)
                        sums[channel] += bytes[at + channel];
                }
            }
            double count = (bottom - top) * (right - left);
            if (stored != Channels)
            {
                pixel[0] = Luma.Of((float)(sums[0] / count), (float)(sums[1] / count), (float)(sums[2] / count));
                continue;
            }
            for (int channel = 0; channel < sums.Length; channel++)
                pixel[channel] = (float)(sums[channel] / count);
        }
    }
}
