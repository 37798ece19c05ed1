using AlexNetSharp.Images;

namespace AlexNetSharp.Inspection;

/// <summary>Many small pictures of one size as a large one: side by side, row by row, enlarged by a whole factor, with a narrow gap between them.</summary>
internal static class Mosaic
{
    // Enlarged as long as the whole stays about this wide, which fits a screen and a page.
    private const int ReadableWidth = 800;

    private const int LargestScale = 48;

    // So few stand in one row, as the logits of ten classes do.
    private const int LargestRow = 10;

    private const int Colors = 3;

    // Dark enough not to be taken for content, light enough to part what is black.
    private const byte GapLevel = 56;

    /// <summary>Draws the mosaic.</summary>
    /// <param name="count">Tiles, at least 1.</param>
    /// <param name="height">Rows of a tile.</param>
    /// <param name="width">Columns of a tile.</param>
    /// <param name="color">The colour of a tile's pixel, by tile, row and column.</param>
    /// <returns>RGB.</returns>
    public static StoredImage Draw(int count, int height, int width, Func<int, int, int, (byte Red, byte Green, byte Blue)> color)
    {
        int columns = Columns(count), rows = (count + columns - 1) / columns;
        int scale = Math.Clamp(ReadableWidth / (columns * Math.Max(height, width)), 1, LargestScale);
        int gap = Math.Clamp(scale * width / 12, 1, 6);
        int across = (columns * ((width * scale) + gap)) + gap, down = (rows * ((height * scale) + gap)) + gap;
        byte[] pixels = new byte[checked(across * down * Colors)];
        pixels.AsSpan().Fill(GapLevel);
        for (int tile = 0; tile < count; tile++)
        {
            int top = gap + (tile / columns * ((height * scale) + gap)), left = gap + (tile % columns * ((width * scale) + gap));
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    (byte red, byte green, byte blue) = color(tile, y, x);
                    for (int row = 0; row < scale; row++)
                    {
                        Span<byte> run = pixels.AsSpan((((top + (y * scale) + row) * across) + left + (x * scale)) * Colors, scale * Colors);
                        for (int i = 0; i < run.Length; i += Colors)
                            (run[i], run[i + 1], run[i + 2]) = (red, green, blue);
                    }
                }
            }
        }
        return new StoredImage(down, across, pixels);
    }

    // A full rectangle, as near to a square as there is; where none is near, a square whose last row is not full.
    private static int Columns(int count)
    {
        if (count <= LargestRow)
            return count;
        int square = (int)Math.Ceiling(Math.Sqrt(count));
        return Enumerable.Range(square, square).FirstOrDefault(columns => count % columns == 0, square);
    }
}
