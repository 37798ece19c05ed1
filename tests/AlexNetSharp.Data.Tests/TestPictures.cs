using SkiaSharp;

namespace AlexNetSharp.Data.Tests;

/// <summary>Makes picture files.</summary>
internal static class TestPictures
{
    public static readonly SKSamplingOptions Nearest = new(SKFilterMode.Nearest);
    public static readonly SKSamplingOptions Smooth = new(SKCubicResampler.CatmullRom);

    /// <summary>A grey picture, [height, width].</summary>
    public static SKBitmap Grey(ReadOnlySpan<byte> grey, int height, int width)
    {
        SKBitmap bitmap = Solid(height, width, SKColors.White);
        Span<byte> rgba = bitmap.GetPixelSpan();
        for (int i = 0; i < grey.Length; i++)
            rgba.Slice(4 * i, 3).Fill(grey[i]);
        return bitmap;
    }

    public static SKBitmap Solid(int height, int width, SKColor color)
    {
        SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(color);
        return bitmap;
    }

    public static SKBitmap Enlarge(SKBitmap bitmap, int factor, SKSamplingOptions sampling) =>
        bitmap.Resize(new SKImageInfo(bitmap.Width * factor, bitmap.Height * factor, SKColorType.Rgba8888, SKAlphaType.Opaque), sampling);

    /// <summary>Each pixel as <paramref name="change"/> makes it of its place and grey level.</summary>
    public static SKBitmap Map(SKBitmap bitmap, Func<int, int, int, double> change)
    {
        SKBitmap result = bitmap.Copy();
        Span<byte> rgba = result.GetPixelSpan();
        for (int i = 0; i < rgba.Length; i += 4)
        {
            double level = change(i / 4 / bitmap.Width, i / 4 % bitmap.Width, rgba[i]);
            rgba.Slice(i, 3).Fill((byte)Math.Clamp(Math.Round(level), 0, 255));
        }
        return result;
    }

    /// <summary>The picture on a larger one of one colour.</summary>
    public static SKBitmap Pad(SKBitmap bitmap, int top, int left, int bottom, int right, byte level)
    {
        SKBitmap result = Solid(bitmap.Height + top + bottom, bitmap.Width + left + right, new SKColor(level, level, level));
        using SKCanvas canvas = new(result);
        canvas.DrawBitmap(bitmap, left, top);
        return result;
    }

    public static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format = SKEncodedImageFormat.Png, int quality = 90)
    {
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    /// <summary>The JPEG file with an EXIF orientation, 1 to 8.</summary>
    public static byte[] WithOrientation(byte[] jpeg, byte orientation)
    {
        // An APP1 segment after the start marker: "Exif", a little-endian TIFF header, and one directory with the tag 0x0112.
        byte[] exif =
        [
            0xff, 0xe1, 0, 34, .. "Exif"u8, 0, 0, .. "II"u8, 42, 0, 8, 0, 0, 0,
            1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0,
        ];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }
}
