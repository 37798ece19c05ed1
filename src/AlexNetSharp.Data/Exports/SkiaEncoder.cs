using AlexNetSharp.Images;
using SkiaSharp;

namespace AlexNetSharp.Data;

/// <summary>Encodes pictures as PNG: 8 bits, grey or RGB, without a colour profile, so that the same bytes come back.</summary>
internal static unsafe class SkiaEncoder
{
    private const int CompressionLevel = 6;

    public static byte[] EncodePng(StoredImage image, int channels)
    {
        SKPngEncoderOptions options = new(SKPngEncoderFilterFlags.AllFilters, CompressionLevel);
        if (channels == 1)
            return Encode(image.Pixels.Span, new SKImageInfo(image.Width, image.Height, SKColorType.Gray8, SKAlphaType.Opaque), options);
        ReadOnlySpan<byte> rgb = image.Pixels.Span;
        byte[] rgbx = new byte[checked(image.Width * image.Height * 4)];
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            rgb.Slice(from, 3).CopyTo(rgbx.AsSpan(to));
            rgbx[to + 3] = byte.MaxValue;
        }
        return Encode(rgbx, new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), options);
    }

    private static byte[] Encode(ReadOnlySpan<byte> pixels, SKImageInfo info, SKPngEncoderOptions options)
    {
        fixed (byte* start = pixels)
        {
            using SKPixmap pixmap = new(info, (nint)start);
            using SKData data = pixmap.Encode(options) ?? throw new InvalidOperationException($"The encoder refused a picture of {info.Height}x{info.Width}.");
            return data.ToArray();
        }
    }
}
